import { type FeatureTable, formatDay, type Instant } from '../features/index.ts';
import {
  type Beside,
  besidesOf,
  type DriftWatch,
  type FittedVersion,
  type Score,
  type ScoringModel,
  scoreTable,
  tellDrift,
} from '../models/index.ts';
import { type Claim, keepWatch, lastLoad, problem, publishScores, requireClaim, runId } from '../store/index.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { watchFeatures } from './features.ts';
import { requireVersion } from './version-in-use.ts';
import { watchList } from './watch.ts';

/** A day's scores as they were published. */
export interface ScoreRun {
  model: string;
  version: string;
  asOf: Instant;
  scores: Score[];
  /** What its inputs were like; null where the version keeps nothing to hold them against. */
  drift: DriftWatch | null;
}

/**
 * Scores everyone at risk on a day, with the version in use on it, and publishes the list.
 * @param claim when given, the list is published only while the claim is held
 * @throws a problem `USAGE` when no version is in use on the day, or none that can be read
 */
export async function scoreModel(
  context: Context,
  model: ScoringModel,
  asOf: Instant,
  claim?: Claim,
): Promise<ScoreRun> {
  const { database, settings } = context;
  await requireBegun(context, asOf);
  const { registered, fitted } = await requireVersion(context, model, asOf);
  // Loads that come while this one is at work are left to the next list: each can be derived again from its load.
  const loadId = await lastLoad(database);
  const { scores, watermark, table } = await deriveScores(context, model, fitted, asOf, loadId);
  const drift = await watchList(database, model, fitted, table, asOf);
  if (drift && drift.drifted.length > 0) context.say(tellDrift(drift));
  const { qualifying_kinds, reporting_currency, team_capacity } = settings;
  await database.transaction(async (transaction) => {
    if (claim) await requireClaim(transaction, claim);
    const publication = {
      model: model.name,
      version: registered.version,
      asOf,
      watermark,
      scored: scores.length,
      publishedAt: context.clock(),
      made: {
        loadId,
        settings: { qualifying_kinds, reporting_currency, team_capacity },
        run: claim ? runId(claim) : null,
      },
    };
    await publishScores(transaction, publication, scores, reporting_currency);
    if (drift) await keepWatch(transaction, model.name, { asOf, version: registered.version, drift });
  });
  return { model: model.name, version: registered.version, asOf, scores, drift };
}

/**
 * @throws a problem `USAGE` saying when the data begins, for a day on which nothing was known yet
 */
export async function requireBegun(context: Context, asOf: Instant): Promise<void> {
  const { program } = await programFacts(context);
  const begins = program.tracking.reduce((first, { knownBy }) => Math.min(first, knownBy), Number.POSITIVE_INFINITY);
  if (begins < asOf) return;
  throw problem(
    'USAGE',
    `Nothing was known yet on ${formatDay(asOf)}: the records begin on ${formatDay(begins)}. ` +
      'Ask for a later day, or load older records with ingest --backfill.',
  );
}

/**
 * The scores of a day from what loads up to one had brought by then: the same for ever, since facts are never updated.
 * @returns also the watermark of the facts they are made from, no later than the day, and the features of everyone
 */
export async function deriveScores(
  context: Context,
  model: ScoringModel,
  fitted: FittedVersion,
  asOf: Instant,
  upToLoad: number,
): Promise<{ scores: Score[]; watermark: Instant; table: FeatureTable }> {
  const { team_capacity, reporting_currency } = context.settings;
  const source = await programFacts(context, upToLoad);
  const besides = new Map<string, Beside>();
  const table = await context.step(`build features as of ${formatDay(asOf)}`, () =>
    watchFeatures(model.view, source, asOf, (history, atRisk) => {
      if (atRisk) besides.set(history.partnerId, besidesOf(model, history));
    }),
  );
  const scores = await context.step(`score ${besides.size} partners at risk`, async () =>
    scoreTable(model, fitted, table, besides, { capacity: team_capacity, currency: reporting_currency }),
  );
  return { scores, watermark: Math.min(source.watermark, asOf), table };
}
