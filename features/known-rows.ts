import type { EventColumns } from './event-columns.ts';
import { DAY, type Instant } from './time.ts';

/**
 * The rows of one partner that are known at a cutoff, in the order they happened, and where each day begins among
 * them. Moving to a later cutoff adds what has become known since: at the end where records are on time, in between
 * where they came late; a row that a correction replaced is taken out. So a partner's whole past costs one pass,
 * however many cutoffs it is seen at, plus what lies after each late row.
 */
export class KnownRows {
  // Columns come from many places, each with a shape of its own to the compiler: they are looked into once.
  readonly #offsets: Int32Array;
  readonly #happenedAt: Float64Array;
  readonly #knownAt: Float64Array;
  readonly #replacedAt: Float64Array;
  readonly #kind: Uint16Array;
  /** Places in the columns; the first `count` entries count. */
  rows = new Int32Array(1024);
  /** Days since 1970, one per row. */
  days = new Int32Array(1024);
  /** Codes of their kinds, one per row. */
  kinds = new Uint16Array(1024);
  count = 0;
  #next = 0;
  #end = 0;
  /** Rows that have happened and are not known yet. */
  #waiting: number[] = [];
  /** Known rows that a correction will replace. */
  #passing: number[] = [];
  /** Per day since `#firstDay`, how many rows happened before it; filled up to `#filled`. */
  #before = new Int32Array(1024);
  #firstDay = 0;
  #filled = 0;

  constructor(columns: EventColumns) {
    this.#offsets = columns.offsets;
    this.#happenedAt = columns.happenedAt;
    this.#knownAt = columns.knownAt;
    this.#replacedAt = columns.replacedAt;
    this.#kind = columns.kind;
  }

  /** Turns to a partner of which nothing is known yet. */
  begin(partner: number): void {
    const [offsets, happenedAt] = [this.#offsets, this.#happenedAt];
    this.#next = offsets[partner];
    this.#end = offsets[partner + 1];
    this.count = 0;
    this.#waiting = [];
    this.#passing = [];
    this.#filled = 0;
    if (this.#next === this.#end) return;
    this.#firstDay = dayOf(happenedAt[this.#next]);
    const [rows, days] = [this.#end - this.#next, dayOf(happenedAt[this.#end - 1]) - this.#firstDay + 2];
    if (this.rows.length < rows) {
      this.rows = new Int32Array(2 * rows);
      this.days = new Int32Array(2 * rows);
      this.kinds = new Uint16Array(2 * rows);
    }
    if (this.#before.length < days) this.#before = new Int32Array(2 * days);
  }

  /**
   * Moves on to a cutoff, later than the last since `begin`.
   * @returns how many of the rows are as they were: those that follow are new or have moved
   */
  advance(cutoff: Instant): number {
    let unmoved = this.count;
    if (this.#waiting.length + this.#passing.length > 0) {
      unmoved = this.#settle(cutoff);
      this.#countDays(unmoved);
    }
    this.#append(cutoff);
    return unmoved;
  }

  /** Takes in the rows that have happened since. */
  #append(cutoff: Instant): void {
    const happenedAt = this.#happenedAt;
    const knownAt = this.#knownAt;
    const replacedAt = this.#replacedAt;
    const kind = this.#kind;
    const { rows, days, kinds } = this;
    const before = this.#before;
    const firstDay = this.#firstDay;
    const end = this.#end;
    let { count } = this;
    let filled = this.#filled;
    let row = this.#next;
    for (; row < end; row++) {
      const at = happenedAt[row];
      if (at >= cutoff) break;
      if (replacedAt[row] < cutoff) continue;
      if (knownAt[row] >= cutoff) {
        this.#waiting.push(row);
        continue;
      }
      if (replacedAt[row] !== Number.POSITIVE_INFINITY) this.#passing.push(row);
      const day = dayOf(at);
      rows[count] = row;
      days[count] = day;
      kinds[count] = kind[row];
      while (filled < day - firstDay) before[++filled] = count;
      count++;
    }
    this.#next = row;
    this.count = count;
    this.#filled = filled;
  }

  /** How many rows happened before a day. */
  before(day: number): number {
    const index = day - this.#firstDay;
    if (index > this.#filled) return this.count;
    return index <= 0 ? 0 : this.#before[index];
  }

  /** Takes in the rows that waited and are known now, and out those that are replaced; returns the first place touched. */
  #settle(cutoff: Instant): number {
    const [knownAt, replacedAt] = [this.#knownAt, this.#replacedAt];
    const arrived = this.#waiting.filter((row) => knownAt[row] < cutoff && replacedAt[row] >= cutoff);
    const gone = new Set(this.#passing.filter((row) => replacedAt[row] < cutoff));
    if (arrived.length > 0) this.#waiting = this.#waiting.filter((row) => knownAt[row] >= cutoff);
    if (gone.size > 0) this.#passing = this.#passing.filter((row) => !gone.has(row));
    for (const row of arrived) if (replacedAt[row] !== Number.POSITIVE_INFINITY) this.#passing.push(row);
    return arrived.length + gone.size === 0 ? this.count : this.#merge(arrived, gone);
  }

  #merge(arrived: readonly number[], gone: ReadonlySet<number>): number {
    const first = firstOf(arrived, gone);
    let place = this.count;
    while (place > 0 && this.rows[place - 1] >= first) place--;
    const moved = [...this.rows.subarray(place, this.count).filter((row) => !gone.has(row)), ...arrived];
    this.rows.set(
      moved.sort((a, b) => a - b),
      place,
    );
    this.count = place + moved.length;
    return place;
  }

  /** Where each day begins among the rows from a place on, which have moved. */
  #countDays(from: number): void {
    const [happenedAt, kind] = [this.#happenedAt, this.#kind];
    const { rows, days, kinds, count } = this;
    const before = this.#before;
    const firstDay = this.#firstDay;
    let filled = from === 0 ? 0 : days[from - 1] - firstDay;
    for (let place = from; place < count; place++) {
      const row = rows[place];
      const day = dayOf(happenedAt[row]);
      days[place] = day;
      kinds[place] = kind[row];
      while (filled < day - firstDay) before[++filled] = place;
    }
    this.#filled = filled;
  }
}

/** The lowest row; there may be more of them than a call can take as arguments. */
function firstOf(...rows: Iterable<number>[]): number {
  let first = Number.POSITIVE_INFINITY;
  for (const some of rows) for (const row of some) first = Math.min(first, row);
  return first;
}

/** The UTC day of an instant, as days since 1970: a 32-bit whole number, with which the processor counts fastest. */
function dayOf(instant: Instant): number {
  return Math.floor(instant / DAY) | 0;
}
