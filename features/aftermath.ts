import { agreementsKnownBy, type EndReason, type EventColumns } from './event-columns.ts';
import { type KindGroup, membersOf } from './kinds.ts';
import type { Program } from './program.ts';
import { DAY, type Instant } from './time.ts';

/**
 * What came after a cutoff, as the records showed it at a later moment, `knownBy`: what labels are made of and
 * features never see. Days are counted forward from the cutoff; windows are half-open.
 */
export class Aftermath {
  readonly #columns: EventColumns;
  readonly #qualifying: ReadonlySet<string>;
  /** Code of the reporting currency; −1 where no row has it. */
  readonly #currency: number;
  readonly #members = new Map<KindGroup, Uint8Array>();
  #partner = -1;
  #cutoff: Instant = Number.NaN;
  #knownBy: Instant = Number.NaN;

  constructor(columns: EventColumns, program: Program) {
    this.#columns = columns;
    this.#qualifying = program.qualifyingKinds;
    this.#currency = columns.currencies.indexOf(program.reportingCurrency);
  }

  /** Turns to a partner, by its place in the columns, a cutoff and the moment the records are read. */
  moveTo(partner: number, cutoff: Instant, knownBy: Instant): this {
    this.#partner = partner;
    this.#cutoff = cutoff;
    this.#knownBy = knownBy;
    return this;
  }

  get cutoff(): Instant {
    return this.#cutoff;
  }

  /** Whether a window that ends `days` after the cutoff had ended when the records were read. */
  isComplete(days: number): boolean {
    return this.#cutoff + days * DAY <= this.#knownBy;
  }

  /** Whole days from the cutoff to when the records were read. */
  get days(): number {
    return Math.floor((this.#knownBy - this.#cutoff) / DAY);
  }

  /** Events from `from` to `to` days after the cutoff. */
  count(group: KindGroup, from: number, to: number): number {
    let events = 0;
    this.#visit(group, from, to, () => {
      events++;
      return true;
    });
    return events;
  }

  /** Days from the cutoff to the first event from `from` to `to` days after it, with their fraction; null without any. */
  first(group: KindGroup, from: number, to: number): number | null {
    let days: number | null = null;
    this.#visit(group, from, to, (happenedAt) => {
      days = (happenedAt - this.#cutoff) / DAY;
      return false;
    });
    return days;
  }

  /**
   * Money of the events from `from` to `to` days after the cutoff, in minor units of the reporting currency; null when
   * an amount is missing or in another currency without a known rate.
   */
  money(group: KindGroup, from: number, to: number): number | null {
    const { value, currency } = this.#columns;
    let total = 0;
    this.#visit(group, from, to, (_happenedAt, row) => {
      total += currency[row] === this.#currency ? value[row] : Number.NaN;
      return true;
    });
    return Number.isNaN(total) ? null : total;
  }

  /** Shows when each event from `from` to `to` days after the cutoff happened, ascending, as long as more are wanted. */
  #visit(group: KindGroup, from: number, to: number, visit: (happenedAt: Instant, row: number) => boolean): void {
    const { happenedAt, kind, offsets } = this.#columns;
    const members = this.#membersOf(group);
    const start = this.#cutoff + from * DAY;
    const end = this.#cutoff + to * DAY;
    for (let row = this.#firstRowFrom(start); row < offsets[this.#partner + 1] && happenedAt[row] < end; row++) {
      if (this.#stands(row) && members[kind[row]] === 1 && !visit(happenedAt[row], row)) return;
    }
  }

  /** The instant of the latest event before `to` days after the cutoff; null when none is on record. */
  latest(group: KindGroup, to: number): Instant | null {
    const { happenedAt, offsets } = this.#columns;
    const members = this.#membersOf(group);
    for (let row = this.#firstRowFrom(this.#cutoff + to * DAY) - 1; row >= offsets[this.#partner]; row--) {
      if (this.#stands(row) && members[this.#columns.kind[row]] === 1) return happenedAt[row];
    }
    return null;
  }

  /** Whether a row was known, and not yet corrected, when the records were read. */
  #stands(row: number): boolean {
    const { knownAt, replacedAt } = this.#columns;
    return knownAt[row] < this.#knownBy && replacedAt[row] >= this.#knownBy;
  }

  #membersOf(group: KindGroup): Uint8Array {
    const members = this.#members.get(group) ?? membersOf(group, this.#columns.kinds, this.#qualifying);
    this.#members.set(group, members);
    return members;
  }

  #firstRowFrom(instant: Instant): number {
    const { happenedAt, offsets } = this.#columns;
    let low = offsets[this.#partner];
    let high = offsets[this.#partner + 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (happenedAt[middle] < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Why the partnership ended between `from` and `to` days after the cutoff: the reason of the last agreement to
   * end when none is left, null when at least one goes on or none was ever on record.
   */
  ended(from: number, to: number): EndReason {
    return this.ending(from, to)?.reason ?? null;
  }

  /** The day on which it so ended; null where it did not. */
  endedOn(from: number, to: number): Instant | null {
    const ending = this.ending(from, to);
    return ending && this.#cutoff + ending.day * DAY;
  }

  /** The same with the day after the cutoff on which it ended. */
  ending(from: number, to: number): { day: number; reason: NonNullable<EndReason> } | null {
    const start = this.#cutoff + from * DAY;
    const end = this.#cutoff + to * DAY;
    const versions = this.#columns.profiles[this.#partner].agreements;
    if (versions.length === 0) return null;
    const agreements = agreementsKnownBy(versions, this.#knownBy).filter((agreement) => agreement.startsOn < end);
    let last: { endedOn: Instant; reason: NonNullable<EndReason> } | undefined;
    for (const { endedOn, endReason } of agreements) {
      if (endedOn === null || endedOn >= end) return null;
      if (!last || endedOn > last.endedOn) last = { endedOn, reason: endReason ?? 'unknown' };
    }
    return last && last.endedOn >= start ? { day: (last.endedOn - this.#cutoff) / DAY, reason: last.reason } : null;
  }
}
