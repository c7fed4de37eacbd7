import type { Feature } from '../feature.ts';
import type { History } from '../history.ts';
import { WINDOWS } from '../windows.ts';

type Measure = 'count' | 'activeDays' | 'activeWeeks';

/** What the last year amounts to per window, as the partner's own baseline. */
const perYear = (measure: Measure, days: number) => (history: History) => {
  const year = history[measure]('qualifying', 365);
  return year === null ? null : (year * days) / 365;
};

function windowed(measure: Measure, prefix: string, words: string, unit: Feature['unit'], days: number): Feature {
  return {
    name: `${prefix}_${days}d`,
    unit,
    topic: 'volume',
    description: `${words} of the last ${days} days.`,
    reason: {
      high: ({ number, usual, peers }) => `${words}: ${number} in ${days} days (own usual ${usual}, peers ${peers})`,
      low: ({ number, usual, peers }) => `${words}: ${number} in ${days} days (own usual ${usual}, peers ${peers})`,
    },
    clears: 'a return to its usual activity',
    compute: (history) => history[measure]('qualifying', days),
    usual: perYear(measure, days),
  };
}

/** How much business a partner did lately: events, and days and weeks with any. */
export const volume: readonly Feature[] = [
  ...WINDOWS.map((days) => windowed('count', 'events', 'Qualifying events', 'events', days)),
  ...WINDOWS.map((days) => windowed('activeDays', 'active_days', 'Days with business', 'days', days)),
  ...WINDOWS.map((days) => windowed('activeWeeks', 'active_weeks', 'Weeks with business', 'weeks', days)),
  {
    name: 'events_ever',
    unit: 'events',
    topic: 'standing',
    description: 'Qualifying events on record since the partner began.',
    reason: {
      high: ({ value, peers }) => `A long record: ${value} qualifying events (peers ${peers})`,
      low: ({ value, peers }) => `A short record: ${value} qualifying events (peers ${peers})`,
    },
    compute: (history) => history.countEver('qualifying'),
  },
];
