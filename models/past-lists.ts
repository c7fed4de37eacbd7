import { column, type FeatureTable, type Instant, rowsByCutoff } from '../features/index.ts';
import { reviewList } from './review-list.ts';
import { type FirstBy, QUIETEST } from './scoring-model.ts';

/** The list of one past cutoff, as places in a table. */
export interface PastList {
  cutoff: Instant;
  /** Everyone at risk. */
  rows: readonly number[];
  /** Whom the team would have called, the most probable first. */
  listed: readonly number[];
  /** As many calls by the rule a team has for free: the quietest first, for churn. */
  quietest: readonly number[];
}

/**
 * The lists of a table's cutoffs, in order of time.
 * @param probabilities one per row, said without knowledge of what came after
 * @param atLeast the probability a partner needs to be listed
 * @param capacity most places of a list
 * @param rule whom a team would call first without any model
 */
export function pastLists(
  table: FeatureTable,
  probabilities: ArrayLike<number>,
  atLeast: number,
  capacity: number,
  rule: FirstBy = QUIETEST,
): PastList[] {
  const order = orderBy(table, rule);
  return Array.from(rowsByCutoff(table), ([cutoff, rows]) => {
    const best = (values: ArrayLike<number>, least: number, most: number) =>
      reviewList(
        rows.map((row) => values[row]),
        least,
        most,
      ).map((place) => rows[place]);
    const listed = best(probabilities, atLeast, capacity);
    return { cutoff, rows, listed, quietest: best(order, Number.NEGATIVE_INFINITY, listed.length) };
  });
}

/** Higher comes first; what is unknown comes last. */
export function orderBy(table: FeatureTable, { feature, first }: FirstBy): Float64Array {
  const sign = first === 'highest' ? 1 : -1;
  return Float64Array.from(column(table, feature), (value) => (Number.isNaN(value) ? -1e12 : sign * value));
}

/** The share of some rows to whom the outcome happened, 0 to 1; NaN when none of them weighs anything. */
export function share(rows: readonly number[], outcomes: Uint8Array, weights?: ArrayLike<number>): number {
  let hits = 0;
  let total = 0;
  for (const row of rows) {
    const weight = weights ? weights[row] : 1;
    hits += weight * outcomes[row];
    total += weight;
  }
  return hits / total;
}
