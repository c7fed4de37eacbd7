import { formatDay, type Instant } from '../features/index.ts';
import {
  type ClassModelCard,
  type ClassScoringModel,
  type ClassSet,
  type Contest,
  contestClasses,
  judgeClassSupply,
  otherQuestion,
  saveClassVersion,
  settledClasses,
  trainClassVersion,
  UNCONTESTED,
} from '../models/index.ts';
import { problem, registerVersion } from '../store/index.ts';
import { asDeclared } from './class-model.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { buildPanel, trainingCutoffs } from './panel.ts';
import { promoteTrained, type UsableVersion, versionToBeat } from './version-in-use.ts';

/** A version of a model of classes that has been registered. */
export interface TrainedClassVersion {
  model: string;
  version: string;
  card: ClassModelCard;
  /** Whether it is in use from the moment it learnt until; the card says why. */
  isInUse: boolean;
}

/**
 * Learns a version of a model of classes from what was known before a moment, and registers it, as `trainModel` one of
 * two outcomes: it is in use when it beats the one that was, or there was none that answers the same.
 * @param wanted learns from nothing later; where the facts end before, only up to there
 * @throws a problem `NOT_ENOUGH_DATA` saying what is missing when not even a rule of thumb can be given probabilities
 */
export async function trainClassModel(
  context: Context,
  asked: ClassScoringModel,
  wanted: Instant,
): Promise<TrainedClassVersion> {
  const model = asDeclared(asked, context.settings);
  const source = await programFacts(context);
  const until = Math.min(wanted, source.latestAsOf);
  if (until < wanted) context.say(`Learning until ${formatDay(until)}: the facts reach no further.`);
  const cutoffs = trainingCutoffs(model, source, until);
  const set = await context.step(`build the training set of ${model.name} until ${formatDay(until)}`, async () =>
    settledClasses(
      await buildPanel(model, source, cutoffs.length === 0 ? [until] : cutoffs, [until]),
      until,
      () => true,
    ),
  );
  const { verdict, missing } = judgeClassSupply(set);
  if (verdict === 'nothing') {
    throw problem(
      'NOT_ENOUGH_DATA',
      `Not enough data for ${model.name} until ${formatDay(until)}: ${missing.join('; ')}.`,
    );
  }
  if (verdict === 'rule')
    context.say(`${model.name}: enough for a rule of thumb, not for a model that learns: ${missing.join('; ')}.`);
  const { seed, threads } = context.settings;
  const watermark = Math.min(source.watermark, until);
  const { fitted, card, past } = await context.step(`fit ${model.name} on ${set.outcomes.length} partner-months`, () =>
    trainClassVersion(model, set, { until, seed, threads, rulesOnly: verdict === 'rule', watermark }),
  );
  const saved = saveClassVersion(fitted);
  const rival = await versionToBeat(context.database, model, saved.version, until);
  const found = rival ? heldAgainst(rival, model, set, past, seed) : UNCONTESTED;
  const registered = { ...card, contest: found };
  await registerVersion(context.database, saved, registered, new Date(context.clock()));
  const decision = { inUseFrom: until, why: found.because };
  const isInUse = found.isPromoted && (await promoteTrained(context, model, saved.version, decision));
  if (found.against !== null) context.say(`${model.name} ${saved.version}: ${found.because}`);
  return { model: model.name, version: saved.version, card: registered, isInUse };
}

function heldAgainst(
  { registered, fitted }: UsableVersion<ClassScoringModel>,
  model: ClassScoringModel,
  set: ClassSet,
  past: Parameters<typeof contestClasses>[1],
  seed: number,
): Contest {
  const { label } = registered.card;
  if (label.name !== model.label.name) return otherQuestion(registered.version, label.name);
  return contestClasses(set, past, fitted, registered.version, seed);
}
