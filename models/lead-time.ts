import { DAY, type Instant } from '../features/index.ts';
import { type Measured, measureAll } from './bootstrap.ts';
import type { PastList } from './past-lists.ts';
import type { Random } from './random.ts';
import type { RowNotes } from './row-notes.ts';
import type { TrainingSet } from './training-set.ts';

/** How early those that went were known, by the lists of a test. */
export interface LeadTime {
  /** Endings in the test: a partner's silences and ended agreements, each once though several rows foretell it. */
  endings: number;
  /** How many of them the lists caught. */
  caught: number;
  /** How many of the caught were on the first list already: they were known so early at least. */
  atLeast: number;
  /** Share that no list caught. */
  never: Measured;
  /** Median days of the caught ones; null where none was caught, or most were known by the first list already. */
  medianDays: Measured | null;
}

/** What products of shares may be off by. */
const ROUNDING = 1e-12;

/** One ending of one partner. */
interface Ending {
  /** Any of its rows: they share the partner's weight. */
  row: number;
  /** Days from the first list that knew it to the day it was plain to everyone; null where no list caught it. */
  days: number | null;
  /** Whether the first list of the test knew it already, so that it may have been known for longer. */
  isAtLeast: boolean;
}

/**
 * An ending is caught when its partner stands on the list of a cutoff whose outcome it is. It was known since the first
 * list of the unbroken run of lists up to there, warnings before the last business included; a warning that was dropped
 * and not given again knows nothing. The lead counts from that first list to the day the ending was plain to everyone
 * (`Label.plainOn`): when the silence had lasted the horizon, or the agreement ended. Leads that begin with the test's
 * first list are right-censored, and the median is Kaplan & Meier's (1958).
 * @returns null where the test holds no ending of a known day
 */
export function leadTime(
  test: TrainingSet,
  { plainOn }: RowNotes,
  lists: readonly PastList[],
  random: Random,
): LeadTime | null {
  const endings = endingsOf(test, plainOn, lists);
  if (endings.length === 0) return null;
  const caught = endings.filter((ending) => ending.days !== null) as (Ending & { days: number })[];
  const [never, medianDays] = measureAll(
    test.table.entities,
    [(weights) => 1 - weightOf(caught, weights) / weightOf(endings, weights), (weights) => medianOf(caught, weights)],
    random,
  );
  return {
    endings: endings.length,
    caught: caught.length,
    atLeast: caught.filter(({ isAtLeast }) => isAtLeast).length,
    never,
    medianDays: Number.isNaN(medianDays.value) ? null : medianDays,
  };
}

function endingsOf({ table, outcomes }: TrainingSet, plainOn: Float64Array, lists: readonly PastList[]): Ending[] {
  const places = new Map(lists.map(({ listed }, i) => [i, new Set(listed.map((row) => table.entities[row]))]));
  const isOn = (list: number, partner: string) => places.get(list)?.has(partner) === true;
  const endings = new Map<string, Ending>();
  lists.forEach(({ cutoff, rows }, i) => {
    for (const row of rows) {
      if (outcomes[row] !== 1 || Number.isNaN(plainOn[row])) continue;
      const partner = table.entities[row];
      const key = `${plainOn[row]} ${partner}`;
      const ending = endings.get(key) ?? { row, days: null, isAtLeast: false };
      endings.set(key, ending);
      if (ending.days !== null || !isOn(i, partner) || plainOn[row] < cutoff) continue;
      let first = i;
      while (isOn(first - 1, partner)) first--;
      ending.days = daysBetween(lists[first].cutoff, plainOn[row]);
      ending.isAtLeast = first === 0;
    }
  });
  return [...endings.values()];
}

function daysBetween(from: Instant, to: Instant): number {
  return Math.floor((to - from) / DAY);
}

function weightOf(endings: readonly Ending[], weights: ArrayLike<number>): number {
  return endings.reduce((sum, { row }) => sum + weights[row], 0);
}

/** The least lead that at most half exceed, those of the first list counted as longer; NaN where there is none. */
function medianOf(caught: readonly (Ending & { days: number })[], weights: ArrayLike<number>): number {
  const ascending = caught.toSorted((a, b) => a.days - b.days || Number(a.isAtLeast) - Number(b.isAtLeast));
  let left = weightOf(ascending, weights);
  let longer = 1;
  for (const { row, days, isAtLeast } of ascending) {
    if (!isAtLeast && left > 0) longer *= 1 - weights[row] / left;
    if (longer <= 0.5 + ROUNDING) return days;
    left -= weights[row];
  }
  return Number.NaN;
}
