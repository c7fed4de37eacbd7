/** Running count of how often a row falls into another period (a day, a week) than the row before it. */
export class PeriodChanges {
  readonly #days: number;
  readonly #offset: number;
  /** Up to and including each row; the first `#upTo` entries count. */
  #changes = new Int32Array(0);
  #upTo = 0;

  /**
   * @param days length of a period
   * @param offset the day, counted from any start of a period, on which periods begin
   */
  constructor(days: number, offset: number) {
    this.#days = days;
    this.#offset = offset;
  }

  forgetFrom(place: number): void {
    if (place < this.#upTo) this.#upTo = place;
  }

  /** @param days ascending, one per row, days since 1970 */
  extend(days: Int32Array, length: number): void {
    if (this.#upTo !== length) this.#takeIn(days, length);
  }

  #takeIn(days: Int32Array, length: number): void {
    if (this.#changes.length < length) this.#grow(2 * length);
    const changes = this.#changes;
    const perPeriod = this.#days;
    const offset = this.#offset;
    const from = this.#upTo;
    let period = from === 0 ? 0 : periodOf(days[from - 1], perPeriod, offset);
    let count = from === 0 ? 0 : changes[from - 1];
    for (let i = from; i < length; i++) {
      const next = periodOf(days[i], perPeriod, offset);
      // Periods ascend: the sign of the difference is 1 for a new one. A branch would be guessed wrong every other time.
      count += (period - next) >>> 31;
      period = next;
      changes[i] = count;
    }
    this.#upTo = length;
  }

  #grow(length: number): void {
    const grown = new Int32Array(length);
    grown.set(this.#changes);
    this.#changes = grown;
  }

  /** Distinct periods with one of the rows `from` to `to`. */
  periods(from: number, to: number): number {
    return from < to ? 1 + this.#changes[to - 1] - this.#changes[from] : 0;
  }
}

function periodOf(day: number, perPeriod: number, offset: number): number {
  // A division takes longer than all the rest, and most ask for days.
  return perPeriod === 1 ? day - offset : Math.floor((day - offset) / perPeriod) | 0;
}
