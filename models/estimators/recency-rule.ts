import { z } from 'zod';
import { column, type FeatureTable } from '../../features/index.ts';
import { type Estimator, type Model, type SavedModel, uncertain } from '../estimator.ts';
import { sigmoid, solveLogistic } from '../newton.ts';
import type { TrainingSet } from '../training-set.ts';
import { requireLearnable } from './require.ts';

const NAME = 'recency-rule';
const FEATURE = 'recency_days';
const savedForm = z.strictObject({
  estimator: z.literal(NAME),
  slope: z.number().positive(),
  intercept: z.number(),
  mean: z.number(),
});

/** The rival that any team has for free: call the quietest first. */
export const recencyRule: Estimator = {
  name: NAME,
  fit(set) {
    requireLearnable(set, NAME);
    return fitted(set);
  },
};

/** @param saved what `save` gave */
export function loadRecencyRule(saved: SavedModel): Model {
  const { slope, intercept, mean } = savedForm.parse(saved);
  return rule({ slope, intercept, mean });
}

/** A logistic curve turns days into probabilities and keeps their order: the slope is never below zero. */
function fitted(set: TrainingSet): Model {
  const days = logDays(set.table);
  const mean = days.reduce((sum, x) => sum + x, 0) / days.length;
  const problem = { columns: [days], outcomes: set.outcomes, penalty: 1e-6 };
  const { weights, intercept } = solveLogistic(problem);
  if (weights[0] > 0) return rule({ slope: weights[0], intercept, mean });
  const flat = solveLogistic({ ...problem, columns: [] });
  return rule({ slope: 1e-6, intercept: flat.intercept, mean });
}

function rule({ slope, intercept, mean }: { slope: number; intercept: number; mean: number }): Model {
  return {
    estimator: NAME,
    predict: (table) => logDays(table).map((x) => uncertain(sigmoid(intercept + slope * x))),
    explain(table, rows) {
      const days = logDays(table);
      return {
        intercept: intercept + slope * mean,
        features: [FEATURE],
        contributions: rows.map((row) => Float64Array.of(slope * (days[row] - mean))),
      };
    },
    refit: fitted,
    save: () => ({ estimator: NAME, slope, intercept, mean }),
  };
}

/** Nobody at risk is without a last event; a row that is would be the quietest. */
function logDays(table: FeatureTable): Float64Array {
  return Float64Array.from(column(table, FEATURE), (days) => Math.log1p(Number.isNaN(days) ? 1e6 : days));
}
