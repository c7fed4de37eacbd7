import type { EventColumns } from './event-columns.ts';
import type { GroupRows } from './group-rows.ts';
import type { GroupedRows } from './grouped-rows.ts';
import { type KindGroup, membersOf } from './kinds.ts';
import { type Program, trackedSince } from './program.ts';
import { DAY, type Instant } from './time.ts';

/** The rows of a group, and for how many whole days it had been tracked at a cutoff; −1 when it was not. */
export interface Tracked {
  group: KindGroup;
  rows: GroupRows;
  days: number;
  /** Which of the cutoffs `days` is about. */
  turn: number;
  /** The same by the number of the cutoff. */
  daysAt: number[];
  /** What was asked for after it the last time. */
  next: Tracked | null;
}

/** The groups that features ask for, found by name, with how long each has been tracked. */
export class TrackedGroups {
  readonly #kinds: readonly string[];
  readonly #program: Program;
  readonly #grouped: GroupedRows;
  readonly #groups = new Map<KindGroup, Tracked>();
  /** What was asked for last: features ask for one many times in a row. */
  #answer: Tracked;
  #cutoff: Instant = Number.NaN;
  /** Cutoffs are numbered as they come: they come again for every partner. */
  readonly #turns: Instant[] = [];
  #turn = -1;

  constructor({ kinds }: EventColumns, program: Program, grouped: GroupedRows) {
    this.#kinds = kinds;
    this.#program = program;
    this.#grouped = grouped;
    // Never null: checking for it took longer than keeping a group that nobody may ask for.
    this.#answer = this.#found('any');
  }

  /** Turns to a cutoff. */
  moveTo(cutoff: Instant): void {
    this.#cutoff = cutoff;
    const next = this.#turn + 1;
    if (this.#turns[next] === cutoff) {
      this.#turn = next;
      return;
    }
    const known = this.#turns.indexOf(cutoff);
    this.#turn = known >= 0 ? known : this.#turns.push(cutoff) - 1;
  }

  /** A group, at the cutoff. */
  of(group: KindGroup): Tracked {
    const last = this.#answer;
    if (last.group === group && last.turn === this.#turn) return last;
    // For every row the same groups are asked for in the same order.
    let tracked = last.next;
    if (tracked === null || tracked.group !== group) {
      tracked = this.#found(group);
      last.next = tracked;
    }
    if (tracked.turn !== this.#turn) {
      tracked.turn = this.#turn;
      tracked.days = tracked.daysAt[this.#turn] ??= this.#wholeDays(group);
    }
    this.#answer = tracked;
    return tracked;
  }

  /** How long the events of a group have been tracked, in days before the cutoff; 0 when they are not. */
  daysOf(group: KindGroup): number {
    const since = trackedSince(this.#program, group, this.#cutoff);
    return Number.isFinite(since) ? (this.#cutoff - since) / DAY : 0;
  }

  /** The longest window of whole days that was tracked; −1 when none was: a window of no days is known of what is tracked. */
  #wholeDays(group: KindGroup): number {
    const since = trackedSince(this.#program, group, this.#cutoff);
    return Number.isFinite(since) ? Math.floor((this.#cutoff - since) / DAY) | 0 : -1;
  }

  #found(group: KindGroup): Tracked {
    let tracked = this.#groups.get(group);
    if (!tracked) {
      const members = membersOf(group, this.#kinds, this.#program.qualifyingKinds);
      tracked = { group, rows: this.#grouped.add(members), days: -1, turn: -1, daysAt: [], next: null };
      this.#groups.set(group, tracked);
      this.#grouped.extend();
    }
    return tracked;
  }
}
