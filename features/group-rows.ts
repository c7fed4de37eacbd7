import type { EventColumns } from './event-columns.ts';
import type { KnownRows } from './known-rows.ts';
import { LastSeen } from './last-seen.ts';
import { PeriodChanges } from './period-changes.ts';
import { Totals } from './totals.ts';

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
  readonly #known: KnownRows;
  readonly #members: Uint8Array;
  /** Places in the columns, in the order they happened; the first `length` entries count. */
  rows = new Int32Array(256);
  /** Days since 1970, one per row. */
  days = new Int32Array(256);
  length = 0;
  /** Per known row, how many of the rows before it are in the group; filled up to `#counted`. */
  #before = new Int32Array(1025);
  #counted = 0;
  readonly #changes: (PeriodChanges | undefined)[] = new Array(1 + DAYS_PER_WEEK).fill(undefined);
  readonly #lastSeen: Partial<Record<Named, LastSeen>> = {};
  #totals: Totals | undefined;
  #gaps: Gaps | null | undefined;
  #scratch = new Int32Array(64);

  /** @param members 1 for each kind of the columns that is in the group */
  constructor(columns: EventColumns, known: KnownRows, members: Uint8Array) {
    this.#columns = columns;
    this.#known = known;
    this.#members = members;
  }

  /** Forgets what was made of the known rows from a place on: they have moved. */
  forgetFrom(place: number): void {
    if (place >= this.#counted) return;
    this.#counted = place;
    this.length = this.#before[place];
    for (const changes of this.#changes) changes?.forgetFrom(this.length);
    this.#lastSeen.contact?.forgetFrom(this.length);
    this.#lastSeen.product?.forgetFrom(this.length);
    this.#lastSeen.account?.forgetFrom(this.length);
    this.#totals?.forgetFrom(this.length);
    this.#gaps = undefined;
  }

  /** Takes in the rows that have become known. */
  extend(): void {
    const { count, rows, days } = this.#known;
    if (this.#counted === count) return;
    if (this.#before.length <= count) this.#grow(count);
    const { kind } = this.#columns;
    let { length } = this;
    const from = length;
    for (let place = this.#counted; place < count; place++) {
      const row = rows[place];
      if (this.#members[kind[row]] === 1) {
        this.rows[length] = row;
        this.days[length++] = days[place];
      }
      this.#before[place + 1] = length;
    }
    this.#counted = count;
    this.length = length;
    if (length > from) this.#gaps = undefined;
  }

  #grow(count: number): void {
    const wider = (from: Int32Array, length: number) => {
      const grown = new Int32Array(length);
      grown.set(from);
      return grown;
    };
    this.rows = wider(this.rows, 2 * count);
    this.days = wider(this.days, 2 * count);
    this.#before = wider(this.#before, 2 * count + 1);
  }

  /** How many rows of the group happened before a day. */
  before(day: number): number {
    return this.#before[this.#known.before(day)];
  }

  /** Distinct days with a row of the places `from` to `to`. */
  activeDays(from: number, to: number): number {
    return this.#distinctPeriods(0, 1, 0, from, to);
  }

  /** Distinct weeks, of those that end before a day, with a row of the places `from` to `to`. */
  activeWeeks(from: number, to: number, day: number): number {
    const offset = day % DAYS_PER_WEEK;
    return this.#distinctPeriods(1 + offset, DAYS_PER_WEEK, offset, from, to);
  }

  #distinctPeriods(at: number, days: number, offset: number, from: number, to: number): number {
    if (from >= to) return 0;
    let changes = this.#changes[at];
    if (!changes) {
      changes = new PeriodChanges(days, offset);
      this.#changes[at] = changes;
    }
    changes.extend(this.days, this.length);
    return 1 + changes.between(from, to);
  }

  /** Running totals of the values. */
  totals(currency: number): Totals {
    this.#totals ??= new Totals(this.#columns, currency);
    this.#totals.extend(this.rows, this.length);
    return this.#totals;
  }

  /** When each contact, product or account was last named. */
  lastSeen(named: Named): LastSeen {
    let seen = this.#lastSeen[named];
    if (!seen) {
      seen = new LastSeen(this.#columns[named]);
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
