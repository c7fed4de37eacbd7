import type { Feature } from '../feature.ts';

function visits(days: number): Feature {
  return {
    name: `portal_events_${days}d`,
    unit: 'events',
    topic: 'portal',
    description: `Portal logins and content views and downloads of the last ${days} days.`,
    reason: {
      high: ({ number, usual, peers }) => `Portal use: ${number} in ${days} days (own usual ${usual}, peers ${peers})`,
      low: ({ value, usual, peers }) => `Portal use: ${value} in ${days} days (own usual ${usual}, peers ${peers})`,
    },
    clears: 'a return to the portal',
    compute: (history) => history.count('portal', days),
    usual(history) {
      const year = history.count('portal', 365);
      return year === null ? null : (year * days) / 365;
    },
  };
}

/** Use of the partner portal, where it is tracked: many good partners work without it. */
export const portal: readonly Feature[] = [
  visits(30),
  visits(90),
  {
    name: 'portal_trend_30d',
    unit: 'ratio',
    topic: 'portal',
    description: 'Portal events of the last 30 days over a third of those of the 90 days before.',
    reason: {
      high: ({ value, peers }) => `Portal use rising: ${value} times the months before (peers ${peers})`,
      low: ({ value, peers }) => `Portal use falling: ${value} times the months before (peers ${peers})`,
    },
    clears: 'a return to the portal',
    compute(history) {
      const now = history.count('portal', 30);
      const before = history.count('portal', 120, 30);
      return now === null || before === null ? null : (now + 0.5) / (before / 3 + 0.5);
    },
  },
];
