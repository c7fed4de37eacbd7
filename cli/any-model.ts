import { type AnyModel, anyModelNamed } from '../models/index.ts';
import { problem } from '../store/index.ts';

/**
 * A score of either sort, by its name.
 * @throws a problem `USAGE` naming the scores there are
 */
export function anyModel(name: string): AnyModel {
  try {
    return anyModelNamed(name);
  } catch (error) {
    throw problem('USAGE', `${(error as Error).message}.`);
  }
}
