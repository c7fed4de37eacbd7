import type { FeatureTable } from '../features/index.ts';
import type { Random } from './random.ts';
import type { TrainingSet } from './training-set.ts';

/** Settings that can learn. Fitting returns a new, frozen thing: a model that has not learnt cannot be asked. */
export interface Estimator {
  name: string;
  /** It gives no reasons, so it cannot be published: backtests judge it, and no training spends time on it. */
  onlyChallenges?: true;
  /**
   * Learns from a set; the same set and chance give the same model to the last bit.
   * @param threads how many may help; as many as there are make no difference to what is learnt
   * @throws RangeError when the set has no rows or one class only
   */
  fit(set: TrainingSet, random: Random, threads?: number): Model | Promise<Model>;
}

/** What an estimator has learnt. */
export interface Model {
  readonly estimator: string;
  /** Probability of the outcome, one per row, strictly between 0 and 1. */
  predict(table: FeatureTable): Float64Array;
  /**
   * What each feature adds to the log-odds of some rows; with the intercept they add up to the prediction's. A model
   * that cannot tell may compete, but its scores are not published.
   */
  explain?(table: FeatureTable, rows: readonly number[]): Explanations;
  /**
   * The same settings fitted to other rows: what intervals are made of.
   * @param threads how many may help; they make no difference to what is learnt
   */
  refit(set: TrainingSet, threads?: number): Model | Promise<Model>;
  /** Plain data, enough for `loadModel`. */
  save(): SavedModel;
}

/** A model that gives its reasons, so that it may be published. */
export type ExplainedModel = Model & Required<Pick<Model, 'explain'>>;

export function isExplained(model: Model): model is ExplainedModel {
  return model.explain !== undefined;
}

/** Exact additive contributions in log-odds. */
export interface Explanations {
  intercept: number;
  features: readonly string[];
  /** Per row one number per feature. */
  contributions: readonly Float64Array[];
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
  const p = uncertain(probability);
  return Math.log(p / (1 - p));
}

/** The probability, or the nearest to it that is strictly between 0 and 1: nothing is certain. */
export function uncertain(probability: number): number {
  return Math.min(1 - EDGE, Math.max(EDGE, probability));
}
