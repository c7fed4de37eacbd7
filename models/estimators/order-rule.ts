import { z } from 'zod';
import { column, type FeatureTable } from '../../features/index.ts';
import { type Estimator, type Model, type SavedModel, uncertain } from '../estimator.ts';
import { sigmoid, solveLogistic } from '../newton.ts';
import type { TrainingSet } from '../training-set.ts';
import { requireLearnable } from './require.ts';

/** The order that a team would go by without any model. */
export interface Order {
  name: string;
  feature: string;
  /** Whom it takes first: those with the highest number, or the lowest. */
  first: 'highest' | 'lowest';
}

/** Nobody who signed lately and nothing sold yet: the newest come first. */
const newest: Order = { name: 'newest-rule', feature: 'signed_days', first: 'lowest' };
/** Those that have done most business so far come first. */
const busiest: Order = { name: 'busiest-rule', feature: 'events_ever', first: 'highest' };

/** The rival for new partners that have not sold: ask the newest first. */
export const newestRule = orderRule(newest);
/** The rival for new partners that have begun: those that began best. */
export const busiestRule = orderRule(busiest);

/** @param saved what `save` gave */
export const loadNewestRule = (saved: SavedModel): Model => load(newest, saved);
/** @param saved what `save` gave */
export const loadBusiestRule = (saved: SavedModel): Model => load(busiest, saved);

/** A logistic curve on the logarithm of one feature turns an order into probabilities and keeps it. */
function orderRule(order: Order): Estimator {
  return {
    name: order.name,
    fit(set) {
      requireLearnable(set, order.name);
      return fitted(order, set);
    },
  };
}

const savedForm = z.strictObject({
  estimator: z.string(),
  slope: z.number().positive(),
  intercept: z.number(),
  mean: z.number(),
});

function load(order: Order, saved: SavedModel): Model {
  const { estimator, ...weights } = savedForm.parse(saved);
  if (estimator !== order.name) throw new RangeError(`${order.name} cannot load a model of ${estimator}`);
  return rule(order, weights);
}

function fitted(order: Order, set: TrainingSet): Model {
  const known = placesOf(order, set.table).filter((x) => !Number.isNaN(x));
  const mean = known.reduce((sum, x) => sum + x, 0) / Math.max(1, known.length);
  const places = placesOf(order, set.table).map((x) => (Number.isNaN(x) ? mean : x));
  const problem = { columns: [places], outcomes: set.outcomes, penalty: 1e-6 };
  const { weights, intercept } = solveLogistic(problem);
  if (weights[0] > 0) return rule(order, { slope: weights[0], intercept, mean });
  const flat = solveLogistic({ ...problem, columns: [] });
  return rule(order, { slope: 1e-6, intercept: flat.intercept, mean });
}

function rule(order: Order, { slope, intercept, mean }: { slope: number; intercept: number; mean: number }): Model {
  const effects = (table: FeatureTable) =>
    placesOf(order, table).map((x) => (Number.isNaN(x) ? 0 : slope * (x - mean)));
  const base = intercept + slope * mean;
  return {
    estimator: order.name,
    predict: (table) => effects(table).map((effect) => uncertain(sigmoid(base + effect))),
    explain(table, rows) {
      const all = effects(table);
      return {
        intercept: base,
        features: [order.feature],
        contributions: rows.map((row) => Float64Array.of(all[row])),
      };
    },
    refit: (set) => fitted(order, set),
    save: () => ({ estimator: order.name, slope, intercept, mean }),
  };
}

/** Higher comes first; NaN is unknown, and in the middle. */
function placesOf({ feature, first }: Order, table: FeatureTable): Float64Array {
  const sign = first === 'highest' ? 1 : -1;
  return Float64Array.from(column(table, feature), (value) => sign * Math.log1p(value));
}
