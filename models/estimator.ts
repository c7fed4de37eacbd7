import type { FeatureTable } from '../features/index.ts';
import type { Random } from './random.ts';
import type { TrainingSet } from './training-set.ts';

/** Settings that can learn. Fitting returns a new, frozen thing: a model that has not learnt cannot be asked. */
export interface Estimator {
  name: string;
  /**
   * Learns from a set; the same set and chance give the same model to the last bit.
   * @throws RangeError when the set has no rows or one class only
   */
  fit(set: TrainingSet, random: Random): Model | Promise<Model>;
}

/** What an estimator has learnt. */
export interface Model {
  readonly estimator: string;
  /** Probability of the outcome, one per row, strictly between 0 and 1. */
  predict(table: FeatureTable): Float64Array;
  /** What each feature of a row adds to the log-odds; with the intercept they add up to the prediction's. */
  explain(table: FeatureTable, row: number): Explanation;
  /** The same settings fitted to other rows: what intervals are made of. */
  refit(set: TrainingSet): Model;
  /** Plain data, enough for `loadModel`. */
  save(): SavedModel;
}

/** Exact additive contributions in log-odds. */
export interface Explanation {
  intercept: number;
  contributions: readonly Contribution[];
}

/** What one feature adds to a row's log-odds. */
export interface Contribution {
  feature: string;
  logOdds: number;
}

/** A model as plain data; what the rest holds is the estimator's own affair. */
export interface SavedModel {
  estimator: string;
  [parameter: string]: unknown;
}

/** Keeps log-odds finite. */
const EDGE = 1e-12;

/** ln(p/(1 − p)), finite for any p in [0, 1]. */
export function logit(probability: number): number {
  const p = Math.min(1 - EDGE, Math.max(EDGE, probability));
  return Math.log(p / (1 - p));
}
