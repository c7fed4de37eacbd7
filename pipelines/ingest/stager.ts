import {
  type CopySink,
  type Database,
  type InputName,
  type Refusal,
  stagedLine,
  stageInto,
  stageRefused,
} from '../../store/index.ts';
import type { ReadRows } from './rows.ts';

/** Bytes of rows that are written together: many enough for the database, few for memory. */
const TOGETHER = 1 << 17;
/** The same for refused rows, in rows and in characters. */
const REFUSALS_TOGETHER = 1000;
const REFUSED_TOGETHER = 1 << 20;

/** Stages the rows of a source, while the next are read. */
export class Stager {
  readonly #transaction: Database;
  readonly #input: InputName;
  #sink: CopySink | undefined;
  #texts: Uint8Array[] = [];
  #length = 0;
  #rows = 0;
  #refusals: Refusal[] = [];
  #refused = 0;

  constructor(transaction: Database, input: InputName) {
    this.#transaction = transaction;
    this.#input = input;
  }

  async add({ rows, refusals }: ReadRows): Promise<void> {
    // As bytes at once: text that waits would be moved by every garbage collection.
    const text = Buffer.from(rows.map(stagedLine).join(''));
    this.#texts.push(text);
    this.#length += text.length;
    this.#rows += rows.length;
    for (const refusal of refusals) {
      this.#refusals.push(refusal);
      this.#refused += refusal.raw.length;
    }
    if (this.#length >= TOGETHER) await this.#write();
    if (this.#refused >= REFUSED_TOGETHER || this.#refusals.length >= REFUSALS_TOGETHER) await this.pause();
  }

  async #write(): Promise<void> {
    if (this.#length === 0) return;
    const lines = Buffer.concat(this.#texts);
    this.#texts = [];
    this.#length = 0;
    this.#sink ??= stageInto(this.#transaction, this.#input);
    await this.#sink.write(lines);
  }

  /**
   * Writes what is there; the transaction is free for other statements then.
   * @returns how many rows are staged by now
   */
  async pause(): Promise<number> {
    await this.#write();
    await this.#sink?.end();
    this.#sink = undefined;
    const refusals = this.#refusals;
    this.#refusals = [];
    this.#refused = 0;
    if (refusals.length > 0) await stageRefused(this.#transaction, refusals);
    return this.#rows;
  }
}
