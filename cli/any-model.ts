import { anyModelNamed, scoringModelNamed } from '../models/index.ts';
import { problem } from '../store/index.ts';

/** A score of an outcome, or of several classes. */
export type AnyModel = ReturnType<typeof anyModelNamed>;

/**
 * A score of either sort, by its name.
 * @throws a problem `USAGE` naming the scores there are
 */
export function anyModel(name: string): AnyModel {
  return orUsage(() => anyModelNamed(name));
}

/** @throws a problem `USAGE` naming the models there are */
export function scoringModel(name: string): ReturnType<typeof scoringModelNamed> {
  return orUsage(() => scoringModelNamed(name));
}

function orUsage<Result>(find: () => Result): Result {
  try {
    return find();
  } catch (error) {
    throw problem('USAGE', `${(error as Error).message}.`);
  }
}
