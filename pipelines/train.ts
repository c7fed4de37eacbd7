import { formatDay, type Instant } from '../features/index.ts';
import {
  contest,
  judgeSupply,
  type ModelCard,
  type ScoringModel,
  type Sufficiency,
  saveVersion,
  settledRows,
  supplyOf,
  type TrainingSet,
  tellNullTest,
  tellSuspicious,
  trainVersion,
  UNCONTESTED,
} from '../models/index.ts';
import { problem, registerVersion } from '../store/index.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { buildPanel, trainingCutoffs } from './panel.ts';
import { noteSet } from './row-notes.ts';
import { promoteTrained, versionToBeat } from './version-in-use.ts';

/** A version that has been registered. */
export interface TrainedVersion {
  model: string;
  version: string;
  card: ModelCard;
  /** Whether it is in use from the moment it learnt until; the card says why. */
  isInUse: boolean;
}

/**
 * Learns a version of a model from what was known before a moment, and registers it; it is in use when it beats the one
 * that was, or there was none.
 * @param wanted learns from nothing later; where the facts end before, only up to there
 * @throws a problem `NOT_ENOUGH_DATA` saying what is missing when not even a rule of thumb can be given a probability
 */
export async function trainModel(context: Context, model: ScoringModel, wanted: Instant): Promise<TrainedVersion> {
  const source = await programFacts(context);
  // What came after the watermark is not silence but unknown: no outcome may be read there.
  const until = Math.min(wanted, source.latestAsOf);
  if (until < wanted) context.say(`Learning until ${formatDay(until)}: the facts reach no further.`);
  const cutoffs = trainingCutoffs(model, source, until);
  const set = await context.step(`build the training set of ${model.name} until ${formatDay(until)}`, async () =>
    settledRows(await buildPanel(model, source, cutoffs.length === 0 ? [until] : cutoffs, [until]), until, () => true),
  );
  const rulesOnly = requireSupply(context, model, set, until) === 'rule';
  const { seed, threads, team_capacity } = context.settings;
  const notes = await noteSet(set, source);
  const watermark = Math.min(source.watermark, until);
  const { fitted, card, past } = await context.step(`fit ${model.name} on ${set.outcomes.length} partner-months`, () =>
    trainVersion(model, set, { until, seed, threads, capacity: team_capacity, rulesOnly, notes, watermark }),
  );
  const suspicion = tellSuspicious(card.inputs);
  if (suspicion !== null) context.say(suspicion);
  if (card.nullTest !== null) context.say(tellNullTest(card.nullTest, card.champion));
  const saved = saveVersion(fitted);
  const rival = await versionToBeat(context.database, model, saved.version, until);
  const found = rival ? contest(set, past, rival.fitted, rival.registered.version, seed) : UNCONTESTED;
  const registered = { ...card, contest: found };
  await registerVersion(context.database, saved, registered, new Date(context.clock()));
  const decision = { inUseFrom: until, why: found.because };
  const isInUse = found.isPromoted && (await promoteTrained(context, model, saved.version, decision));
  if (found.against !== null) context.say(`${model.name} ${saved.version}: ${found.because}`);
  return { model: model.name, version: saved.version, card: registered, isInUse };
}

/**
 * Says what there is enough to learn from, and tells when it is no more than a rule of thumb.
 * @throws a problem `NOT_ENOUGH_DATA` saying what is missing when not even a rule can be given a probability
 */
export function requireSupply(
  context: Context,
  model: ScoringModel,
  set: TrainingSet,
  until: Instant,
): Exclude<Sufficiency, 'nothing'> {
  const { verdict, missing } = judgeSupply(supplyOf(set), model.words);
  if (verdict === 'nothing') {
    throw problem(
      'NOT_ENOUGH_DATA',
      `Not enough data for ${model.name} until ${formatDay(until)}: ${missing.join('; ')}.`,
    );
  }
  if (verdict === 'rule')
    context.say(`Enough for a rule of thumb, not for a model that learns: ${missing.join('; ')}.`);
  return verdict;
}
