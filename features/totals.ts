import type { EventColumns } from './event-columns.ts';

/** Above it, a sum of whole numbers is not exact. */
const EXACT = Number.MAX_SAFE_INTEGER;

/**
 * Running totals of values over rows: of money in the reporting currency, and of plain numbers. Whole numbers are
 * subtracted exactly; where a total is not, a window is added up row by row, so that what lies outside of it changes
 * no bit.
 */
export class Totals {
  readonly #columns: EventColumns;
  readonly #currency: number;
  #money = new Running();
  #plain = new Running();
  #upTo = 0;
  #rows: Int32Array = new Int32Array(0);

  /** @param currency code of the reporting currency in the columns, −1 where no row has it */
  constructor(columns: EventColumns, currency: number) {
    this.#columns = columns;
    this.#currency = currency;
  }

  forgetFrom(place: number): void {
    if (place < this.#upTo) this.#upTo = place;
  }

  extend(rows: Int32Array, length: number): void {
    this.#rows = rows;
    if (this.#upTo === length) return;
    this.#money.reserve(length);
    this.#plain.reserve(length);
    for (let i = this.#upTo; i < length; i++) {
      this.#money.put(i, this.#moneyOf(rows[i]));
      this.#plain.put(i, this.#plainOf(rows[i]));
    }
    this.#upTo = length;
  }

  /** NaN when an amount is missing, or in another currency. */
  #moneyOf(row: number): number {
    const { currency, value } = this.#columns;
    return currency[row] >= 0 && currency[row] === this.#currency ? value[row] : Number.NaN;
  }

  #plainOf(row: number): number {
    const { currency, value } = this.#columns;
    return currency[row] < 0 ? value[row] : Number.NaN;
  }

  /** Money of the rows `from` to `to`, in minor units; null when that of any is unknown. */
  money(from: number, to: number): number | null {
    return this.#money.known(from, to) < to - from
      ? null
      : this.#sum(this.#money, from, to, (row) => this.#moneyOf(row));
  }

  /** Plain numbers of the rows `from` to `to` that have one. */
  plain(from: number, to: number): number {
    return this.#sum(this.#plain, from, to, (row) => this.#plainOf(row));
  }

  /** How many of the rows `from` to `to` have a plain number. */
  plainKnown(from: number, to: number): number {
    return this.#plain.known(from, to);
  }

  #sum(running: Running, from: number, to: number, amountOf: (row: number) => number): number {
    if (running.isExact) return running.sum(from, to);
    let total = 0;
    for (let i = from; i < to; i++) {
      const value = amountOf(this.#rows[i]);
      if (!Number.isNaN(value)) total += value;
    }
    return total;
  }
}

class Running {
  /** Of the rows before each; NaN counts as nothing. */
  #sums = new Float64Array(257);
  #known = new Int32Array(257);
  /** Whether every sum so far is exact. */
  isExact = true;

  reserve(length: number): void {
    if (this.#sums.length > length) return;
    const [sums, known] = [new Float64Array(2 * length + 1), new Int32Array(2 * length + 1)];
    sums.set(this.#sums);
    known.set(this.#known);
    this.#sums = sums;
    this.#known = known;
  }

  put(i: number, value: number): void {
    if (i === 0) this.isExact = true;
    const isKnown = !Number.isNaN(value);
    const sum = isKnown ? this.#sums[i] + value : this.#sums[i];
    if (isKnown && (!Number.isInteger(value) || Math.abs(sum) > EXACT)) this.isExact = false;
    this.#sums[i + 1] = sum;
    this.#known[i + 1] = this.#known[i] + (isKnown ? 1 : 0);
  }

  sum(from: number, to: number): number {
    return this.#sums[to] - this.#sums[from];
  }

  known(from: number, to: number): number {
    return this.#known[to] - this.#known[from];
  }
}
