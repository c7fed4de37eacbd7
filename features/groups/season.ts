import type { Feature } from '../feature.ts';

/** What the same time of year brought: partners that are quiet on a known cycle are no news. */
export const season: readonly Feature[] = [
  {
    name: 'season_ahead_90d',
    unit: 'events',
    topic: 'season',
    description: 'Qualifying events in the 90 days that followed this day a year ago.',
    reason: {
      high: ({ value, peers }) => `Busy in the coming quarter last year: ${value} (peers ${peers})`,
      low: ({ value, peers }) => `Quiet in the coming quarter last year: ${value} (peers ${peers})`,
    },
    compute: (history) => history.count('qualifying', 365, 275),
  },
  {
    name: 'season_change_90d',
    unit: 'ratio',
    topic: 'season',
    description: 'Qualifying events of the last 90 days over those of the same 90 days a year ago.',
    reason: {
      high: ({ value, peers }) => `Up on the same season last year: ${value} times (peers ${peers})`,
      low: ({ value, peers }) => `Down on the same season last year: ${value} times (peers ${peers})`,
    },
    clears: 'activity as in the same season last year',
    compute(history) {
      const now = history.count('qualifying', 90);
      const then = history.count('qualifying', 455, 365);
      return now === null || then === null ? null : (now + 0.5) / (then + 0.5);
    },
  },
];
