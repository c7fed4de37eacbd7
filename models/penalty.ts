import { rollingOrigin } from './folds.ts';
import type { LabelledRows } from './training-set.ts';

/** Strong to weak is tried in this order, so that each solution starts the next. */
const PENALTIES = [1000, 300, 100, 30, 10, 3] as const;
const FOLDS = 3;
const CHECKED_SHARE = 0.5;
/** Without enough past to choose a penalty, a strong one does the least harm. */
const CAUTIOUS_PENALTY = 100;

/** More rows than these tell penalties no better apart: what a weight should cost does not depend on how many there are. */
export const ENOUGH_ROWS = 20_000;
/** Close enough to tell penalties apart. */
export const CHOICE_TOLERANCE = 1e-6;

/**
 * Which of some penalties, at what was learnt from a set's earlier rows, later rows lose least by: rolling origin.
 * @param losses what the rows to check lose, one number per penalty, the strongest first
 */
export function choosePenalty<Rows extends LabelledRows>(
  set: Rows,
  losses: (learn: Rows, check: Rows, penalties: readonly number[]) => readonly number[],
): number {
  const folds = rollingOrigin(set, FOLDS, CHECKED_SHARE);
  if (folds.length === 0) return CAUTIOUS_PENALTY;
  const totals = new Float64Array(PENALTIES.length);
  for (const { learn, check } of folds) {
    losses(learn, check, PENALTIES).forEach((loss, i) => {
      totals[i] += loss;
    });
  }
  return PENALTIES[totals.indexOf(Math.min(...totals))];
}
