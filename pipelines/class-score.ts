import { type FeatureTable, formatDay, type Instant } from '../features/index.ts';
import {
  type Beside,
  besidesOf,
  type ClassScore,
  type ClassScoringModel,
  type DriftWatch,
  type FittedClassVersion,
  scoreClasses,
  tellDrift,
} from '../models/index.ts';
import { type Claim, keepWatch, lastLoad, publishClassScores, requireClaim, runId } from '../store/index.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { watchFeatures } from './features.ts';
import { requireBegun } from './score.ts';
import { requireVersion } from './version-in-use.ts';
import { watchList } from './watch.ts';

/** A day's scores of classes as they were published. */
export interface ClassScoreRun {
  model: string;
  version: string;
  asOf: Instant;
  scores: ClassScore[];
  /** What its inputs were like; null where the version keeps nothing to hold them against. */
  drift: DriftWatch | null;
}

/**
 * Scores everyone at risk on a day with the version of a model of classes in use on it, and publishes the list.
 * @param claim when given, the list is published only while the claim is held
 * @throws a problem `USAGE` when no version is in use on the day, or none that can be read
 */
export async function scoreClassModel(
  context: Context,
  model: ClassScoringModel,
  asOf: Instant,
  claim?: Claim,
): Promise<ClassScoreRun> {
  const { database, settings } = context;
  await requireBegun(context, asOf);
  const { registered, fitted } = await requireVersion(context, model, asOf);
  const { version } = registered;
  const loadId = await lastLoad(database);
  const { scores, watermark, table } = await deriveClassScores(context, model, fitted, asOf, loadId);
  const drift = await watchList(database, model, fitted, table, asOf);
  if (drift && drift.drifted.length > 0) context.say(`${model.name}: ${tellDrift(drift)}`);
  const { qualifying_kinds, reporting_currency, team_capacity } = settings;
  await database.transaction(async (transaction) => {
    if (claim) await requireClaim(transaction, claim);
    const made = {
      loadId,
      settings: { qualifying_kinds, reporting_currency, team_capacity },
      run: claim ? runId(claim) : null,
    };
    const publication = { model: model.name, version, asOf, watermark, scored: scores.length, made };
    await publishClassScores(transaction, { ...publication, publishedAt: context.clock() }, scores);
    if (drift) await keepWatch(transaction, model.name, { asOf, version, drift });
  });
  return { model: model.name, version, asOf, scores, drift };
}

/**
 * The scores of a day from what loads up to one had brought by then: the same for ever, since facts are never updated.
 * @returns also the watermark of the facts they are made from, no later than the day, and the features of everyone
 */
export async function deriveClassScores(
  context: Context,
  model: ClassScoringModel,
  fitted: FittedClassVersion,
  asOf: Instant,
  upToLoad: number,
): Promise<{ scores: ClassScore[]; watermark: Instant; table: FeatureTable }> {
  const source = await programFacts(context, upToLoad);
  const besides = new Map<string, Beside>();
  const table = await context.step(`build features of ${model.name} as of ${formatDay(asOf)}`, () =>
    watchFeatures(model.view, source, asOf, (history, atRisk) => {
      if (atRisk) besides.set(history.partnerId, besidesOf(model, history));
    }),
  );
  const scores = await context.step(`score ${besides.size} partners by ${model.name}`, async () =>
    scoreClasses(model, fitted, table, besides, context.settings.reporting_currency),
  );
  return { scores, watermark: Math.min(source.watermark, asOf), table };
}
