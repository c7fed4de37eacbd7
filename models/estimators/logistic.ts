import { z } from 'zod';
import { column, type FeatureTable, rowCount } from '../../features/index.ts';
import type { Estimator, Model, SavedModel } from '../estimator.ts';
import { rollingOrigin } from '../folds.ts';
import { type LogisticWeights, sigmoid, softplus, solveLogistic } from '../newton.ts';
import type { TrainingSet } from '../training-set.ts';
import { requireLearnable } from './require.ts';

const NAME = 'logistic';
/** Weak to strong is tried in this order, so that each solution starts the next. */
const PENALTIES = [1000, 300, 100, 30, 10, 3] as const;
/** Close enough to tell penalties apart. */
const CHOICE_TOLERANCE = 1e-6;
const FOLDS = 3;
const CHECKED_SHARE = 0.5;
/** Without enough past to choose a penalty, a strong one does the least harm. */
const CAUTIOUS_PENALTY = 100;

/** One column of the design: a feature's signed logarithm, or whether it is unknown; standardised either way. */
interface Term {
  feature: string;
  of: 'value' | 'unknown';
  mean: number;
  deviation: number;
  /** The range that was learnt from, standardised. */
  low: number;
  high: number;
}

interface Fitted {
  terms: readonly Term[];
  /** One per term. */
  weights: Float64Array;
  intercept: number;
  penalty: number;
}

/**
 * Logistic regression with an L2 penalty on standardised signed logarithms, sign(x)·ln(1 + |x|). An unknown value
 * stands at the mean and has a weight of its own; a value beyond what was learnt from counts as the outermost that was
 * (winsorised), so that a feature seen in one season does not run away in the next. The penalty is chosen by rolling
 * origin inside the set.
 * Source: Hoerl & Kennard 1970; le Cessie & van Houwelingen 1992.
 */
export const logistic: Estimator = {
  name: NAME,
  fit(set) {
    requireLearnable(set, NAME);
    return model(fitWith(set, choosePenalty(set)));
  },
};

const savedForm = z
  .strictObject({
    estimator: z.literal(NAME),
    terms: z
      .array(
        z.strictObject({
          feature: z.string(),
          of: z.enum(['value', 'unknown']),
          mean: z.number(),
          deviation: z.number().positive(),
          low: z.number(),
          high: z.number(),
        }),
      )
      .max(10_000),
    weights: z.array(z.number()),
    intercept: z.number(),
    penalty: z.number().nonnegative(),
  })
  .refine(({ terms, weights }) => terms.length === weights.length, 'one weight per term');

/** @param saved what `save` gave */
export function loadLogistic(saved: SavedModel): Model {
  const { terms, weights, intercept, penalty } = savedForm.parse(saved);
  return model({ terms, weights: Float64Array.from(weights), intercept, penalty });
}

function choosePenalty(set: TrainingSet): number {
  const folds = rollingOrigin(set, FOLDS, CHECKED_SHARE);
  if (folds.length === 0) return CAUTIOUS_PENALTY;
  const losses = new Float64Array(PENALTIES.length);
  for (const { learn, check } of folds) {
    const terms = standardise(learn.table);
    const seen = design(learn.table, terms);
    const unseen = design(check.table, terms);
    let start: LogisticWeights | undefined;
    PENALTIES.forEach((penalty, i) => {
      start = solveLogistic({ columns: seen, outcomes: learn.outcomes, penalty, tolerance: CHOICE_TOLERANCE }, start);
      losses[i] += logLoss(unseen, check.outcomes, start);
    });
  }
  return PENALTIES[losses.indexOf(Math.min(...losses))];
}

function fitWith(set: TrainingSet, penalty: number): Fitted {
  return solveFor(set, standardise(set.table), penalty);
}

function solveFor(set: TrainingSet, terms: readonly Term[], penalty: number, start?: LogisticWeights): Fitted {
  return {
    terms,
    ...solveLogistic({ columns: design(set.table, terms), outcomes: set.outcomes, penalty }, start),
    penalty,
  };
}

function logLoss(columns: readonly Float64Array[], outcomes: Uint8Array, at: LogisticWeights): number {
  let loss = 0;
  outcomes.forEach((outcome, row) => {
    let logOdds = at.intercept;
    for (let j = 0; j < columns.length; j++) logOdds += at.weights[j] * columns[j][row];
    loss += softplus(logOdds) - (outcome ? logOdds : 0);
  });
  return loss;
}

function signedLog(x: number): number {
  return Math.sign(x) * Math.log1p(Math.abs(x));
}

/**
 * The terms of a table's features, by name. What never varies says nothing and gets none; features that are unknown in
 * the very same rows share one term for it.
 */
function standardise(table: FeatureTable): Term[] {
  const values: Term[] = [];
  const unknowns = new Map<string, Term>();
  for (const feature of [...table.names].sort()) {
    const all = column(table, feature);
    const known = all.filter((value) => !Number.isNaN(value));
    values.push({ feature, of: 'value', ...spread(Float64Array.from(known, signedLog)) });
    const unknown = Float64Array.from(all, (value) => Number(Number.isNaN(value)));
    const pattern = unknown.join('');
    if (!unknowns.has(pattern)) unknowns.set(pattern, { feature, of: 'unknown', ...spread(unknown) });
  }
  return [...values, ...unknowns.values()].filter(({ deviation }) => deviation > 0);
}

function spread(values: Float64Array): Omit<Term, 'feature' | 'of'> {
  if (values.length === 0) return { mean: 0, deviation: 0, low: 0, high: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  // A spread that is rounding noise would blow the noise up.
  const deviation = variance > 1e-12 * (1 + mean * mean) ? Math.sqrt(variance) : 0;
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  return { mean, deviation, low: (low - mean) / deviation, high: (high - mean) / deviation };
}

/** One column per term. */
function design(table: FeatureTable, terms: readonly Term[]): Float64Array[] {
  return terms.map((term) => {
    const from = column(table, term.feature);
    const into = new Float64Array(from.length);
    for (let row = 0; row < from.length; row++) into[row] = termValue(term, from[row]);
    return into;
  });
}

function termValue({ of, mean, deviation, low, high }: Term, value: number): number {
  if (of === 'unknown') return (Number(Number.isNaN(value)) - mean) / deviation;
  if (Number.isNaN(value)) return 0;
  return Math.min(high, Math.max(low, (signedLog(value) - mean) / deviation));
}

function model(fitted: Fitted): Model {
  const { terms, weights, intercept, penalty } = fitted;
  return {
    estimator: NAME,
    predict(table) {
      const logOdds = new Float64Array(rowCount(table)).fill(intercept);
      design(table, terms).forEach((values, j) => {
        for (let row = 0; row < logOdds.length; row++) logOdds[row] += weights[j] * values[row];
      });
      return logOdds.map(sigmoid);
    },
    explain(table, rows) {
      const features = [...new Set(terms.map(({ feature }) => feature))];
      const contributions = rows.map(() => new Float64Array(features.length));
      terms.forEach((term, j) => {
        const [values, place] = [column(table, term.feature), features.indexOf(term.feature)];
        rows.forEach((row, i) => {
          contributions[i][place] += weights[j] * termValue(term, values[row]);
        });
      });
      return { intercept, features, contributions };
    },
    refit: (set) => model(solveFor(set, terms, penalty, fitted)),
    save: () => ({ estimator: NAME, terms, weights: [...weights], intercept, penalty }),
  };
}
