import { TheilSenRegression } from 'ml-regression';
import type { ChangePoint } from '../change-point.ts';
import type { Feature } from '../feature.ts';
import type { History } from '../history.ts';

/** Half an event on both sides keeps a ratio of small counts finite and near 1. */
const HALF = 0.5;
const MONTHS = 12;
const MONTH = 30;
const MONTH_NUMBERS = Array.from({ length: MONTHS }, (_, i) => i);
const WEEKS = 52;
/** A level needs four weeks to be one. */
const LEAST_WEEKS = 4;

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

/**
 * The robust slope of the last twelve months as a share of their mean: one odd month does not turn it.
 * Source: Theil 1950, Sen 1968 (median of the slopes between all pairs).
 */
function slope(history: History, group: 'qualifying' | 'life'): number | null {
  if (history.count(group, MONTHS * MONTH) === null) return null;
  const counts = history.blocks(group, MONTH, MONTHS);
  const mean = counts.reduce((sum, count) => sum + count, 0) / MONTHS;
  return mean === 0 ? null : new TheilSenRegression(MONTH_NUMBERS, counts).slope / mean;
}

function slopeOf(name: string, group: 'qualifying' | 'life', words: string): Feature {
  return {
    name,
    unit: 'ratio',
    topic: 'trend',
    description: `Robust monthly slope (Theil–Sen) of ${words} over the last ${MONTHS} months, over their mean; 0 is level.`,
    reason: {
      high: ({ value, peers }) =>
        `A year's trend of ${words} upward: ${value} of a month's mean per month (peers ${peers})`,
      low: ({ value, peers }) =>
        `A year's trend of ${words} downward: ${value} of a month's mean per month (peers ${peers})`,
    },
    clears: 'a return to its usual activity',
    compute: (history) => slope(history, group),
  };
}

function yearsChange(history: History): ChangePoint | null {
  return history.levelChange('qualifying', WEEKS, LEAST_WEEKS);
}

/** Where a partner is heading: recent activity against its own past. */
export const trend: readonly Feature[] = [
  change(30, 60),
  change(30, 150),
  change(90, 90),
  change(90, 275),
  change(180, 185),
  slopeOf('slope_12m', 'qualifying', 'business'),
  slopeOf('life_slope_12m', 'life', 'signs of life'),
  {
    name: 'level_change_52w',
    unit: 'ratio',
    topic: 'level',
    description:
      'Level of weekly business after the likeliest change of level in the last 52 weeks over that before it.',
    reason: {
      high: ({ value, peers }) => `Business stepped up to ${value} times its level within the year (peers ${peers})`,
      low: ({ value, peers }) => `Business stepped down to ${value} times its level within the year (peers ${peers})`,
    },
    clears: 'a return to its usual activity',
    compute: (history) => yearsChange(history)?.ratio ?? null,
  },
  {
    name: 'level_change_evidence_52w',
    unit: 'score',
    topic: 'level',
    description:
      'How clear that change is: twice the log-likelihood ratio; chance alone gets above 10 in one case of forty.',
    reason: {
      high: ({ value, peers }) => `A clear change of level within the year (evidence ${value}, peers ${peers})`,
      low: ({ value, peers }) => `No clear change of level within the year (evidence ${value}, peers ${peers})`,
    },
    compute: (history) => yearsChange(history)?.evidence ?? null,
  },
  {
    name: 'level_change_weeks',
    unit: 'weeks',
    topic: 'level',
    description: 'Weeks since that change.',
    reason: {
      high: ({ value, peers }) => `Its level last changed ${value} ago (peers ${peers})`,
      low: ({ value, peers }) => `Its level changed only ${value} ago (peers ${peers})`,
    },
    compute: (history) => yearsChange(history)?.after ?? null,
  },
];
