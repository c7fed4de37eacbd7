import { z } from 'zod';
import { column, type FeatureTable, rowCount } from '../features/index.ts';
import type { Explanations, Model, SavedModel } from './estimator.ts';
import { sigmoid } from './newton.ts';
import { design, savedTerms, type Term, termValue } from './terms.ts';
import type { TrainingSet } from './training-set.ts';

/** Log-odds that are a sum: the intercept, and a weight for every term. */
export interface LogOddsLine {
  terms: readonly Term[];
  /** One per term. */
  weights: Float64Array;
  intercept: number;
}

/** A line that was learnt under an L2 penalty, as one of logistic regression would have it. */
export interface PenalisedLine extends LogOddsLine {
  penalty: number;
}

const savedLine = z
  .strictObject({
    estimator: z.string(),
    terms: savedTerms,
    weights: z.array(z.number()),
    intercept: z.number(),
    penalty: z.number().nonnegative(),
  })
  .refine(({ terms, weights }) => terms.length === weights.length, 'one weight per term');

/**
 * The line that a model of `lineModel` saved.
 * @throws a Zod error when it is no such line
 */
export function loadLine(saved: SavedModel): PenalisedLine {
  const { terms, weights, intercept, penalty } = savedLine.parse(saved);
  return { terms, weights: Float64Array.from(weights), intercept, penalty };
}

/**
 * A model that is a line.
 * @param refit what other rows teach with the same terms and penalty
 */
export function lineModel(estimator: string, line: PenalisedLine, refit: (set: TrainingSet) => Model): Model {
  const { terms, weights, intercept, penalty } = line;
  return {
    estimator,
    predict: (table) => predictByLine(line, table),
    explain: (table, rows) => explainByLine(line, table, rows),
    refit,
    save: () => ({ estimator, terms, weights: [...weights], intercept, penalty }),
  };
}

/** Probabilities in (0, 1), one per row. */
function predictByLine({ terms, weights, intercept }: LogOddsLine, table: FeatureTable): Float64Array {
  const logOdds = new Float64Array(rowCount(table)).fill(intercept);
  design(table, terms).forEach((values, j) => {
    for (let row = 0; row < logOdds.length; row++) logOdds[row] += weights[j] * values[row];
  });
  return logOdds.map(sigmoid);
}

/** What each feature adds to the log-odds of some rows: weight times distance from the mean. */
function explainByLine(
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
