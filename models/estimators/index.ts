import type { ClassEstimator, ClassModel } from '../classes.ts';
import type { Estimator, Model, SavedModel } from '../estimator.ts';
import { average, loadAverage } from './average.ts';
import { baseRateEstimator, loadBaseRate } from './base-rate.ts';
import { boosting, loadBoosting } from './boosting/boosting.ts';
import { classBoosting, loadClassBoosting } from './boosting/class-boosting.ts';
import { classAverage, loadClassAverage } from './class-average.ts';
import { classBaseRate, loadClassBaseRate } from './class-base-rate.ts';
import { gammaPoisson, loadGammaPoisson } from './gamma-poisson.ts';
import { loadLogistic, logistic } from './logistic.ts';
import { loadMultinomialLogistic, multinomialLogistic } from './multinomial-logistic.ts';
import { loadNeuralHazard, neuralHazard } from './neural-hazard/neural-hazard.ts';
import { busiestRule, loadBusiestRule, loadNewestRule, newestRule } from './order-rule.ts';
import { loadOrderedLogistic, orderedLogistic } from './ordered-logistic.ts';
import { loadPersistence, persistence } from './persistence.ts';
import { loadRecencyRule, recencyRule } from './recency-rule.ts';

/** Every estimator with the function that brings its saved models back. */
const all: readonly { estimator: Estimator; load: (saved: SavedModel) => Model }[] = [
  { estimator: baseRateEstimator, load: loadBaseRate },
  { estimator: recencyRule, load: loadRecencyRule },
  { estimator: gammaPoisson, load: loadGammaPoisson },
  { estimator: logistic, load: loadLogistic },
  { estimator: boosting, load: loadBoosting },
  { estimator: neuralHazard, load: loadNeuralHazard },
  { estimator: average, load: (saved) => loadAverage(saved, loadModel) },
];

/** Rules of thumb for other questions than who leaves. */
const otherRules: readonly { estimator: Estimator; load: (saved: SavedModel) => Model }[] = [
  { estimator: newestRule, load: loadNewestRule },
  { estimator: busiestRule, load: loadBusiestRule },
];

/** What learns from the order of amounts, where the outcome is to be among the highest. */
const ofAmounts: readonly { estimator: Estimator; load: (saved: SavedModel) => Model }[] = [
  { estimator: orderedLogistic, load: loadOrderedLogistic },
];

/** The same of those that tell several classes apart. */
const allOfClasses: readonly { estimator: ClassEstimator; load: (saved: SavedModel) => ClassModel }[] = [
  { estimator: classBaseRate, load: loadClassBaseRate },
  { estimator: persistence, load: loadPersistence },
  { estimator: multinomialLogistic, load: loadMultinomialLogistic },
  { estimator: classBoosting, load: loadClassBoosting },
  { estimator: classAverage, load: (saved) => loadClassAverage(saved, loadClassModel) },
];

/** Every estimator, the simplest first. */
export const estimators: readonly Estimator[] = all.map(({ estimator }) => estimator);

/** Every estimator of several classes, the simplest first. */
export const classEstimators: readonly ClassEstimator[] = allOfClasses.map(({ estimator }) => estimator);

/** Estimators that are rules of thumb; a model that does not beat them is not worth its trouble. */
export const RULES: readonly string[] = [baseRateEstimator.name, recencyRule.name, newestRule.name, busiestRule.name];

/** What competes to foretell what new partners will do: those that learn and give reasons, and one rule of thumb. */
export function withRule(rule: Estimator): readonly Estimator[] {
  return [baseRateEstimator, rule, logistic, boosting, average];
}

/** The same where the outcome is to be among the highest amounts. */
export function withOrder(rule: Estimator): readonly Estimator[] {
  return [baseRateEstimator, rule, logistic, orderedLogistic, boosting, average];
}

/** Those of several classes that are rules of thumb. */
export const CLASS_RULES: readonly string[] = [classBaseRate.name, persistence.name];

/** @throws RangeError when the estimator that saved it is not known here */
export function loadModel(saved: SavedModel): Model {
  const entry = [...all, ...otherRules, ...ofAmounts].find(({ estimator }) => estimator.name === saved.estimator);
  if (!entry) throw new RangeError(`no estimator "${saved.estimator}" can load this model`);
  return entry.load(saved);
}

/** @throws RangeError when the estimator that saved it is not known here */
export function loadClassModel(saved: SavedModel): ClassModel {
  const entry = allOfClasses.find(({ estimator }) => estimator.name === saved.estimator);
  if (!entry) throw new RangeError(`no estimator of classes "${saved.estimator}" can load this model`);
  return entry.load(saved);
}
