import { formatDay, type Instant } from '../features/index.ts';
import { type Beside, besidesOf, loadVersion, type Score, type ScoringModel, scoreTable } from '../models/index.ts';
import { type Claim, problem, publishScores, requireClaim, versionFor } from '../store/index.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { watchFeatures } from './features.ts';

/** A day's scores as they were published. */
export interface ScoreRun {
  version: string;
  asOf: Instant;
  scores: Score[];
}

/**
 * Scores everyone at risk on a day, with the latest version that had learnt from nothing later, and publishes the list.
 * @param claim when given, the list is published only while the claim is held
 * @throws a problem `USAGE` when no version is old enough for the day
 */
export async function scoreModel(
  context: Context,
  model: ScoringModel,
  asOf: Instant,
  claim?: Claim,
): Promise<ScoreRun> {
  const { database, settings } = context;
  const registered = await versionFor(database, model.name, asOf);
  if (!registered) {
    throw problem(
      'USAGE',
      `No version of ${model.name} was trained until ${formatDay(asOf)} or before. ` +
        `Train one first: partnercast train ${model.name} --until ${formatDay(asOf)}`,
    );
  }
  const fitted = loadVersion(registered);
  const source = await programFacts(context);
  const besides = new Map<string, Beside>();
  const table = await context.step(`build features as of ${formatDay(asOf)}`, () =>
    watchFeatures(model.view, source, asOf, (history, atRisk) => {
      if (atRisk) besides.set(history.partnerId, besidesOf(model, history));
    }),
  );
  const scores = await context.step(`score ${besides.size} partners at risk`, async () =>
    scoreTable(model, fitted, table, besides, settings.team_capacity),
  );
  await database.transaction(async (transaction) => {
    if (claim) await requireClaim(transaction, claim);
    const publication = {
      model: model.name,
      version: registered.version,
      asOf,
      watermark: Math.min(source.watermark, asOf),
      scored: scores.length,
      publishedAt: context.clock(),
    };
    await publishScores(transaction, publication, scores, settings.reporting_currency);
  });
  return { version: registered.version, asOf, scores };
}
