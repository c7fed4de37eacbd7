import type { FeatureView } from '../features/index.ts';
import type { ClassEstimator, ClassLabel } from './classes.ts';
import type { ScoringModel } from './scoring-model.ts';

/** One published answer that is one of several classes, each with its probability. */
export interface ClassScoringModel {
  name: string;
  /** What the score answers, as a person would ask it. */
  question: string;
  /** Who is asked about, in a sentence. */
  population: string;
  view: FeatureView;
  label: ClassLabel;
  /** What a program may declare to be asked instead, the label itself among them. */
  labels: readonly ClassLabel[];
  /** What competes to give the answer. */
  estimators: readonly ClassEstimator[];
}

/** Whether a model gives one of several classes, or the probability of one outcome. */
export function isClassModel(model: ScoringModel | ClassScoringModel): model is ClassScoringModel {
  return 'classes' in model.label;
}
