import { codesIn } from './event-columns.ts';

/** Of each code that a partner's rows name, the last day it was named: the distinct codes of any window up to now. */
export class LastSeen {
  readonly #codes: Int32Array;
  /** By code: the last day, of those codes whose stamp is the present one. */
  readonly #lastDay: Int32Array;
  readonly #stamps: Int32Array;
  #stamp = 1;
  #named: number[] = [];
  #upTo = 0;

  /** @param codes by row, −1 where it names none */
  constructor(codes: Int32Array) {
    const most = codesIn(codes);
    this.#codes = codes;
    this.#lastDay = new Int32Array(most);
    this.#stamps = new Int32Array(most);
  }

  /** Rows have moved: what came before cannot be told from what they named, and is taken in again. */
  forgetFrom(place: number): void {
    if (place >= this.#upTo) return;
    this.#stamp++;
    this.#named = [];
    this.#upTo = 0;
  }

  /** @param days ascending, one per row */
  extend(rows: Int32Array, days: Int32Array, length: number): void {
    const codes = this.#codes;
    const stamps = this.#stamps;
    const lastDay = this.#lastDay;
    const stamp = this.#stamp;
    for (let i = this.#upTo; i < length; i++) {
      const code = codes[rows[i]];
      if (code < 0) continue;
      if (stamps[code] !== stamp) {
        stamps[code] = stamp;
        this.#named.push(code);
      }
      lastDay[code] = days[i];
    }
    this.#upTo = length;
  }

  /** How many codes were named on a day or later. */
  since(day: number): number {
    const [named, lastDay] = [this.#named, this.#lastDay];
    let distinct = 0;
    for (let i = 0; i < named.length; i++) if (lastDay[named[i]] >= day) distinct++;
    return distinct;
  }

  /** How many codes were named in the last `days[i]` days before a day or later, into `into[i]`, in one pass. */
  sinceEach(today: number, days: Int32Array, into: Float64Array): void {
    const named = this.#named;
    const lastDay = this.#lastDay;
    const windows = days.length;
    for (let i = 0; i < windows; i++) into[i] = 0;
    for (let at = 0; at < named.length; at++) {
      const outside = today - lastDay[named[at]] - 1;
      // The sign of a difference in place of a branch: which windows a code is in cannot be guessed.
      for (let i = 0; i < windows; i++) into[i] += (outside - days[i]) >>> 31;
    }
  }
}
