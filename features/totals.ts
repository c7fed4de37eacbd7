import type { EventColumns } from './event-columns.ts';

/** Above it, a sum of whole numbers is not exact. */
const EXACT = Number.MAX_SAFE_INTEGER;

/** The code of what is no money, in the columns. */
export const NO_MONEY = -1;
/** A code that no row has. */
export const NO_ROW_HAS_IT = -2;

/**
 * Running totals of values over rows. Whole numbers are subtracted exactly; where a total is not exact, a window is
 * added up row by row, so that what lies outside of it changes no bit.
 */
export class Totals {
  readonly #values: Float64Array;
  readonly #currencies: Int16Array;
  readonly #currency: number;
  #rows: Int32Array = new Int32Array(0);
  #upTo = 0;
  /** Of the rows before each; what has no such value counts as nothing. */
  #sums = new Float64Array(257);
  #known = new Int32Array(257);
  /** Whether every sum so far is exact. */
  #isExact = true;

  /** @param currency code of the currency whose amounts are added up, or `NO_MONEY` for plain numbers */
  constructor({ value, currency: currencies }: EventColumns, currency: number) {
    this.#values = value;
    this.#currencies = currencies;
    this.#currency = currency;
  }

  forgetFrom(place: number): void {
    if (place < this.#upTo) this.#upTo = place;
    if (place === 0) this.#isExact = true;
  }

  extend(rows: Int32Array, length: number): void {
    this.#rows = rows;
    if (this.#upTo !== length) this.#takeIn(rows, length);
  }

  #takeIn(rows: Int32Array, length: number): void {
    if (this.#sums.length <= length) this.#grow(length);
    const sums = this.#sums;
    const known = this.#known;
    const values = this.#values;
    const currencies = this.#currencies;
    const currency = this.#currency;
    for (let i = this.#upTo; i < length; i++) {
      const row = rows[i];
      // Not through `#valueOf`: a number that is handed back is put on the heap.
      const value = currencies[row] === currency ? values[row] : Number.NaN;
      if (Number.isNaN(value)) {
        sums[i + 1] = sums[i];
        known[i + 1] = known[i];
      } else {
        sums[i + 1] = sums[i] + value;
        known[i + 1] = known[i] + 1;
        if (!Number.isInteger(value) || Math.abs(sums[i + 1]) > EXACT) this.#isExact = false;
      }
    }
    this.#upTo = length;
  }

  #grow(length: number): void {
    const [sums, known] = [new Float64Array(2 * length + 1), new Int32Array(2 * length + 1)];
    sums.set(this.#sums);
    known.set(this.#known);
    this.#sums = sums;
    this.#known = known;
  }

  /** NaN when it is missing or in another currency. */
  #valueOf(row: number): number {
    return this.#currencies[row] === this.#currency ? this.#values[row] : Number.NaN;
  }

  /** The sum over the rows `from` to `to` that have such a value. */
  between(from: number, to: number): number {
    if (this.#isExact) return this.#sums[to] - this.#sums[from];
    let total = 0;
    for (let i = from; i < to; i++) {
      const value = this.#valueOf(this.#rows[i]);
      if (!Number.isNaN(value)) total += value;
    }
    return total;
  }

  /** How many of the rows `from` to `to` have such a value. */
  known(from: number, to: number): number {
    return this.#known[to] - this.#known[from];
  }
}
