import { rowsWhere } from '../../../features/index.ts';
import type { Random } from '../../random.ts';
import { selectFrom, type TrainingSet } from '../../training-set.ts';

/**
 * Of a set of too many rows, those of partners drawn one after the other, all of a partner's, until the next one's would
 * be too many. A set that is small enough is left as it is, and takes no chance.
 * @param most rows, at least 1
 */
export function drawRows(set: TrainingSet, most: number, random: Random): TrainingSet {
  const { entities } = set.table;
  if (entities.length <= most) return set;
  const counts = new Map<string, number>();
  for (const entity of entities) counts.set(entity, (counts.get(entity) ?? 0) + 1);
  const turns = Array.from(counts, ([entity, rows]) => ({ entity, rows, turn: random() }));
  const drawn = new Set<string>();
  let left = most;
  for (const { entity, rows } of turns.sort((a, b) => a.turn - b.turn)) {
    if (rows > left) break;
    drawn.add(entity);
    left -= rows;
  }
  return selectFrom(
    set,
    rowsWhere(set.table, (row) => drawn.has(entities[row])),
  );
}
