import type { Instant } from '../features/index.ts';
import type { ClassListResult, ClassScoringModel } from '../models/index.ts';
import type { Claim, ProblemCode, ScoreboardRow } from '../store/index.ts';
import { asDeclared } from './class-model.ts';
import { type ClassScoreRun, scoreClassModel } from './class-score.ts';
import { type TrainedClassVersion, trainClassModel } from './class-train.ts';
import type { Context } from './context.ts';
import { countClassLists } from './count-lists.ts';
import { whyTrain } from './watch.ts';

/** What a day came to for a model of several classes. */
export interface ClassDay {
  /** Published lists whose time was over, and how they did. */
  counted: ({ model: string } & ScoreboardRow<ClassListResult>)[];
  /** null where it was not due. */
  trained: TrainedClassVersion | null;
  /** null where the data does not suffice for it. */
  scored: ClassScoreRun | null;
  /** The sentence that says why it does not suffice; null where it does. */
  insufficient: string | null;
}

/**
 * Counts the lists of a model of classes that are due, trains it when it is due (see `whyTrain`), and scores everyone by
 * it; what the data does not suffice for is told.
 */
export async function classDay(
  context: Context,
  model: ClassScoringModel,
  asOf: Instant,
  claim: Claim,
): Promise<ClassDay> {
  const day: ClassDay = { counted: [], trained: null, scored: null, insufficient: null };
  try {
    day.counted = (await countClassLists(context, model, asOf)).map((row) => ({ model: model.name, ...row }));
    const why = await whyTrain(context, asDeclared(model, context.settings), asOf);
    if (why !== null) {
      context.say(why);
      day.trained = await trainClassModel(context, model, asOf);
    }
    day.scored = await scoreClassModel(context, model, asOf, claim);
  } catch (error) {
    if ((error as { code?: ProblemCode }).code !== 'NOT_ENOUGH_DATA') throw error;
    day.insufficient = (error as Error).message;
    context.say(day.insufficient);
  }
  return day;
}
