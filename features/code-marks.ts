import { codesIn } from './event-columns.ts';

/** Rows, as places in the columns. */
interface Rows {
  rows: Int32Array;
}

/** Counts the codes that stretches of rows name, without a set: beside each code stands which question saw it last. */
export class CodeMarks {
  readonly #codes: Int32Array;
  readonly #seen: Int32Array;
  readonly #tally: Int32Array;
  #question = 1;

  /** @param codes by row, −1 where it names none */
  constructor(codes: Int32Array) {
    const most = codesIn(codes);
    this.#codes = codes;
    this.#seen = new Int32Array(most);
    this.#tally = new Int32Array(most);
  }

  /** How many codes the rows `from` to `to` name. */
  distinct(rows: Rows, from: number, to: number): number {
    this.#question++;
    return this.further(rows, from, to);
  }

  /** How many they name besides those that were counted since the last `distinct`, which began with its own. */
  further({ rows }: Rows, from: number, to: number): number {
    const codes = this.#codes;
    const seen = this.#seen;
    const question = this.#question;
    let fresh = 0;
    for (let i = from; i < to; i++) {
      const code = codes[rows[i]];
      if (code >= 0 && seen[code] !== question) {
        seen[code] = question;
        fresh++;
      }
    }
    return fresh;
  }

  /** The largest share that one code has of the rows that name any, 0 to 1; null where none does. */
  topShare({ rows }: Rows, from: number, to: number): number | null {
    const codes = this.#codes;
    const tally = this.#tally;
    let [named, most] = [0, 0];
    for (let i = from; i < to; i++) {
      const code = codes[rows[i]];
      if (code < 0) continue;
      named++;
      most = Math.max(most, ++tally[code]);
    }
    for (let i = from; i < to; i++) if (codes[rows[i]] >= 0) tally[codes[rows[i]]] = 0;
    return named === 0 ? null : most / named;
  }
}
