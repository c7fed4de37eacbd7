import { column, type FeatureTable, rowCount } from '../features/index.ts';
import type { Explanations } from './estimator.ts';
import { sigmoid } from './newton.ts';
import { design, type Term, termValue } from './terms.ts';

/** Log-odds that are a sum: the intercept, and a weight for every term. */
export interface LogOddsLine {
  terms: readonly Term[];
  /** One per term. */
  weights: Float64Array;
  intercept: number;
}

/** Probabilities in (0, 1), one per row. */
export function predictByLine({ terms, weights, intercept }: LogOddsLine, table: FeatureTable): Float64Array {
  const logOdds = new Float64Array(rowCount(table)).fill(intercept);
  design(table, terms).forEach((values, j) => {
    for (let row = 0; row < logOdds.length; row++) logOdds[row] += weights[j] * values[row];
  });
  return logOdds.map(sigmoid);
}

/** What each feature adds to the log-odds of some rows: weight times distance from the mean. */
export function explainByLine(
  { terms, weights, intercept }: LogOddsLine,
  table: FeatureTable,
  rows: readonly number[],
): Explanations {
  const features = [...new Set(terms.map(({ feature }) => feature))];
  const contributions = rows.map(() => new Float64Array(features.length));
  terms.forEach((term, j) => {
    const [values, place] = [column(table, term.feature), features.indexOf(term.feature)];
    rows.forEach((row, i) => {
      contributions[i][place] += weights[j] * termValue(term, values[row]);
    });
  });
  return { intercept, features, contributions };
}
