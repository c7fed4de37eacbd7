/** Running count of how often a row falls into another period (a day, a week) than the row before it. */
export class PeriodChanges {
  readonly #days: number;
  readonly #offset: number;
  /** Up to and including each row; the first `#upTo` entries count. */
  #changes = new Int32Array(256);
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
    if (this.#upTo === length) return;
    if (this.#changes.length < length) {
      const grown = new Int32Array(2 * length);
      grown.set(this.#changes);
      this.#changes = grown;
    }
    let i = this.#upTo;
    if (i === 0) this.#changes[i++] = 0;
    for (; i < length; i++) {
      const moved = days[i] !== days[i - 1] && this.#periodOf(days[i]) !== this.#periodOf(days[i - 1]);
      this.#changes[i] = this.#changes[i - 1] + (moved ? 1 : 0);
    }
    this.#upTo = length;
  }

  #periodOf(day: number): number {
    return Math.floor((day - this.#offset) / this.#days);
  }

  /** Distinct periods with one of the rows `from` to `to`. */
  periods(from: number, to: number): number {
    return from < to ? 1 + this.#changes[to - 1] - this.#changes[from] : 0;
  }
}
