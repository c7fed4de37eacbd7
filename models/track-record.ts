import { column, rowsByCutoff, selectRows } from '../features/index.ts';
import { drawPartners, interval, type Measured } from './bootstrap.ts';
import type { OutOfTime } from './calibrated.ts';
import type { Random } from './random.ts';
import { reviewList } from './review-list.ts';
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
): TrackRecord | null {
  const table = selectRows(set.table, past.rows);
  const recency = column(table, 'recency_days');
  const flagged: number[] = [];
  const byRule: number[] = [];
  let lists = 0;
  for (const rows of rowsByCutoff(table).values()) {
    lists++;
    const list = reviewList(
      rows.map((row) => past.probabilities[row]),
      atLeast,
      capacity,
    );
    flagged.push(...list.map((place) => rows[place]));
    const quietest = reviewList(
      rows.map((row) => recency[row]),
      0,
      list.length,
    );
    byRule.push(...quietest.map((place) => rows[place]));
  }
  if (flagged.length === 0) return null;
  const rate = share(flagged, past.outcomes);
  const replicates = Array.from(drawPartners(table.entities, random), (weights) =>
    share(flagged, past.outcomes, weights),
  );
  return {
    lists,
    flagged: flagged.length,
    partners: new Set(flagged.map((row) => table.entities[row])).size,
    hits: flagged.filter((row) => past.outcomes[row]).length,
    hitRate: interval(rate, replicates),
    recencyRate: share(byRule, past.outcomes),
    baseRate: share([...past.rows.keys()], past.outcomes),
    capacity,
  };
}

function share(rows: readonly number[], outcomes: Uint8Array, weights?: ArrayLike<number>): number {
  let hits = 0;
  let total = 0;
  for (const row of rows) {
    const weight = weights ? weights[row] : 1;
    hits += weight * outcomes[row];
    total += weight;
  }
  return hits / total;
}

/** How often lists like this were right, in a sentence, beside the rule and beside calling anyone. */
export function tellTrackRecord(record: TrackRecord | null): string {
  if (record === null)
    return 'No past list would have had anybody on it, so how often such lists are right is not known.';
  const { flagged, partners, hits, hitRate, recencyRate, baseRate: anyone } = record;
  const percent = (share: number) => Math.round(100 * share);
  return (
    `Of the last ${flagged} flagged like this, ${hits} went quiet ` +
    `(${percent(hitRate.value)} %, ${percent(hitRate.low)}–${percent(hitRate.high)}); the quietest-first rule would ` +
    `have hit ${percent(recencyRate)} %, calling anyone ${percent(anyone)} %.` +
    (partners < flagged ? ` They were ${partners} partners, some flagged more than once.` : '')
  );
}
