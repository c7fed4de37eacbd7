/** How often the active days of a group of rows were so many days apart: kept up as rows come, never sorted. */
export class GapCounts {
  /** By length in days. */
  #counts = new Int32Array(128);
  #gaps = 0;
  #longest = 0;
  #upTo = 0;

  /** Rows have moved: the distances are counted again. */
  forgetFrom(place: number): void {
    if (place >= this.#upTo) return;
    this.#counts.fill(0, 0, this.#longest + 1);
    this.#gaps = 0;
    this.#longest = 0;
    this.#upTo = 0;
  }

  /** @param days ascending, one per row */
  extend(days: Int32Array, length: number): void {
    for (let i = Math.max(1, this.#upTo); i < length; i++) {
      const gap = days[i] - days[i - 1];
      if (gap > 0) this.#add(gap);
    }
    this.#upTo = length;
  }

  #add(gap: number): void {
    if (gap >= this.#counts.length) {
      const grown = new Int32Array(2 * gap);
      grown.set(this.#counts);
      this.#counts = grown;
    }
    this.#counts[gap]++;
    this.#gaps++;
    if (gap > this.#longest) this.#longest = gap;
  }

  /** How many there are. */
  get gaps(): number {
    return this.#gaps;
  }

  get longest(): number {
    return this.#longest;
  }

  /** The middle one, or the mean of the two in the middle; not to be asked where there is none. */
  get median(): number {
    const middle = this.#gaps >> 1;
    return this.#gaps % 2 === 1 ? this.#at(middle) : (this.#at(middle - 1) + this.#at(middle)) / 2;
  }

  /** The one at a place among all of them, ascending. */
  #at(place: number): number {
    let gap = 0;
    for (let before = 0; before <= place; before += this.#counts[gap]) gap++;
    return gap;
  }

  /** How many are longer than so many days, whole and not negative. */
  longer(days: number): number {
    let longer = 0;
    for (let gap = days + 1; gap <= this.#longest; gap++) longer += this.#counts[gap];
    return longer;
  }
}
