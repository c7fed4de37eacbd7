import { type Measured, measureAll } from './bootstrap.ts';
import { type PastList, share } from './past-lists.ts';
import type { Random } from './random.ts';
import type { TrainingSet } from './training-set.ts';

/** How right the lists are that a team of a given size would have got. */
export interface PrecisionAtCapacity {
  /** Most places of a list. */
  capacity: number;
  lists: number;
  /** Places on all lists together, and how many of those had the outcome. */
  flagged: number;
  hits: number;
  /** hits / flagged. */
  hitRate: Measured;
  /** The same of as many calls by the quietest-first rule, and of calling anyone. */
  recencyRate: Measured;
  anyoneRate: Measured;
  /** hitRate − recencyRate, on the same draws of partners. */
  aboveRecency: Measured;
  /** Of the rows with the outcome, how many were on a list. */
  caught: Measured;
}

/**
 * Judges the lists of a test (precision at k, with k what the team can call).
 * @returns null when no list would have had anybody on it
 */
export function precisionAtCapacity(
  { table, outcomes }: TrainingSet,
  lists: readonly PastList[],
  capacity: number,
  random: Random,
): PrecisionAtCapacity | null {
  const flagged = lists.flatMap(({ listed }) => listed);
  if (flagged.length === 0) return null;
  const quietest = lists.flatMap(({ quietest }) => quietest);
  const everyone = lists.flatMap(({ rows }) => rows);
  const happened = everyone.filter((row) => outcomes[row] === 1);
  const isFlagged = new Uint8Array(outcomes.length);
  for (const row of flagged) isFlagged[row] = 1;
  const [hitRate, recencyRate, anyoneRate, aboveRecency, caught] = measureAll(
    table.entities,
    [
      (weights) => share(flagged, outcomes, weights),
      (weights) => share(quietest, outcomes, weights),
      (weights) => share(everyone, outcomes, weights),
      (weights) => share(flagged, outcomes, weights) - share(quietest, outcomes, weights),
      (weights) => share(happened, isFlagged, weights),
    ],
    random,
  );
  const hits = flagged.filter((row) => outcomes[row] === 1).length;
  return {
    capacity,
    lists: lists.length,
    flagged: flagged.length,
    hits,
    hitRate,
    recencyRate,
    anyoneRate,
    aboveRecency,
    caught,
  };
}
