import { type Database, type InputName, type Refusal, stage, stagedLine, stageRefused } from '../../store/index.ts';
import type { ReadRows } from './rows.ts';

/** Bytes of rows, and refused rows, that are written together: many enough for the database, few for memory. */
const TOGETHER = 1 << 19;
const REFUSALS_TOGETHER = 1000;

/** Stages rows: some are written while the next are read. */
export class Stager {
  readonly #transaction: Database;
  readonly #input: InputName;
  #texts: Uint8Array[] = [];
  #length = 0;
  #refusals: Refusal[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(transaction: Database, input: InputName) {
    this.#transaction = transaction;
    this.#input = input;
  }

  async add({ rows, refusals }: ReadRows): Promise<void> {
    // As bytes at once: text that waits would be moved by every garbage collection.
    const text = Buffer.from(rows.map(stagedLine).join(''));
    this.#texts.push(text);
    this.#length += text.length;
    this.#refusals.push(...refusals);
    if (this.#length < TOGETHER && this.#refusals.length < REFUSALS_TOGETHER) return;
    await this.#writing;
    this.#writing = this.#write();
    // Told when it is awaited, in the next round; the rows after it are read in the meantime.
    this.#writing.catch(() => {});
  }

  /** Writes what is left; every row is staged then. */
  async end(): Promise<void> {
    await this.#writing;
    await this.#write();
  }

  async #write(): Promise<void> {
    const [lines, refusals] = [Buffer.concat(this.#texts), this.#refusals];
    this.#texts = [];
    this.#length = 0;
    this.#refusals = [];
    if (lines.length > 0) await stage(this.#transaction, this.#input, lines);
    if (refusals.length > 0) await stageRefused(this.#transaction, refusals);
  }
}
