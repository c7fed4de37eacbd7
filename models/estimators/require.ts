import { type FeatureTable, formatDay } from '../../features/index.ts';
import type { ClassSet } from '../classes.ts';
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
  requireFinite(set.table, estimator);
}

/**
 * What every estimator of several classes asks of a set.
 * @throws RangeError when there are fewer than two classes, an outcome is none of them, one has no rows, or where a
 * number is infinite
 */
export function requireEveryClass({ table, outcomes, classes }: ClassSet, estimator: string): void {
  if (classes.length < 2)
    throw new RangeError(`${estimator} needs two classes or more, and was given ${classes.length}`);
  const rows = new Array<number>(classes.length).fill(0);
  outcomes.forEach((outcome, row) => {
    if (outcome >= classes.length) {
      throw new RangeError(
        `${estimator} was given ${classes.length} classes, numbered from 0, and found outcome ${outcome} of ` +
          `${table.entities[row]} as of ${formatDay(table.cutoffs[row])}`,
      );
    }
    rows[outcome]++;
  });
  if (rows.includes(0)) {
    const found = classes.map((name, k) => `${rows[k]} of ${name}`).join(', ');
    throw new RangeError(
      `${estimator} needs rows of every class to learn from, and found ${found}; learn from more cutoffs or fewer classes`,
    );
  }
  requireFinite(table, estimator);
}

function requireFinite({ names, columns, entities, cutoffs }: FeatureTable, estimator: string): void {
  columns.forEach((values, i) => {
    const row = firstInfinite(values);
    if (row < 0) return;
    throw new RangeError(
      `${estimator} needs finite numbers or unknown ones, and found ${values[row]} in ${names[i]} of ${entities[row]} ` +
        `as of ${formatDay(cutoffs[row])}`,
    );
  });
}

/** Where the first infinite number stands, −1 where there is none; a loop, as a call per cell takes as long as binning. */
function firstInfinite(values: Float32Array): number {
  for (let row = 0; row < values.length; row++) if (Math.abs(values[row]) === Number.POSITIVE_INFINITY) return row;
  return -1;
}
