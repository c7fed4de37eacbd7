import { hasBothClasses } from '../folds.ts';
import type { TrainingSet } from '../training-set.ts';

/** @throws RangeError saying what is missing when there is nothing to tell apart */
export function requireBothClasses(set: TrainingSet, estimator: string): void {
  if (hasBothClasses(set)) return;
  const found = set.outcomes.length === 0 ? 'no rows' : `only outcome ${set.outcomes[0]}`;
  throw new RangeError(`${estimator} needs rows with and without the outcome to learn from, and found ${found}`);
}
