import { DAY, type Instant } from '../features/index.ts';
import { type ClassScoringModel, loadClassVersion } from '../models/index.ts';
import { type Claim, type ProblemCode, versionFor } from '../store/index.ts';
import { asDeclared } from './class-model.ts';
import { type ClassScoreRun, scoreClassModel } from './class-score.ts';
import { type TrainedClassVersion, trainClassModel } from './class-train.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';

/** What a day came to for a model of several classes. */
export interface ClassDay {
  /** null where it was not due. */
  trained: TrainedClassVersion | null;
  /** null where the data does not suffice for it. */
  scored: ClassScoreRun | null;
  /** The sentence that says why it does not suffice; null where it does. */
  insufficient: string | null;
}

/** Trains a model of classes when it is due, and scores everyone by it; what the data does not suffice for is told. */
export async function classDay(
  context: Context,
  model: ClassScoringModel,
  asOf: Instant,
  claim: Claim,
): Promise<ClassDay> {
  const day: ClassDay = { trained: null, scored: null, insufficient: null };
  try {
    if (await isDue(context, model, asOf)) day.trained = await trainClassModel(context, model, asOf);
    day.scored = await scoreClassModel(context, model, asOf, claim);
  } catch (error) {
    if ((error as { code?: ProblemCode }).code !== 'NOT_ENOUGH_DATA') throw error;
    day.insufficient = (error as Error).message;
    context.say(day.insufficient);
  }
  return day;
}

/**
 * A model is due when none is in use, it was damaged, it is too old for what there is to learn from, or the program has
 * declared something else that it is to be held against.
 */
async function isDue(context: Context, model: ClassScoringModel, asOf: Instant): Promise<boolean> {
  const version = await versionFor(context.database, model.name, asOf);
  if (version?.card.label.name !== asDeclared(model, context.settings).label.name) return true;
  try {
    loadClassVersion(version);
  } catch (error) {
    context.say(`${(error as Error).message} It is trained again now.`);
    return true;
  }
  const { latestAsOf } = await programFacts(context);
  return Math.min(asOf, latestAsOf) - version.trainedUntil > context.settings.retrain_days * DAY;
}
