import type { Aftermath, FeatureTable, History } from '../features/index.ts';
import type { SavedModel } from './estimator.ts';
import type { LabelWindow } from './label.ts';
import type { Random } from './random.ts';
import { type LabelledRows, type Panel, settledRows } from './training-set.ts';

/** What a model of several classes is asked to foresee: which of them what came after a cutoff belongs to. */
export interface ClassLabel extends LabelWindow {
  name: string;
  /** Names, in their order where they have one, such as from worst to best. */
  classes: readonly string[];
  /** The place of the class; `null` is unknown: the window was still open, or another event took the partner out of it. */
  outcome(before: History, after: Aftermath): number | null;
}

/** Rows with which of several classes each turned out to be: outcomes are places in `classes`. */
export interface ClassSet extends LabelledRows {
  /** Names, in their order where they have one, such as from worst to best. */
  classes: readonly string[];
}

/** The part of a panel of classes that was on record at a moment, as `settledRows` of a panel of two outcomes. */
export function settledClasses(...asked: Parameters<typeof settledRows<ClassLabel>>): ClassSet {
  const [{ label }]: [Panel<ClassLabel>, ...unknown[]] = asked;
  return { ...settledRows(...asked), classes: label.classes };
}

/** Settings that can learn to tell several classes apart, as an `Estimator` does two outcomes. */
export interface ClassEstimator {
  name: string;
  /**
   * Learns from a set; the same set and chance give the same model to the last bit.
   * @param threads how many may help; as many as there are make no difference to what is learnt
   * @throws RangeError when a class has no rows
   */
  fit(set: ClassSet, random: Random, threads?: number): ClassModel | Promise<ClassModel>;
}

/** What an estimator of classes has learnt. */
export interface ClassModel {
  readonly estimator: string;
  /** As in the set that was learnt from. */
  readonly classes: readonly string[];
  /** Probabilities, per class one per row, strictly between 0 and 1; each row's add up to 1. */
  predict(table: FeatureTable): Float64Array[];
  /** What each feature adds to some rows; a model that cannot tell may compete, but its scores are not published. */
  explain?(table: FeatureTable, rows: readonly number[]): ClassExplanations;
  /** The same settings fitted to other rows of the same classes: what intervals are made of. */
  refit(set: ClassSet): ClassModel | Promise<ClassModel>;
  /** Plain data, enough for `loadClassModel`. */
  save(): SavedModel;
}

/**
 * Exact additive contributions to the log-odds of each class against the average one. For a row and a class k the
 * intercept and the contributions add up to ln pₖ − the mean of ln p over the classes (the centred log-ratio: Aitchison,
 * The Statistical Analysis of Compositional Data, 1986), so that over the classes they add up to zero, and the
 * difference between two classes' is the log-odds of the one against the other.
 */
export interface ClassExplanations {
  /** One per class. */
  intercepts: Float64Array;
  features: readonly string[];
  /** Per row, per class one number per feature. */
  contributions: readonly (readonly Float64Array[])[];
}
