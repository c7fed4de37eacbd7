import type { JudgedRanking } from './judge.ts';

/** Whether a ranking is worth anything. */
export interface Verdict {
  verdict: 'usable' | 'weak' | 'none';
  /** In a sentence or two, with the interval. */
  says: string;
}

/** A ranking that parts a pair in less than this share of cases is hardly better than a coin, */
const WEAK_AUC = 0.65;
/** and one that may part no more than this might be found hardly better on other companies. */
const LEAST_AUC = 0.6;

interface Counts {
  rows: number;
  positives: number;
  k: number;
}

/**
 * Judges a champion: `none` where its AUC may be that of a coin, `weak` where it is not much more or may not be much more
 * (the low end of its interval), `usable` else; and whether a rival that needs no model does as well.
 */
export function judgeLikeness(
  { contenders, rivals }: { contenders: readonly JudgedRanking[]; rivals: readonly JudgedRanking[] },
  champion: string,
  counts: Counts,
): Verdict {
  const best = contenders.find(({ name }) => name === champion) as JudgedRanking;
  const { auc, lift_at_k: lift } = best;
  const told = `AUC ${range(auc, 2)}, ${range(lift, 1)} times as many as by chance among the first ${counts.k}`;
  const from = `learnt from ${counts.positives} of ${counts.rows} rows`;
  if (!(auc.low > 0.5)) {
    return {
      verdict: 'none',
      says: `It cannot be predicted from this: ${champion} does no better than chance (${told}; ${from}).`,
    };
  }
  const rival = rivals.reduce((a, b) => (b.average_precision.value > a.average_precision.value ? b : a));
  const beside =
    rival.behind.low > 0
      ? `It finds more than ${rival.name}, the best of those that need no model.`
      : `A simple rule, ${rival.name}, may do as well, and needs no model.`;
  return auc.value < WEAK_AUC || auc.low < LEAST_AUC
    ? {
        verdict: 'weak',
        says: `It is hardly predictable from this: ${champion} is better than chance, though not by much for sure (${told}; ${from}). ${beside}`,
      }
    : { verdict: 'usable', says: `It is predictable from this, best by ${champion}: ${told}; ${from}. ${beside}` };
}

function range({ value, low, high }: { value: number; low: number; high: number }, digits: number): string {
  return `${value.toFixed(digits)} (95 % ${low.toFixed(digits)}–${high.toFixed(digits)})`;
}
