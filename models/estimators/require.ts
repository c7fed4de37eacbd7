import { formatDay } from '../../features/index.ts';
import { hasBothClasses } from '../folds.ts';
import type { TrainingSet } from '../training-set.ts';

/**
 * What every estimator asks of a set. What is unknown, constant or more than there are rows, estimators can bear.
 * @throws RangeError saying what is missing when there is nothing to tell apart, or where a number is infinite
 */
export function requireLearnable(set: TrainingSet, estimator: string): void {
  if (!hasBothClasses(set)) {
    const found = set.outcomes.length === 0 ? 'no rows' : `only outcome ${set.outcomes[0]}`;
    throw new RangeError(`${estimator} needs rows with and without the outcome to learn from, and found ${found}`);
  }
  const { names, columns, entities, cutoffs } = set.table;
  columns.forEach((values, i) => {
    const row = values.findIndex((value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY);
    if (row < 0) return;
    throw new RangeError(
      `${estimator} needs finite numbers or unknown ones, and found ${values[row]} in ${names[i]} of ${entities[row]} ` +
        `as of ${formatDay(cutoffs[row])}`,
    );
  });
}
