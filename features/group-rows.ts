import type { EventColumns } from './event-columns.ts';
import { GapCounts } from './gap-counts.ts';
import type { GroupedRows } from './grouped-rows.ts';
import { LastSeen } from './last-seen.ts';
import { PeriodChanges } from './period-changes.ts';
import { NO_MONEY, Totals } from './totals.ts';

const DAYS_PER_WEEK = 7;
const NONE = new Int32Array(0);

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
 * subtraction. A column takes rows in when it is asked, and is only continued after that.
 */
export class GroupRows {
  readonly #columns: EventColumns;
  readonly #grouped: GroupedRows;
  /** Which of the groups it is. */
  readonly number: number;
  /** Places in the columns, in the order they happened; the first `length` entries count. */
  rows: Int32Array = NONE;
  /** Days since 1970, one per row. */
  days: Int32Array = NONE;
  length = 0;
  // Made at once, not when first asked for: what the compiler has not seen happen it compiles again when it does.
  readonly #plain: Totals;
  readonly #money: Totals;
  readonly #dayChanges = new PeriodChanges(1, 0);
  /** One for each weekday that a week can begin on. */
  readonly #weekChanges = Array.from({ length: DAYS_PER_WEEK }, (_, day) => new PeriodChanges(DAYS_PER_WEEK, day));
  /** These have a place for every code of the columns: only those that are asked for. */
  readonly #lastSeen: Record<Named, LastSeen | null> = { contact: null, product: null, account: null };
  readonly #gapCounts = new GapCounts();

  /** @param currency code of the currency that money is added up in, or `NO_ROW_HAS_IT` */
  constructor(columns: EventColumns, grouped: GroupedRows, number: number, currency: number) {
    this.#columns = columns;
    this.#grouped = grouped;
    this.number = number;
    this.#plain = new Totals(columns, NO_MONEY);
    this.#money = new Totals(columns, currency);
  }

  /** The rows stand in other memory from now on. */
  lieIn(rows: Int32Array, days: Int32Array): void {
    this.rows = rows;
    this.days = days;
  }

  /** Rows have been written behind the others; columns take them in when they are asked. */
  extendTo(length: number): void {
    this.length = length;
  }

  /** Forgets the rows from a place on. */
  forgetFrom(place: number): void {
    this.length = place;
    this.#plain.forgetFrom(place);
    this.#money.forgetFrom(place);
    this.#dayChanges.forgetFrom(place);
    this.#gapCounts.forgetFrom(place);
    for (let day = 0; day < DAYS_PER_WEEK; day++) this.#weekChanges[day].forgetFrom(place);
    const { contact, product, account } = this.#lastSeen;
    if (contact !== null) contact.forgetFrom(place);
    if (product !== null) product.forgetFrom(place);
    if (account !== null) account.forgetFrom(place);
  }

  /** How many rows of the group happened before a day. */
  before(day: number): number {
    return this.#grouped.before(this.number, day);
  }

  /** Tells the distinct days with a row. */
  dayChanges(): PeriodChanges {
    this.#dayChanges.extend(this.days, this.length);
    return this.#dayChanges;
  }

  /** Tells the distinct weeks, of those that end before a day, with a row. */
  weekChanges(day: number): PeriodChanges {
    const changes = this.#weekChanges[((day % DAYS_PER_WEEK) + DAYS_PER_WEEK) % DAYS_PER_WEEK];
    changes.extend(this.days, this.length);
    return changes;
  }

  /** Running totals of the money in the reporting currency. */
  money(): Totals {
    this.#money.extend(this.rows, this.length);
    return this.#money;
  }

  /** Running totals of the plain numbers. */
  plain(): Totals {
    this.#plain.extend(this.rows, this.length);
    return this.#plain;
  }

  /** When each contact, product or account was last named. */
  lastSeen(named: Named): LastSeen {
    let seen = this.#lastSeen[named];
    if (seen === null) {
      seen = new LastSeen(this.#columns[named]);
      this.#lastSeen[named] = seen;
    }
    seen.extend(this.rows, this.days, this.length);
    return seen;
  }

  /** The distances between days with a row, over the whole past; null with fewer than two such days. */
  gaps(): Gaps | null {
    const counts = this.#countedGaps();
    if (counts.gaps === 0) return null;
    const { days, length } = this;
    return {
      mean: (days[length - 1] - days[0]) / counts.gaps,
      median: counts.median,
      longest: counts.longest,
    };
  }

  /**
   * The share of those distances that are longer than so many days, by Laplace's rule (one more that is and one that is
   * not), so that no past rules anything out; null with fewer than two active days.
   */
  longerGaps(limit: number): number | null {
    const counts = this.#countedGaps();
    return counts.gaps === 0 ? null : (counts.longer(limit) + 1) / (counts.gaps + 2);
  }

  #countedGaps(): GapCounts {
    this.#gapCounts.extend(this.days, this.length);
    return this.#gapCounts;
  }
}
