import type { Feature } from '../feature.ts';
import type { History } from '../history.ts';

/** Half an event on both sides keeps a ratio of small counts finite and near 1. */
const HALF = 0.5;

function ratio(history: History, recent: number, back: number): number | null {
  const now = history.count('qualifying', recent);
  const before = history.count('qualifying', recent + back, recent);
  if (now === null || before === null) return null;
  return (now + HALF) / ((before * recent) / back + HALF);
}

function change(recent: number, back: number): Feature {
  return {
    name: `trend_${recent}d_to_prior_${back}d`,
    unit: 'ratio',
    topic: 'trend',
    description: `Qualifying events of the last ${recent} days over what the ${back} days before would lead to expect.`,
    reason: {
      high: ({ value, peers }) => `Rising: ${value} times what the prior ${back} days led to expect (peers ${peers})`,
      low: ({ value, peers }) => `Falling: ${value} times what the prior ${back} days led to expect (peers ${peers})`,
    },
    clears: 'a return to its usual activity',
    compute: (history) => ratio(history, recent, back),
  };
}

/** Where a partner is heading: recent activity against its own past. */
export const trend: readonly Feature[] = [
  change(30, 60),
  change(30, 150),
  change(90, 90),
  change(90, 275),
  change(180, 185),
];
