import {
  type AnyModel,
  type CardOf,
  type ClassScoringModel,
  isClassModel,
  type Promotion,
  type ResultOf,
  type ScoringModel,
  versionsInUse,
} from '../models/index.ts';
import {
  type Database,
  type ListedVersion,
  promotionsOf,
  type ScoreboardRow,
  scoreboardOf,
  versionsOf,
  type WatchRecord,
  watchesOf,
} from '../store/index.ts';

/** A version as it is shown, with what stands beside it. */
export interface ShownVersion<Model extends AnyModel = ScoringModel> {
  model: Model;
  version: ListedVersion<CardOf<Model>>;
  /** The version that is to be in use, as decided last; it may have been deleted. */
  inUse: string | undefined;
  versions: readonly ListedVersion<CardOf<Model>>[];
  history: readonly Promotion[];
  /** The latest look at its inputs; null where there was none. */
  watch: WatchRecord | null;
  /** Published lists whose time is over, the latest first. */
  scoreboard: readonly ScoreboardRow<ResultOf<Model>>[];
}

/** The same of models of which it is not known yet of which sort they are. */
export type ShownOf<Model extends AnyModel> = Model extends AnyModel ? ShownVersion<Model> : never;
export type AnyShown = ShownOf<AnyModel>;

const LISTS_SHOWN = 26;

/**
 * The version of a model that is asked for, or the one in use; where that was deleted, the last good one before it.
 * @returns null when there is no such version, or none at all
 */
export async function shownVersion<Model extends AnyModel>(
  database: Database,
  model: Model,
  asked?: string,
): Promise<ShownOf<Model> | null> {
  const versions = await versionsOf<CardOf<Model>>(database, model.name);
  const history = await promotionsOf(database, model.name);
  const inUse = versionsInUse(history, Number.POSITIVE_INFINITY);
  const named = (name: string) => versions.find(({ version }) => version === name);
  const used = inUse.map(named).find((version) => version !== undefined);
  const version = asked === undefined ? (used ?? versions[0]) : named(asked);
  if (!version) return null;
  const [watch] = await watchesOf(database, model.name, 1);
  const scoreboard = await scoreboardOf<ResultOf<Model>>(database, model.name, LISTS_SHOWN);
  const shown = { model, version, inUse: inUse[0], versions, history, watch: watch ?? null, scoreboard };
  return shown as ShownVersion<Model> as ShownOf<Model>;
}

/** Whether a version is of several classes, or of one outcome. */
export function isOfClasses(shown: AnyShown): shown is ShownVersion<ClassScoringModel> {
  return isClassModel(shown.model);
}

export type VersionState = 'in use' | 'was in use' | 'not promoted';

/** Whether a version is in use, was once, or never. */
export function stateOf(version: string, { inUse, history }: Pick<AnyShown, 'inUse' | 'history'>): VersionState {
  if (version === inUse) return 'in use';
  return history.some((decision) => decision.version === version) ? 'was in use' : 'not promoted';
}
