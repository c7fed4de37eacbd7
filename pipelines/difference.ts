import { isDeepStrictEqual } from 'node:util';

/**
 * The first score and field, in the order that is stored, in which scores are not what they are when derived again, as a
 * sentence; null where all are the same.
 * @param fields what is compared, by the name of the store, and how it is read
 */
export function firstDifference<Stored extends { entityId: string }>(
  stored: readonly Stored[],
  derived: readonly Stored[],
  fields: readonly (readonly [name: string, field: keyof Stored])[],
): string | null {
  const again = new Map(derived.map((score) => [score.entityId, score]));
  const gone = stored.find(({ entityId }) => !again.has(entityId));
  if (gone) return `${gone.entityId} has a stored score, and none when derived again.`;
  const known = new Set(stored.map(({ entityId }) => entityId));
  const missing = derived.find(({ entityId }) => !known.has(entityId));
  if (missing) return `${missing.entityId} has no stored score, and one when derived again.`;
  for (const score of stored) {
    const other = again.get(score.entityId) as Stored;
    for (const [name, field] of fields) {
      const difference = differenceIn(name, score.entityId, score[field], other[field]);
      if (difference !== null) return difference;
    }
  }
  return null;
}

/** A stored value and the derived one where they differ, as a sentence; null where they do not. */
export function differenceIn(name: string, whose: string, stored: unknown, derived: unknown): string | null {
  // The store keeps no sign of zero and nothing that JSON does not.
  const [before, now] = [stored, derived].map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  if (isDeepStrictEqual(before, now)) return null;
  return `${name} of ${whose} is stored as ${JSON.stringify(before)}, and is ${JSON.stringify(now)} when derived again.`;
}
