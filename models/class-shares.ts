import type { ClassSet } from './classes.ts';
import { uncertain } from './estimator.ts';
import { softmax } from './multinomial.ts';

/** How many rows of a set each class has. */
export function classRows({ outcomes, classes }: ClassSet): Float64Array {
  const rows = new Float64Array(classes.length);
  for (const outcome of outcomes) rows[outcome]++;
  return rows;
}

/** The share of each class among the rows of a set, strictly between 0 and 1: what has not been seen is not impossible. */
export function classShares(set: ClassSet): Float64Array {
  return sharesOf(classRows(set));
}

/** What numbers are of their sum, strictly between 0 and 1, together 1. */
export function sharesOf(numbers: Float64Array): Float64Array {
  const all = numbers.reduce((sum, each) => sum + each, 0);
  const shares = numbers.map((each) => uncertain(each / all));
  const total = shares.reduce((sum, each) => sum + each, 0);
  return shares.map((share) => share / total);
}

/** Scores that differ as the logarithms of some shares do, and are 0 on average (the centred log-ratio). */
export function centredLogs(shares: ArrayLike<number>): Float64Array {
  return centred(Float64Array.from(shares, Math.log));
}

/** Numbers less their mean. */
export function centred(numbers: Float64Array): Float64Array {
  const mean = numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  return numbers.map((each) => each - mean);
}

/** Probabilities of every row by the scores of its classes, per class one per row; none is quite 0 or 1. */
export function probabilitiesOf(scores: readonly Float64Array[]): Float64Array[] {
  const said = softmax(scores).map((ofClass) => ofClass.map(uncertain));
  const totals = said[0].map((_, row) => said.reduce((sum, ofClass) => sum + ofClass[row], 0));
  return said.map((ofClass) => ofClass.map((probability, row) => probability / totals[row]));
}
