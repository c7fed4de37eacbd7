import type { ClassListResult } from './class-scoreboard.ts';
import { type ClassScoringModel, isClassModel } from './class-scoring-model.ts';
import type { ClassModelCard, FittedClassVersion } from './class-train.ts';
import { loadClassVersion } from './saved-class-version.ts';
import { loadVersion, requireFeatures, type SavedVersion } from './saved-version.ts';
import type { ListResult } from './scoreboard.ts';
import type { ScoringModel } from './scoring-model.ts';
import type { FittedVersion, ModelCard } from './train.ts';

/** A published score of either sort: of an outcome, or of several classes. */
export type AnyModel = ScoringModel | ClassScoringModel;

/** What scoring needs of a version, by the sort of its model. */
export type FittedOf<Model extends AnyModel> = Model extends ClassScoringModel ? FittedClassVersion : FittedVersion;

/** The card of a version, by the sort of its model. */
export type CardOf<Model extends AnyModel> = Model extends ClassScoringModel ? ClassModelCard : ModelCard;

/** How a published list did, by the sort of the model. */
export type ResultOf<Model extends AnyModel> = Model extends ClassScoringModel ? ClassListResult : ListResult;

/**
 * Brings a saved version of a model back.
 * @throws RangeError saying why it cannot be scored with: it is damaged, unreadable, or learnt other features or classes
 */
export function loadVersionOf<Model extends AnyModel>(model: Model, saved: SavedVersion): FittedOf<Model> {
  const name = `version ${saved.version} of ${model.name}`;
  const fitted = isClassModel(model) ? loadClassVersion(saved) : loadVersion(saved);
  requireFeatures(fitted, model.view, name);
  if (isClassModel(model) && 'classes' in fitted) requireClasses(fitted, model, name);
  return fitted as FittedOf<Model>;
}

function requireClasses({ classes }: FittedClassVersion, { label }: ClassScoringModel, name: string): void {
  if (classes.join() === label.classes.join()) return;
  throw new RangeError(
    `${name} tells other classes apart (${classes.join(', ')}) than the model (${label.classes.join(', ')}). Train again.`,
  );
}
