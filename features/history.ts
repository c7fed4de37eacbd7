import { type Agreement, agreementsKnownBy, type DatedFact, type EventColumns } from './event-columns.ts';
import { groupMasks, type KindGroup } from './kinds.ts';
import { groupIndex, type Program, trackedSince } from './program.ts';
import { DAY, type Instant } from './time.ts';

/** The distances between a partner's active days, in days. */
export interface Gaps {
  mean: number;
  median: number;
  longest: number;
}

/**
 * What was known of one partner at one cutoff. It holds nothing that happened or became known at or after the
 * cutoff, so a feature cannot peek. One History serves a whole range of partners: `moveTo` turns it to the next
 * partner and cutoff without allocating per row.
 *
 * Windows are looked back from the cutoff in whole days, half-open: the last `days` days are [cutoff − days, cutoff).
 * A measure is `null` (unknown) when the kinds it asks about were not yet tracked when its window began.
 */
export class History {
  readonly #columns: EventColumns;
  readonly #program: Program;
  readonly #masks: Uint8Array;
  readonly #currency: number;
  readonly #trackedAt = new Map<Instant, Float64Array>();
  readonly #views: (GroupView | undefined)[] = [];
  /** Rows known at the cutoff, in the order they happened; the first `#known` entries count. */
  #rows = new Int32Array(256);
  #known = 0;
  #tracked: Float64Array = new Float64Array(0);
  #partner = -1;
  #cutoff: Instant = Number.NaN;
  /** Per contact or product code, the last query that saw it: counts distinct codes without a set. */
  readonly #seenContact: Int32Array;
  readonly #seenProduct: Int32Array;
  #query = 0;

  constructor(columns: EventColumns, program: Program) {
    this.#columns = columns;
    this.#program = program;
    this.#masks = groupMasks(columns.kinds, program.qualifyingKinds);
    this.#currency = columns.currencies.indexOf(program.reportingCurrency);
    this.#seenContact = new Int32Array(highest(columns.contact) + 1);
    this.#seenProduct = new Int32Array(highest(columns.product) + 1);
  }

