import { DAY, type FeatureTable, type Instant, rowsWhere, selectRows } from '../features/index.ts';
import { type AnyModel, type DriftWatch, type FittedVersion, maturityDays, watchDrift } from '../models/index.ts';
import { type Database, lastTrained, lastWatch, scoreboardOf, watchesOf } from '../store/index.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { trainingCutoffs } from './panel.ts';
import { versionInUse } from './version-in-use.ts';

/** A first run stands for so many days. */
const FIRST_DAYS = 7;
/** Enough of what is kept to find what happened since the last training, which may not be the latest. */
const LOOKED_AT = 400;

/** Holds the inputs of a list against those its version learnt from; null where the version keeps no reference. */
export async function watchList(
  database: Database,
  model: AnyModel,
  { reference }: Pick<FittedVersion, 'reference'>,
  table: FeatureTable,
  asOf: Instant,
): Promise<DriftWatch | null> {
  if (reference === null) return null;
  const before = await lastWatch(database, model.name, asOf);
  const days = before === null ? FIRST_DAYS : (asOf - before) / DAY;
  const atRisk = rowsWhere(table, (row) => table.atRisk[row] === 1);
  const among = new Set(model.view.relative.map(({ name }) => name));
  return watchDrift(reference, selectRows(table, atRisk), asOf, days, among);
}

/**
 * Why a model is to be trained anew, as a sentence; null when it is not. Nothing is trained while there is nothing new
 * to learn: no month has matured since the last training. With one, it is time when the inputs have drifted, when a list
 * did otherwise than it said, or when the last training is long ago.
 */
export async function whyTrain(context: Context, model: AnyModel, asOf: Instant): Promise<string | null> {
  const { database, settings } = context;
  const { usable, faults } = await versionInUse(database, model, asOf);
  const trained = await lastTrained(database, model.name, asOf);
  if (usable === null || trained === null) {
    return faults.length > 0 ? `${faults.join(' ')} It is trained again now.` : `${model.name} has no version yet.`;
  }
  if (usable.registered.card.label.name !== model.label.name)
    return `${model.name} is trained again: it is to foretell ${model.label.name} now.`;
  const source = await programFacts(context);
  const until = Math.min(asOf, source.latestAsOf);
  const learnt = trained - maturityDays(model.label) * DAY;
  const isNew = trainingCutoffs(model, source, until).some((cutoff) => cutoff > learnt);
  if (!isNew) return null;
  const drifted = (await watchesOf(database, model.name, LOOKED_AT)).some(
    (watch) => watch.asOf > trained && watch.asOf <= asOf && watch.drift.drifted.length > 0,
  );
  if (drifted) return `${model.name} is trained again: its inputs have moved away from what it learnt from.`;
  const decayed = (await scoreboardOf(database, model.name, LOOKED_AT)).some(
    ({ knownUntil, result }) => knownUntil > trained && knownUntil <= asOf && result.verdict !== 'as expected',
  );
  if (decayed) return `${model.name} is trained again: a list did otherwise than it said.`;
  const days = (until - trained) / DAY;
  return days > settings.retrain_days
    ? `${model.name} is trained again: the last training was ${Math.round(days)} days ago, and outcomes have matured since.`
    : null;
}
