import type { EventColumns } from './event-columns.ts';
import { GroupRows } from './group-rows.ts';
import type { KnownRows } from './known-rows.ts';

/**
 * The known rows sorted into groups of kinds, in one pass. Beside each row stands how many rows of each group came
 * before it, so that what a group has in any window of days is found by two look-ups.
 */
export class GroupedRows {
  readonly #columns: EventColumns;
  readonly #known: KnownRows;
  readonly #currency: number;
  readonly #groups: GroupRows[] = [];
  /** By kind, the numbers of the groups it is in. */
  readonly #groupsOf: number[][];
  /** Row after row, one count per group: those of the first `#counted` rows, and what they come to. */
  #before = new Int32Array(0);
  #counted = 0;
  /** How many groups there are. */
  #width = 0;
  /** Group after group, the rows of each and their days, with room for so many. */
  #rows = new Int32Array(0);
  #days = new Int32Array(0);
  #room = 0;

  /** @param currency code of the currency that money is added up in, or `NO_ROW_HAS_IT` */
  constructor(columns: EventColumns, known: KnownRows, currency: number) {
    this.#columns = columns;
    this.#known = known;
    this.#currency = currency;
    this.#groupsOf = columns.kinds.map(() => []);
  }

  /** @param members 1 for each kind of the columns that is in the group */
  add(members: Uint8Array): GroupRows {
    const number = this.#groups.length;
    // Beside each row there is one count more from now on.
    this.forgetFrom(0);
    this.#before = new Int32Array(0);
    this.#room = 0;
    const group = new GroupRows(this.#columns, this, number, this.#currency);
    this.#width = this.#groups.push(group);
    for (let kind = 0; kind < members.length; kind++) if (members[kind] === 1) this.#groupsOf[kind].push(number);
    return group;
  }

  /** How many rows of a group happened before a day. */
  before(group: number, day: number): number {
    return this.#before[this.#known.before(day) * this.#width + group];
  }

  /** The counts themselves, to be read in a loop: those beside a place begin at `place * width`, one per group. */
  get counts(): Int32Array {
    return this.#before;
  }

  get width(): number {
    return this.#width;
  }

  /** Forgets what was made of the known rows from a place on: they have moved. */
  forgetFrom(place: number): void {
    if (place >= this.#counted) return;
    this.#counted = place;
    const groups = this.#groups;
    for (let group = 0; group < groups.length; group++) {
      groups[group].forgetFrom(this.#before[place * groups.length + group]);
    }
  }

  /** Takes in the rows that have become known. */
  extend(): void {
    const { count } = this.#known;
    const width = this.#width;
    if (this.#before.length < (count + 1) * width) this.#grow(2 * (count + 1) * width);
    if (this.#counted === count) return;
    if (this.#room < count) this.#makeRoom(2 * count);
    this.#takeIn(this.#counted, count);
    this.#counted = count;
    for (let group = 0; group < width; group++) this.#groups[group].extendTo(this.#before[count * width + group]);
  }

  #takeIn(from: number, to: number): void {
    const { rows, days, kinds } = this.#known;
    const before = this.#before;
    const width = this.#width;
    const room = this.#room;
    const groupsOf = this.#groupsOf;
    const [rowsOf, daysOf] = [this.#rows, this.#days];
    for (let place = from; place < to; place++) {
      const here = place * width;
      const next = here + width;
      for (let at = here; at < next; at++) before[at + width] = before[at];
      const row = rows[place];
      const day = days[place];
      const members = groupsOf[kinds[place]];
      for (let i = 0; i < members.length; i++) {
        const group = members[i];
        const index = group * room + before[next + group]++;
        rowsOf[index] = row;
        daysOf[index] = day;
      }
    }
  }

  #grow(length: number): void {
    const grown = new Int32Array(length);
    grown.set(this.#before);
    this.#before = grown;
  }

  /** Each group has a part of two arrays: rows are written without asking for the group first. */
  #makeRoom(room: number): void {
    const [rows, days] = [new Int32Array(this.#width * room), new Int32Array(this.#width * room)];
    this.#groups.forEach((group, number) => {
      const [from, to] = [number * room, (number + 1) * room];
      rows.set(group.rows.subarray(0, group.length), from);
      days.set(group.days.subarray(0, group.length), from);
      group.lieIn(rows.subarray(from, to), days.subarray(from, to));
    });
    this.#rows = rows;
    this.#days = days;
    this.#room = room;
  }
}
