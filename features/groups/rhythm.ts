import type { Feature } from '../feature.ts';
import type { History } from '../history.ts';

const OWN_MEDIAN = (history: History) => history.gaps('qualifying')?.median ?? null;

function quietAgainst(name: string, own: 'mean' | 'median' | 'longest', words: string): Feature {
  return {
    name,
    unit: 'ratio',
    topic: 'quiet',
    description: `Days since the last qualifying event over the partner's own ${words} gap between active days.`,
    reason: {
      high: ({ value, peers }) => `Quiet for ${value} times its own ${words} gap (peers ${peers})`,
      low: ({ value, peers }) => `Within its own rhythm: ${value} times its ${words} gap (peers ${peers})`,
    },
    clears: 'one qualifying event',
    compute(history) {
      const recency = history.recency('qualifying');
      const gaps = history.gaps('qualifying');
      return recency === null || gaps === null ? null : recency / gaps[own];
    },
  };
}

function ownGap(name: string, own: 'mean' | 'median' | 'longest', words: string): Feature {
  return {
    name,
    unit: 'days',
    topic: 'cadence',
    description: `The partner's ${words} gap between days with a qualifying event, over all its history.`,
    reason: {
      high: ({ value, peers }) => `Rarely active: ${words} gap ${value} (peers ${peers})`,
      low: ({ value, peers }) => `Often active: ${words} gap ${value} (peers ${peers})`,
    },
    compute: (history) => history.gaps('qualifying')?.[own] ?? null,
  };
}

/** How long a partner has been quiet, and how that compares with its own habit. */
export const rhythm: readonly Feature[] = [
  {
    name: 'recency_days',
    unit: 'days',
    topic: 'quiet',
    description: 'Days since the last qualifying event.',
    reason: {
      high: ({ value, usual, peers }) => `No business for ${value} (own usual gap ${usual}, peers ${peers})`,
      low: ({ value, peers }) => `Did business ${value} ago (peers ${peers})`,
    },
    clears: 'one qualifying event',
    compute: (history) => history.recency('qualifying'),
    usual: OWN_MEDIAN,
  },
  {
    name: 'life_recency_days',
    unit: 'days',
    topic: 'quiet',
    description: 'Days since the last sign of life of any kind, logins included.',
    reason: {
      high: ({ value, peers }) => `No sign of life for ${value} (peers ${peers})`,
      low: ({ value, peers }) => `Last sign of life ${value} ago (peers ${peers})`,
    },
    clears: 'any sign of life',
    compute: (history) => history.recency('life'),
    usual: (history) => history.gaps('life')?.median ?? null,
  },
  quietAgainst('recency_to_gap_mean', 'mean', 'mean'),
  quietAgainst('recency_to_gap_median', 'median', 'median'),
  quietAgainst('recency_to_gap_longest', 'longest', 'longest'),
  ownGap('gap_mean_days', 'mean', 'mean'),
  ownGap('gap_median_days', 'median', 'median'),
  ownGap('gap_longest_days', 'longest', 'longest'),
];
