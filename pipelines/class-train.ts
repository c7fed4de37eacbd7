import { formatDay, type Instant } from '../features/index.ts';
import {
  type ClassModelCard,
  type ClassScoringModel,
  judgeClassSupply,
  saveClassVersion,
  settledClasses,
  trainClassVersion,
} from '../models/index.ts';
import { problem, registerVersion } from '../store/index.ts';
import { asDeclared } from './class-model.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { buildPanel, trainingCutoffs } from './panel.ts';
import { promoteTrained } from './version-in-use.ts';

/** A version of a model of classes that has been registered. */
export interface TrainedClassVersion {
  model: string;
  version: string;
  card: ClassModelCard;
}

/**
 * Learns a version of a model of classes from what was known before a moment, and registers it, as `trainModel` one of
 * two outcomes.
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
  const { fitted, card } = await context.step(`fit ${model.name} on ${set.outcomes.length} partner-months`, () =>
    trainClassVersion(model, set, { until, seed, threads, rulesOnly: verdict === 'rule' }),
  );
  const saved = saveClassVersion(fitted);
  await registerVersion(context.database, saved, card, new Date(context.clock()));
  await promoteTrained(context, model, saved.version, { inUseFrom: until, why: card.verdict });
  return { model: model.name, version: saved.version, card };
}
