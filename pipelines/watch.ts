import { DAY, type FeatureTable, formatDay, type Instant, rowsWhere, selectRows } from '../features/index.ts';
import {
  type AnyModel,
  blankOutcomes,
  type DriftWatch,
  type FittedVersion,
  type LaterOutcomes,
  lookLater,
  maturityDays,
  type ScoringModel,
  settleList,
  tellList,
  watchDrift,
} from '../models/index.ts';
import {
  type Database,
  keepResult,
  lastTrained,
  lastWatch,
  type ScoreboardRow,
  scoreboardOf,
  storedScores,
  uncountedLists,
  watchesOf,
} from '../store/index.ts';
import type { Context } from './context.ts';
import { type ProgramFacts, programFacts } from './facts.ts';
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
  return watchDrift(reference, selectRows(table, atRisk), asOf, days);
}

/** Counts the published lists whose outcomes are known by now, and keeps how they did. */
export async function countLists(context: Context, model: ScoringModel, asOf: Instant): Promise<ScoreboardRow[]> {
  const { database } = context;
  const source = await programFacts(context);
  const knownUntil = Math.min(asOf, source.latestAsOf);
  const lists = await uncountedLists(database, model.name, knownUntil - maturityDays(model.label) * DAY);
  if (lists.length === 0) return [];
  const outcomes = await laterOutcomes(
    model,
    source,
    lists.map((list) => list.asOf),
    knownUntil,
  );
  const counted: ScoreboardRow[] = [];
  for (const { asOf: day, version } of lists) {
    const ofDay = outcomes.get(day);
    const stored = await storedScores(database, { model: model.name, asOf: day, version });
    const result = settleList(stored.map((score) => ({ ...score, outcome: ofDay?.get(score.entityId) ?? null })));
    const row = { asOf: day, version, knownUntil, result };
    await keepResult(database, model.name, row);
    if (result.verdict !== 'as expected')
      context.say(`The list of ${formatDay(day)}: ${tellList(result, model.words)}`);
    counted.push(row);
  }
  return counted;
}

async function laterOutcomes(
  model: ScoringModel,
  { facts, program }: ProgramFacts,
  cutoffs: readonly Instant[],
  knownBy: Instant,
): Promise<LaterOutcomes> {
  const outcomes = blankOutcomes(cutoffs);
  for await (const columns of facts.ranges(knownBy)) lookLater(outcomes, model.label, columns, program, knownBy);
  return outcomes;
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
