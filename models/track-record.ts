import { selectRows } from '../features/index.ts';
import { type Measured, measureAll } from './bootstrap.ts';
import type { OutOfTime } from './calibrated.ts';
import { pastLists, share } from './past-lists.ts';
import type { Random } from './random.ts';
import { type FirstBy, type OutcomeWords, QUIETEST, WENT_QUIET } from './scoring-model.ts';
import type { TrainingSet } from './training-set.ts';

/** How often past lists, made by what could be known then, were right. */
export interface TrackRecord {
  /** How many lists were made, and how many places they had in all; a partner can stand on several. */
  lists: number;
  flagged: number;
  /** How many different partners that were. */
  partners: number;
  /** How many of the flagged had the outcome. */
  hits: number;
  /** hits / flagged, with a 95 % interval over partners. */
  hitRate: Measured;
  /** What as many calls by the quietest-first rule would have hit, and calling anyone. */
  recencyRate: number;
  baseRate: number;
  /** Most places a list had. */
  capacity: number;
}

/**
 * Makes the list of every checked cutoff again from out-of-time predictions and looks at what happened.
 * @param atLeast the probability a partner needs to be flagged
 * @returns null when no list would have had anybody on it
 */
export function trackRecord(
  set: TrainingSet,
  past: OutOfTime,
  atLeast: number,
  capacity: number,
  random: Random,
  rule: FirstBy = QUIETEST,
): TrackRecord | null {
  const table = selectRows(set.table, past.rows);
  const lists = pastLists(table, past.probabilities, atLeast, capacity, rule);
  const flagged = lists.flatMap(({ listed }) => listed);
  if (flagged.length === 0) return null;
  const [hitRate] = measureAll(table.entities, [(weights) => share(flagged, past.outcomes, weights)], random);
  return {
    lists: lists.length,
    flagged: flagged.length,
    partners: new Set(flagged.map((row) => table.entities[row])).size,
    hits: flagged.filter((row) => past.outcomes[row]).length,
    hitRate,
    recencyRate: share(
      lists.flatMap(({ quietest }) => quietest),
      past.outcomes,
    ),
    baseRate: share([...past.rows.keys()], past.outcomes),
    capacity,
  };
}

/** How often lists like this were right, in a sentence, beside the rule and beside calling anyone. */
export function tellTrackRecord(record: TrackRecord | null, words: OutcomeWords = WENT_QUIET): string {
  if (record === null)
    return 'No past list would have had anybody on it, so how often such lists are right is not known.';
  const { flagged, partners, hits, hitRate, recencyRate, baseRate: anyone } = record;
  const percent = (share: number) => Math.round(100 * share);
  return (
    `Of the last ${flagged} flagged like this, ${hits} ${words.happened} ` +
    `(${percent(hitRate.value)} %, ${percent(hitRate.low)}–${percent(hitRate.high)}); the ${words.rule} rule would ` +
    `have hit ${percent(recencyRate)} %, calling anyone ${percent(anyone)} %.` +
    (partners < flagged ? ` They were ${partners} partners, some flagged more than once.` : '')
  );
}
