import type { FeatureTable } from '../../features/index.ts';

/** What an estimator of amounts learns from: rows that stayed, with the money that came of each. */
export interface AmountSet {
  table: FeatureTable;
  /** In minor units, over the horizon; never NaN. */
  amounts: Float64Array;
  horizonDays: number;
}

/** Settings that learn, such as `logistic` for probabilities. */
export interface AmountEstimator {
  name: string;
  fit(set: AmountSet): AmountModel;
}

/** What was learnt: data. */
export interface AmountModel {
  estimator: string;
  /** Expected money over the horizon in minor units, ≥ 0, one per row; NaN is unknown. */
  predict(table: FeatureTable): Float64Array;
  save(): SavedAmount;
}

/** A model as data. */
export interface SavedAmount {
  estimator: string;
  [key: string]: unknown;
}
