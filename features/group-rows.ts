import type { EventColumns } from './event-columns.ts';
import type { GroupedRows } from './grouped-rows.ts';
import { LastSeen } from './last-seen.ts';
import { PeriodChanges } from './period-changes.ts';
import { NO_MONEY, NO_ROW_HAS_IT, Totals } from './totals.ts';

const DAYS_PER_WEEK = 7;

/** What an event can name. */
export type Named = 'contact' | 'product' | 'account';

/** The distances between a partner's active days, in days. */
export interface Gaps {
  mean: number;
  median: number;
  longest: number;
}

/**
 * The known rows of one group of kinds, and columns of running totals over them: what a window holds is one
 * subtraction. Each column is made when it is first asked for, and then only continued.
 */
export class GroupRows {
  readonly #columns: EventColumns;
  readonly #grouped: GroupedRows;
  readonly #number: number;
  /** Places in the columns, in the order they happened; the first `length` entries count. */
  rows = new Int32Array(256);
  /** Days since 1970, one per row. */
  days = new Int32Array(256);
  length = 0;
  readonly #changes: (PeriodChanges | undefined)[] = new Array(1 + DAYS_PER_WEEK).fill(undefined);
  readonly #lastSeen: Partial<Record<Named, LastSeen>> = {};
  #money: Totals | undefined;
  #plain: Totals | undefined;
  /** The columns made so far. */
  readonly #made: { forgetFrom(place: number): void }[] = [];
  #gaps: Gaps | null | undefined;
  #scratch = new Int32Array(64);

  /** @param number which of the groups it is */
  constructor(columns: EventColumns, grouped: GroupedRows, number: number) {
    this.#columns = columns;
    this.#grouped = grouped;
    this.#number = number;
  }

  /** Makes room for so many rows. */
  reserve(length: number): void {
    if (this.rows.length >= length) return;
    const [rows, days] = [this.rows, this.days];
    this.rows = new Int32Array(2 * length);
    this.days = new Int32Array(2 * length);
    this.rows.set(rows);
    this.days.set(days);
  }

  /** Rows have been written behind the others. */
  extendTo(length: number): void {
    if (length === this.length) return;
    this.length = length;
    this.#gaps = undefined;
  }

  /** Forgets the rows from a place on. */
  forgetFrom(place: number): void {
    this.length = place;
    this.#gaps = undefined;
    for (let i = 0; i < this.#made.length; i++) this.#made[i].forgetFrom(place);
  }

  /** How many rows of the group happened before a day. */
  before(day: number): number {
    return this.#grouped.before(this.#number, day);
  }

  /** How many of the known rows before a place are of the group. */
  beforePlace(place: number): number {
    return this.#grouped.beforePlace(this.#number, place);
  }

  /** Tells the distinct days with a row. */
  dayChanges(): PeriodChanges {
    return this.#changesOf(0, 1, 0);
  }

  /** Tells the distinct weeks, of those that end before a day, with a row. */
  weekChanges(day: number): PeriodChanges {
    const offset = day % DAYS_PER_WEEK;
    return this.#changesOf(1 + offset, DAYS_PER_WEEK, offset);
  }

  #changesOf(at: number, days: number, offset: number): PeriodChanges {
    let changes = this.#changes[at];
    if (!changes) {
      changes = this.#keep(new PeriodChanges(days, offset));
      this.#changes[at] = changes;
    }
    changes.extend(this.days, this.length);
    return changes;
  }

  /** Running totals of the money in a currency, by its code; of one currency only. */
  money(currency: number): Totals {
    this.#money ??= this.#keep(new Totals(this.#columns, currency < 0 ? NO_ROW_HAS_IT : currency));
    this.#money.extend(this.rows, this.length);
    return this.#money;
  }

  /** Running totals of the plain numbers. */
  plain(): Totals {
    this.#plain ??= this.#keep(new Totals(this.#columns, NO_MONEY));
    this.#plain.extend(this.rows, this.length);
    return this.#plain;
  }

  #keep<Column extends { forgetFrom(place: number): void }>(column: Column): Column {
    this.#made.push(column);
    return column;
  }

  /** When each contact, product or account was last named. */
  lastSeen(named: Named): LastSeen {
    let seen = this.#lastSeen[named];
    if (!seen) {
      seen = this.#keep(new LastSeen(this.#columns[named]));
      this.#lastSeen[named] = seen;
    }
    seen.extend(this.rows, this.days, this.length);
    return seen;
  }

  /** The distances between days with a row, over the whole past; null with fewer than two such days. */
  gaps(): Gaps | null {
    if (this.#gaps === undefined) this.#gaps = this.#measureGaps();
    return this.#gaps;
  }

  /**
   * The share of those distances that are longer than so many days, by Laplace's rule (one more that is and one that is
   * not), so that no past rules anything out; null with fewer than two active days.
   */
  longerGaps(limit: number): number | null {
    const { days, length } = this;
    let [gaps, longer] = [0, 0];
    for (let i = 1; i < length; i++) {
      const gap = days[i] - days[i - 1];
      if (gap > 0) gaps++;
      if (gap > limit) longer++;
    }
    return gaps === 0 ? null : (longer + 1) / (gaps + 2);
  }

  #measureGaps(): Gaps | null {
    const { days, length } = this;
    if (this.#scratch.length < length) this.#scratch = new Int32Array(2 * length);
    let found = 0;
    for (let i = 1; i < length; i++) if (days[i] !== days[i - 1]) this.#scratch[found++] = days[i] - days[i - 1];
    if (found === 0) return null;
    const gaps = this.#scratch.subarray(0, found).sort();
    const middle = found >> 1;
    return {
      mean: (days[length - 1] - days[0]) / found,
      median: found % 2 === 1 ? gaps[middle] : (gaps[middle - 1] + gaps[middle]) / 2,
      longest: gaps[found - 1],
    };
  }
}
