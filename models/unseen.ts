import { rowsWhere } from '../features/index.ts';
import type { Random } from './random.ts';
import { judgeSlices, type Slice } from './slices.ts';
import type { TrainingSet } from './training-set.ts';

/**
 * A test in two parts, those that there are: `seen` partners have a row in the training, `unseen` ones have none. A
 * model that has learnt partners by heart does well on the first alone.
 * @param probabilities one per row of the test
 */
export function judgeUnseen(
  train: TrainingSet,
  test: TrainingSet,
  probabilities: Float64Array,
  random: Random,
): Slice[] {
  const learnt = new Set(train.table.entities);
  const parts = [true, false].map((isSeen) => ({
    name: isSeen ? 'seen' : 'unseen',
    rows: rowsWhere(test.table, (row) => learnt.has(test.table.entities[row]) === isSeen),
  }));
  return judgeSlices(
    test,
    probabilities,
    parts.filter(({ rows }) => rows.length > 0),
    random,
  );
}