  /**
   * Turns to a partner, by its place in the columns, and a cutoff.
   * @throws RangeError when the cutoff is no UTC midnight: windows of whole days would not hold whole days
   */
  moveTo(partner: number, cutoff: Instant): this {
    if (cutoff % DAY !== 0) throw new RangeError(`a cutoff is a UTC midnight, not ${new Date(cutoff).toISOString()}`);
    this.#partner = partner;
    if (cutoff !== this.#cutoff) this.#turnTo(cutoff);
    this.#views.length = 0;
    const { offsets, happenedAt, knownAt, replacedAt } = this.#columns;
    const end = offsets[partner + 1];
    if (this.#rows.length < end - offsets[partner]) this.#rows = new Int32Array(2 * (end - offsets[partner]));
    let known = 0;
    for (let row = offsets[partner]; row < end && happenedAt[row] < cutoff; row++) {
      if (knownAt[row] < cutoff && replacedAt[row] >= cutoff) this.#rows[known++] = row;
    }
    this.#known = known;
    return this;
  }

  #turnTo(cutoff: Instant): void {
    this.#cutoff = cutoff;
    let tracked = this.#trackedAt.get(cutoff);
    if (!tracked) {
      tracked = trackedSince(this.#program, cutoff);
      this.#trackedAt.set(cutoff, tracked);
    }
    this.#tracked = tracked;
  }

  get partnerId(): string {
    return this.#columns.partners[this.#partner];
  }

  get cutoff(): Instant {
    return this.#cutoff;
  }

  /** Whether anything at all was known of the partner. */
  get isKnown(): boolean {
    return this.#known > 0 || this.signedOn !== null || this.agreements().length > 0;
  }

  /** Events in the `days` before the cutoff, or in [from, to) days before it. */
  count(group: KindGroup, from: number, to = 0): number | null {
    if (!this.#isTracked(group, from)) return null;
    const view = this.#view(group);
    return view.before(this.#cutoff - to * DAY) - view.before(this.#cutoff - from * DAY);
  }

  /** All events ever known. */
  countEver(group: KindGroup): number {
    return this.#view(group).length;
  }

  /** UTC days with at least one event. */
  activeDays(group: KindGroup, from: number, to = 0): number | null {
    return this.#isTracked(group, from) ? this.#distinctPeriods(group, from, to, DAY) : null;
  }

  /** Weeks with at least one event; weeks are counted back from the cutoff, seven days each. */
  activeWeeks(group: KindGroup, from: number, to = 0): number | null {
    return this.#isTracked(group, from) ? this.#distinctPeriods(group, from, to, 7 * DAY) : null;
  }

  #distinctPeriods(group: KindGroup, from: number, to: number, period: number): number {
    const view = this.#view(group);
    let distinct = 0;
    let last = Number.NaN;
    const end = view.before(this.#cutoff - to * DAY);
    for (let i = view.before(this.#cutoff - from * DAY); i < end; i++) {
      const at = Math.ceil((this.#cutoff - view.happenedAt[i]) / period);
      if (at !== last) distinct++;
      last = at;
    }
    return distinct;
  }

  /** Distinct people that acted. */
  contacts(group: KindGroup, from: number, to = 0): number | null {
    return this.#distinct(group, from, to, this.#columns.contact, this.#seenContact);
  }

  /** Distinct products that events name. */
  products(group: KindGroup, from: number, to = 0): number | null {
    return this.#distinct(group, from, to, this.#columns.product, this.#seenProduct);
  }

  #distinct(group: KindGroup, from: number, to: number, codes: Int32Array, seen: Int32Array): number | null {
    if (!this.#isTracked(group, from)) return null;
    return this.#mark(group, from, to, codes, seen, ++this.#query);
  }

  /** Marks the codes of a window as seen by a query; returns how many were new to it. */
  #mark(group: KindGroup, from: number, to: number, codes: Int32Array, seen: Int32Array, query: number): number {
    const view = this.#view(group);
    const end = view.before(this.#cutoff - to * DAY);
    let fresh = 0;
    for (let i = view.before(this.#cutoff - from * DAY); i < end; i++) {
      const code = codes[view.rows[i]];
      if (code >= 0 && seen[code] !== query) {
        seen[code] = query;
        fresh++;
      }
    }
    return fresh;
  }

  /** People active in the last `days` who had not been in the `days` before. */
  contactsNew(group: KindGroup, days: number): number | null {
    return this.#contactsOnlyIn(group, [days, 0], [2 * days, days]);
  }

  /** People active in the `days` before the last `days`, and not since. */
  contactsLost(group: KindGroup, days: number): number | null {
    return this.#contactsOnlyIn(group, [2 * days, days], [days, 0]);
  }

  #contactsOnlyIn(group: KindGroup, these: [number, number], those: [number, number]): number | null {
    if (!this.#isTracked(group, Math.max(these[0], those[0]))) return null;
    const query = ++this.#query;
    const { contact } = this.#columns;
    this.#mark(group, those[0], those[1], contact, this.#seenContact, query);
    return this.#mark(group, these[0], these[1], contact, this.#seenContact, query);
  }

  /** The largest share of the window's events that one contact has, 0 to 1; null without any named contact. */
  topContactShare(group: KindGroup, days: number): number | null {
    if (!this.#isTracked(group, days)) return null;
    const view = this.#view(group);
    const each = new Map<number, number>();
    let named = 0;
    for (let i = view.before(this.#cutoff - days * DAY); i < view.length; i++) {
      const code = this.#columns.contact[view.rows[i]];
      if (code < 0) continue;
      named++;
      each.set(code, (each.get(code) ?? 0) + 1);
    }
    return named === 0 ? null : Math.max(...each.values()) / named;
  }

  /**
   * Money of the window's events, in minor units of the reporting currency; null when an amount is missing or in
   * another currency without a known rate.
   */
  money(group: KindGroup, from: number, to = 0): number | null {
    if (!this.#isTracked(group, from)) return null;
    const { value, currency } = this.#columns;
    const view = this.#view(group);
    const end = view.before(this.#cutoff - to * DAY);
    let total = 0;
    for (let i = view.before(this.#cutoff - from * DAY); i < end; i++) {
      const row = view.rows[i];
      if (currency[row] < 0 || currency[row] !== this.#currency || Number.isNaN(value[row])) return null;
      total += value[row];
    }
    return total;
  }

  /** Days since the latest event, counted to the cutoff (an event of the day before is 1 day old); null without any. */
  recency(group: KindGroup): number | null {
    const view = this.#view(group);
    return view.length === 0 ? null : this.#daysBefore(view.happenedAt[view.length - 1]);
  }

  /** Days since the first event; null without any. */
  sinceFirst(group: KindGroup): number | null {
    const view = this.#view(group);
    return view.length === 0 ? null : this.#daysBefore(view.happenedAt[0]);
  }

  #daysBefore(instant: Instant): number {
    return Math.ceil((this.#cutoff - instant) / DAY);
  }

  /** The instant of the latest event; null without any. */
  latestEvent(group: KindGroup): Instant | null {
    const view = this.#view(group);
    return view.length === 0 ? null : view.happenedAt[view.length - 1];
  }

  /** The distances between the partner's active days; null with fewer than two active days. */
  gaps(group: KindGroup): Gaps | null {
    return this.#view(group).gaps();
  }

  /** Events per week, oldest first, the last entry being the seven days before the cutoff. */
  series(group: KindGroup, weeks: number): number[] {
    const perWeek = new Array<number>(weeks).fill(0);
    const view = this.#view(group);
    for (let i = view.before(this.#cutoff - weeks * 7 * DAY); i < view.length; i++) {
      perWeek[weeks - Math.ceil((this.#cutoff - view.happenedAt[i]) / (7 * DAY))]++;
    }
    return perWeek;
  }

  /** The day the partner signed, as known at the cutoff. */
  get signedOn(): Instant | null {
    let latest: DatedFact | undefined;
    for (const version of this.#columns.profiles[this.#partner].signed) {
      if (version.knownAt < this.#cutoff && (!latest || latest.knownAt <= version.knownAt)) latest = version;
    }
    return latest && latest.at < this.#cutoff ? latest.at : null;
  }

  /** The agreements that had begun, each in the version known at the cutoff. */
  agreements(): Agreement[] {
    const versions = this.#columns.profiles[this.#partner].agreements;
    return agreementsKnownBy(versions, this.#cutoff).filter((agreement) => agreement.startsOn < this.#cutoff);
  }

  /** How long the events of a group have been tracked, in days before the cutoff; 0 when they are not. */
  trackedDays(group: KindGroup): number {
    const since = this.#tracked[groupIndex(group)];
    return Number.isFinite(since) ? (this.#cutoff - since) / DAY : 0;
  }

  #isTracked(group: KindGroup, from: number): boolean {
    return this.#tracked[groupIndex(group)] <= this.#cutoff - from * DAY;
  }

  #view(group: KindGroup): GroupView {
    const index = groupIndex(group);
    let view = this.#views[index];
    if (!view) {
      view = this.#select(1 << index);
      this.#views[index] = view;
    }
    return view;
  }

  #select(bit: number): GroupView {
    const { kind, happenedAt } = this.#columns;
    const rows: number[] = [];
    const times: number[] = [];
    for (let i = 0; i < this.#known; i++) {
      const row = this.#rows[i];
      if ((this.#masks[kind[row]] & bit) === 0) continue;
      rows.push(row);
      times.push(happenedAt[row]);
    }
    return new GroupView(rows, times);
  }
}

/** Whether the partnership had ended: at least one agreement on record, and none of them going on. */
export function hasEnded(history: History): boolean {
  const agreements = history.agreements();
  return agreements.length > 0 && agreements.every(({ endedOn }) => endedOn !== null && endedOn < history.cutoff);
}

/** The rows of one group of kinds that were known at the cutoff. */
class GroupView {
  readonly rows: readonly number[];
  readonly happenedAt: readonly number[];
  #gaps: Gaps | null | undefined;

  constructor(rows: readonly number[], happenedAt: readonly number[]) {
    this.rows = rows;
    this.happenedAt = happenedAt;
  }

  get length(): number {
    return this.rows.length;
  }

  /** How many rows happened before an instant. */
  before(instant: Instant): number {
    let low = 0;
    let high = this.happenedAt.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.happenedAt[middle] < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  gaps(): Gaps | null {
    if (this.#gaps === undefined) this.#gaps = gapsBetween(this.happenedAt);
    return this.#gaps;
  }
}

function gapsBetween(instants: readonly number[]): Gaps | null {
  const gaps: number[] = [];
  let last = Number.NaN;
  for (const instant of instants) {
    const day = Math.floor(instant / DAY);
    if (day === last) continue;
    if (!Number.isNaN(last)) gaps.push(day - last);
    last = day;
  }
  if (gaps.length === 0) return null;
  gaps.sort((a, b) => a - b);
  const middle = gaps.length >> 1;
  const median = gaps.length % 2 === 1 ? gaps[middle] : (gaps[middle - 1] + gaps[middle]) / 2;
  return { mean: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length, median, longest: gaps[gaps.length - 1] };
}

function highest(codes: Int32Array): number {
  return codes.reduce((most, code) => Math.max(most, code), -1);
}
