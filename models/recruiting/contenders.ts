import type { Estimator, Model, SavedModel } from '../estimator.ts';
import { average } from '../estimators/average.ts';
import { boosting } from '../estimators/boosting/boosting.ts';
import { loadModel } from '../estimators/index.ts';
import { logistic } from '../estimators/logistic.ts';
import { bagged, loadBagged } from './bagging.ts';
import { loadProfileRule, profileRule } from './profile-rule.ts';

const BAGGED: readonly Estimator[] = [bagged(logistic), bagged(boosting)];

/**
 * What competes to tell positives from the rest, the simplest first: the rule of the profile, three that take the
 * unlabelled for negatives (labelled versus rest, which ranks alike; Elkan & Noto 2008) and two that bag them.
 */
export const contenders: readonly Estimator[] = [profileRule, logistic, boosting, average, ...BAGGED];

/** @throws RangeError when the estimator that saved it is not known here */
export function loadContender(saved: SavedModel): Model {
  if (saved.estimator === profileRule.name) return loadProfileRule(saved);
  return BAGGED.some(({ name }) => name === saved.estimator) ? loadBagged(saved, loadModel) : loadModel(saved);
}
