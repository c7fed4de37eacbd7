import type { ClassScoringModel } from '../models/index.ts';
import type { Settings } from './settings.ts';

/** A model of classes with the label that a program has declared, where it can be held against several yardsticks. */
export function asDeclared(model: ClassScoringModel, { trajectory_against }: Settings): ClassScoringModel {
  const declared = model.labels.find(({ name }) => name.endsWith(`-against-${trajectory_against}`));
  return { ...model, label: declared ?? model.label };
}
