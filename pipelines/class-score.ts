import { formatDay, type Instant } from '../features/index.ts';
import {
  type Beside,
  besidesOf,
  type ClassScore,
  type ClassScoringModel,
  loadClassVersion,
  scoreClasses,
} from '../models/index.ts';
import { type Claim, lastLoad, problem, publishClassScores, requireClaim, runId, versionFor } from '../store/index.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { watchFeatures } from './features.ts';

/** A day's scores of classes as they were published. */
export interface ClassScoreRun {
  model: string;
  version: string;
  asOf: Instant;
  scores: ClassScore[];
}

/**
 * Scores everyone at risk on a day with the latest version of a model of classes that had learnt from nothing later, and
 * publishes the list.
 * @param claim when given, the list is published only while the claim is held
 * @throws a problem `USAGE` when no version is old enough for the day
 */
export async function scoreClassModel(
  context: Context,
  model: ClassScoringModel,
  asOf: Instant,
  claim?: Claim,
): Promise<ClassScoreRun> {
  const { database, settings } = context;
  const registered = await versionFor(database, model.name, asOf);
  if (!registered) {
    throw problem(
      'USAGE',
      `No version of ${model.name} was trained until ${formatDay(asOf)} or before. ` +
        `Train one first: partnercast train ${model.name} --until ${formatDay(asOf)}`,
    );
  }
  const { version } = registered;
  const loadId = await lastLoad(database);
  const { scores, watermark } = await deriveClassScores(context, model, loadClassVersion(registered), asOf, loadId);
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
  });
  return { model: model.name, version, asOf, scores };
}

/**
 * The scores of a day from what loads up to one had brought by then: the same for ever, since facts are never updated.
 * @returns also the watermark of the facts they are made from, no later than the day
 */
export async function deriveClassScores(
  context: Context,
  model: ClassScoringModel,
  fitted: ReturnType<typeof loadClassVersion>,
  asOf: Instant,
  upToLoad: number,
): Promise<{ scores: ClassScore[]; watermark: Instant }> {
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
  return { scores, watermark: Math.min(source.watermark, asOf) };
}
