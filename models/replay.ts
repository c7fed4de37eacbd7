import { type Instant, rowsByCutoff, selectRows } from '../features/index.ts';
import type { OutOfTime } from './calibrated.ts';
import { reviewList } from './review-list.ts';
import { type OutcomeWords, WENT_QUIET } from './scoring-model.ts';
import type { TrainingSet } from './training-set.ts';
import { writePercent } from './words.ts';

/**
 * What became of a partner after a list: the outcome `happened` or did not (`stayed`), its window is still `open`, or
 * another event took the partner `out` of it, as when we ended the partnership ourselves.
 */
export type Fate = 'happened' | 'stayed' | 'open' | 'out';

/** One partner of a past day. */
export interface Replayed {
  entityId: string;
  probability: number;
  fate: Fate;
}

/** A list that would have been seen on a past day, with what happened. */
export interface Replay {
  asOf: Instant;
  /** Everyone at risk that day by what became of them. */
  atRisk: Readonly<Record<Fate, number>>;
  /** How many places the list had; `list` may hold only the first of them. */
  listed: number;
  /** How many of the list have a known outcome, and to how many of those it happened. */
  settled: number;
  hits: number;
  /** The most probable first. */
  list: readonly Replayed[];
  /** How many had the outcome and were not on the list; `misses` may hold only the first of them. */
  missed: number;
  /** The most surprising first: those held least probable. */
  misses: readonly Replayed[];
}

/** How a list is made. */
export interface ListRule {
  /** The probability a partner needs to be listed. */
  atLeast: number;
  /** Most places. */
  capacity: number;
}

/**
 * The list of one day.
 * @param rows everyone at risk that day, in the order of the table that they were scored in
 */
export function replayDay(asOf: Instant, rows: readonly Replayed[], { atLeast, capacity }: ListRule): Replay {
  const places = reviewList(
    rows.map(({ probability }) => probability),
    atLeast,
    capacity,
  );
  const onList = new Set(places);
  const list = places.map((place) => rows[place]);
  const misses = rows
    .filter(({ fate }, place) => fate === 'happened' && !onList.has(place))
    .sort((a, b) => a.probability - b.probability);
  const count = (fate: Fate) => rows.filter((row) => row.fate === fate).length;
  return {
    asOf,
    atRisk: { happened: count('happened'), stayed: count('stayed'), open: count('open'), out: count('out') },
    listed: list.length,
    settled: list.filter(({ fate }) => fate === 'happened' || fate === 'stayed').length,
    hits: list.filter(({ fate }) => fate === 'happened').length,
    list,
    missed: misses.length,
    misses,
  };
}

/** How many lists a model card keeps, the latest, and how many partners of each list and of its misses. */
const LISTS_KEPT = 12;
const PARTNERS_KEPT = 50;

/**
 * The latest lists that a track record counts, one by one (see `trackRecord`): foretold by rolling origin from what had
 * matured, among the partners whose outcome is known.
 */
export function replayPast(set: TrainingSet, past: OutOfTime, rule: ListRule): Replay[] {
  const table = selectRows(set.table, past.rows);
  const lists = Array.from(rowsByCutoff(table), ([asOf, rows]) => {
    const ofDay = rows.map((row) => ({
      entityId: table.entities[row],
      probability: past.probabilities[row],
      fate: past.outcomes[row] === 1 ? ('happened' as const) : ('stayed' as const),
    }));
    return replayDay(asOf, ofDay, rule);
  });
  return lists.slice(-LISTS_KEPT).map((replay) => ({
    ...replay,
    list: replay.list.slice(0, PARTNERS_KEPT),
    misses: replay.misses.slice(0, PARTNERS_KEPT),
  }));
}

/** The lists that a stored card keeps; none where it is older than they. */
export function replaysOfCard(card: { replays?: readonly Replay[] }): readonly Replay[] {
  return card.replays ?? [];
}

const OTHERWISE: Record<'open' | 'out', string> = {
  open: 'not known yet',
  out: 'ended by us or merged',
};

/** What became of a partner, for people. */
export function writeFate(fate: Fate, words: OutcomeWords = WENT_QUIET): string {
  return fate === 'open' || fate === 'out' ? OTHERWISE[fate] : words[fate];
}

/** How a list did, in sentences: how many it named, how many of those went quiet, beside calling anyone and the misses. */
export function tellReplayed(
  { listed, settled, hits, missed, atRisk }: Replay,
  words: OutcomeWords = WENT_QUIET,
): string {
  const { happened, stayed, open, out } = atRisk;
  const review = `${listed} to review of ${happened + stayed + open + out} at risk.`;
  if (happened + stayed === 0) return `${review} What became of them is not known yet.`;
  const anyone = `${writePercent(happened / (happened + stayed))} of all at risk did`;
  const right =
    settled === 0
      ? `Nobody on it has a known outcome; ${anyone}`
      : `${hits} of ${settled === listed ? `the ${listed}` : `${settled} with a known outcome`} ${words.happened} ` +
        `(${writePercent(hits / settled)}); ${anyone}`;
  const others = missed === 0 ? 'nobody else' : `${missed} ${missed === 1 ? 'other' : 'others'}`;
  return `${review} ${right}. Not on the list, and ${words.happened}: ${others}.`;
}
