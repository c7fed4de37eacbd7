import { type ChangePoint, findChange } from './change-point.ts';
import { CodeMarks } from './code-marks.ts';
import { type Deal, Deals } from './deals.ts';
import type { Agreement, EventColumns, Profile } from './event-columns.ts';
import { fadingBy } from './fading.ts';
import type { Gaps, GroupRows, Named } from './group-rows.ts';
import { GroupedRows } from './grouped-rows.ts';
import type { KindGroup } from './kinds.ts';
import { KnownProfile } from './known-profile.ts';
import { KnownRows } from './known-rows.ts';
import type { PeriodChanges } from './period-changes.ts';
import type { Program } from './program.ts';
import { DAY, type Instant } from './time.ts';
import { NO_ROW_HAS_IT } from './totals.ts';
import { type Tracked, TrackedGroups } from './tracked-groups.ts';

const DAYS_PER_WEEK = 7;
/** 1970-01-01 was a Thursday; weeks begin on Monday. */
const EPOCH_WEEKDAY = 3;

/**
 * What was known of one partner at one cutoff. It holds nothing that happened or became known at or after the
 * cutoff, so a feature cannot peek. One History serves a whole range of partners: `moveTo` turns it to the next
 * partner and cutoff; cutoffs in ascending order cost one pass over the partner's rows together.
 *
 * Windows are looked back from the cutoff in whole days, half-open: the last `days` days are [cutoff − days, cutoff).
 * A measure is `null` (unknown) when the kinds it asks about were not yet tracked when its window began.
 */
export class History {
  readonly #columns: EventColumns;
  readonly #currency: number;
  readonly #profiles: readonly Profile[];
  readonly #profile = new KnownProfile();
  readonly #known: KnownRows;
  readonly #grouped: GroupedRows;
  readonly #groups: TrackedGroups;
  /** The windows that were asked about last, and where each begins. */
  #windows: Int32Array | null = null;
  #begins = new Int32Array(16);
  /** How many groups there were then. */
  #width = 0;
  #partner = -1;
  #cutoff: Instant = Number.NaN;
  /** Days since 1970. */
  #today = 0;
  #deals: Deals | undefined;
  #knownDeals: readonly Deal[] | null = null;
  /** What features ask for more than once at a cutoff. */
  readonly #levelChanges = new Map<string, ChangePoint | null>();
  /** Of those that features ask about. */
  readonly #marks: Record<Named, CodeMarks | null> = { contact: null, product: null, account: null };
  /** Per kind, the last query that saw it. */
  readonly #seenKinds: Int32Array;
  #query = 0;

  constructor(columns: EventColumns, program: Program) {
    this.#columns = columns;
    this.#profiles = columns.profiles;
    this.#currency = columns.currencies.indexOf(program.reportingCurrency);
    this.#seenKinds = new Int32Array(columns.kinds.length);
    this.#known = new KnownRows(columns);
    this.#grouped = new GroupedRows(columns, this.#known, this.#currency < 0 ? NO_ROW_HAS_IT : this.#currency);
    this.#groups = new TrackedGroups(columns, program, this.#grouped);
  }

  /**
   * Turns to a partner, by its place in the columns, and a cutoff.
   * @throws RangeError when the cutoff is no UTC midnight: windows of whole days would not hold whole days
   */
  moveTo(partner: number, cutoff: Instant): this {
    const today = cutoff / DAY;
    if (!Number.isInteger(today))
      throw new RangeError(`a cutoff is a UTC midnight, not ${new Date(cutoff).toISOString()}`);
    if (partner !== this.#partner || today < this.#today) this.#begin(partner);
    this.#cutoff = cutoff;
    // A whole number to the processor too: what is counted from it is then.
    this.#today = today | 0;
    this.#groups.moveTo(cutoff);
    this.#profile.moveTo(this.#profiles[partner], cutoff);
    const before = this.#known.count;
    const unmoved = this.#known.advance(cutoff);
    if (unmoved < before) this.#grouped.forgetFrom(unmoved);
    this.#grouped.extend();
    this.#knownDeals = null;
    // To clear an empty map would make a new one.
    if (this.#levelChanges.size > 0) this.#levelChanges.clear();
    this.#windows = null;
    return this;
  }

  #begin(partner: number): void {
    this.#partner = partner;
    this.#known.begin(partner);
    this.#grouped.forgetFrom(0);
  }

  get partnerId(): string {
    return this.#columns.partners[this.#partner];
  }

  get cutoff(): Instant {
    return this.#cutoff;
  }

  /** Whether anything at all was known of the partner. */
  get isKnown(): boolean {
    return this.#known.count > 0 || this.signedOn !== null || this.agreements().length > 0;
  }

  /** Events in the `days` before the cutoff, or in [from, to) days before it. */
  count(group: KindGroup, from: number, to = 0): number | null {
    const rows = this.#since(group, from);
    return rows === null ? null : this.#upTo(rows, to) - rows.before(this.#today - from);
  }

  /**
   * `count` of many windows at once; NaN for unknown, as in all that end in `Each`. Where windows begin is kept by the
   * array that says how many days they have: it must not change.
   */
  countEach(group: KindGroup, days: Int32Array, into: Float64Array): void {
    const { rows, days: known } = this.#groups.of(group);
    const begins = this.#beginsOf(days);
    const { length, number } = rows;
    const { counts } = this.#grouped;
    for (let i = 0; i < days.length; i++) into[i] = days[i] <= known ? length - counts[begins[i] + number] : Number.NaN;
  }

  /** `sum` of many windows at once. */
  sumEach(group: KindGroup, days: Int32Array, into: Float64Array): void {
    const { rows, days: known } = this.#groups.of(group);
    const begins = this.#beginsOf(days);
    const { length, number } = rows;
    const { counts } = this.#grouped;
    const totals = rows.plain();
    for (let i = 0; i < days.length; i++) {
      const start = counts[begins[i] + number];
      const valued = totals.known(start, length);
      // Of most kinds every event has a number: asked first, as it can be guessed.
      const isKnown = days[i] <= known && (valued === length - start || valued > 0);
      into[i] = isKnown ? totals.between(start, length) : Number.NaN;
    }
  }

  /** `activeDays` of many windows at once. */
  activeDaysEach(group: KindGroup, days: Int32Array, into: Float64Array): void {
    const tracked = this.#groups.of(group);
    this.#periodsEach(tracked, tracked.rows.dayChanges(), days, into);
  }

  /** `activeWeeks` of many windows at once. */
  activeWeeksEach(group: KindGroup, days: Int32Array, into: Float64Array): void {
    const tracked = this.#groups.of(group);
    this.#periodsEach(tracked, tracked.rows.weekChanges(this.#today), days, into);
  }

  #periodsEach(tracked: Tracked, changes: PeriodChanges, days: Int32Array, into: Float64Array): void {
    const { rows, days: known } = tracked;
    const begins = this.#beginsOf(days);
    const { length, number } = rows;
    const { counts } = this.#grouped;
    for (let i = 0; i < days.length; i++) {
      into[i] = days[i] <= known ? changes.periods(counts[begins[i] + number], length) : Number.NaN;
    }
  }

  /** `contacts`, `products` or `accounts` of many windows at once. */
  distinctEach(named: Named, group: KindGroup, days: Int32Array, into: Float64Array): void {
    const { rows, days: known } = this.#groups.of(group);
    rows.lastSeen(named).sinceEach(this.#today, days, into);
    for (let i = 0; i < days.length; i++) if (days[i] > known) into[i] = Number.NaN;
  }

  /** Where the counts beside the first row of each window begin: many measures ask of the same windows. */
  #beginsOf(days: Int32Array): Int32Array {
    const { width } = this.#grouped;
    // A group that is new makes all counts stand elsewhere.
    if (days === this.#windows && width === this.#width) return this.#begins;
    this.#windows = days;
    this.#width = width;
    if (this.#begins.length < days.length) this.#begins = new Int32Array(days.length);
    for (let i = 0; i < days.length; i++) this.#begins[i] = this.#known.before(this.#today - days[i]) * width;
    return this.#begins;
  }

  /** All events ever known. */
  countEver(group: KindGroup): number {
    return this.#rows(group).length;
  }

  /** UTC days with at least one event. */
  activeDays(group: KindGroup, from: number, to = 0): number | null {
    const rows = this.#since(group, from);
    return rows === null ? null : rows.dayChanges().periods(rows.before(this.#today - from), this.#upTo(rows, to));
  }

  /** Weeks with at least one event; weeks are counted back from the cutoff, seven days each. */
  activeWeeks(group: KindGroup, from: number, to = 0): number | null {
    const rows = this.#since(group, from);
    if (rows === null) return null;
    return rows.weekChanges(this.#today).periods(rows.before(this.#today - from), this.#upTo(rows, to));
  }

  /** Distinct people that acted. */
  contacts(group: KindGroup, from: number, to = 0): number | null {
    return this.#distinct(group, from, to, 'contact');
  }

  /** Distinct products that events name. */
  products(group: KindGroup, from: number, to = 0): number | null {
    return this.#distinct(group, from, to, 'product');
  }

  /** Distinct customer accounts that events name. */
  accounts(group: KindGroup, from: number, to = 0): number | null {
    return this.#distinct(group, from, to, 'account');
  }

  #distinct(group: KindGroup, from: number, to: number, named: Named): number | null {
    const rows = this.#since(group, from);
    if (!rows) return null;
    if (to === 0) return rows.lastSeen(named).since(this.#today - from);
    return this.#marksOf(named).distinct(rows, rows.before(this.#today - from), rows.before(this.#today - to));
  }

  #marksOf(named: Named): CodeMarks {
    let marks = this.#marks[named];
    if (marks === null) {
      marks = new CodeMarks(this.#columns[named]);
      this.#marks[named] = marks;
    }
    return marks;
  }

  /** People active in the last `days` who had not been in the `days` before: of both, less those of the earlier. */
  contactsNew(group: KindGroup, days: number): number | null {
    const before = this.#distinct(group, 2 * days, days, 'contact');
    const both = this.#distinct(group, 2 * days, 0, 'contact');
    return before === null || both === null ? null : both - before;
  }

  /** People active in the `days` before the last `days`, and not since: of both, less those of the later. */
  contactsLost(group: KindGroup, days: number): number | null {
    const both = this.#distinct(group, 2 * days, 0, 'contact');
    const since = this.#distinct(group, days, 0, 'contact');
    return both === null || since === null ? null : both - since;
  }

  /** Of the people active in the last `days`, how many have an event of another group in the last `otherDays`. */
  contactsAlso(group: KindGroup, days: number, other: KindGroup, otherDays: number): number | null {
    const [rows, others] = [this.#since(group, days), this.#since(other, otherDays)];
    if (!rows || !others) return null;
    const marks = this.#marksOf('contact');
    marks.distinct(others, others.before(this.#today - otherDays), others.length);
    const without = marks.further(rows, rows.before(this.#today - days), rows.length);
    return rows.lastSeen('contact').since(this.#today - days) - without;
  }

  /** The largest share of the window's events that one contact has, 0 to 1; null without any named contact. */
  topContactShare(group: KindGroup, days: number): number | null {
    const rows = this.#since(group, days);
    return rows && this.#marksOf('contact').topShare(rows, rows.before(this.#today - days), rows.length);
  }

  /**
   * Money of the window's events, in minor units of the reporting currency; null when an amount is missing or in
   * another currency without a known rate.
   */
  money(group: KindGroup, from: number, to = 0): number | null {
    const rows = this.#since(group, from);
    if (rows === null) return null;
    const start = rows.before(this.#today - from);
    const end = this.#upTo(rows, to);
    const totals = rows.money();
    return totals.known(start, end) < end - start ? null : totals.between(start, end);
  }

  /** The sum of the plain numbers of the window's events; 0 without events, null when there are some and none has one. */
  sum(group: KindGroup, from: number, to = 0): number | null {
    const rows = this.#since(group, from);
    if (rows === null) return null;
    const start = rows.before(this.#today - from);
    const end = this.#upTo(rows, to);
    const totals = rows.plain();
    return start < end && totals.known(start, end) === 0 ? null : totals.between(start, end);
  }

  /** The mean of the plain numbers of the window's events; null when none has one. */
  mean(group: KindGroup, from: number, to = 0): number | null {
    const rows = this.#since(group, from);
    if (rows === null) return null;
    const start = rows.before(this.#today - from);
    const end = this.#upTo(rows, to);
    const totals = rows.plain();
    const known = totals.known(start, end);
    return known === 0 ? null : totals.between(start, end) / known;
  }

  /** The plain number of the latest event that has one; null without any. */
  latestValue(group: KindGroup): number | null {
    const { rows, length } = this.#rows(group);
    const { value, currency } = this.#columns;
    for (let i = length - 1; i >= 0; i--) {
      if (currency[rows[i]] < 0 && !Number.isNaN(value[rows[i]])) return value[rows[i]];
    }
    return null;
  }

  /** Days since the latest event, counted to the cutoff (an event of the day before is 1 day old); null without any. */
  recency(group: KindGroup): number | null {
    const { days, length } = this.#rows(group);
    return length === 0 ? null : this.#today - days[length - 1];
  }

  /** Days since the first event; null without any. */
  sinceFirst(group: KindGroup): number | null {
    const { days, length } = this.#rows(group);
    return length === 0 ? null : this.#today - days[0];
  }

  /** The instant of the latest event; null without any. */
  latestEvent(group: KindGroup): Instant | null {
    const { rows, length } = this.#rows(group);
    return length === 0 ? null : this.#columns.happenedAt[rows[length - 1]];
  }

  /** The distances between the partner's active days; null with fewer than two active days. */
  gaps(group: KindGroup): Gaps | null {
    return this.#rows(group).gaps();
  }

  /** Share of the pauses between active days that were longer than so many days, none being never quite ruled out. */
  longerGaps(group: KindGroup, days: number): number | null {
    return this.#rows(group).longerGaps(days);
  }

  /** Distinct kinds of events in the last `days`. */
  kinds(group: KindGroup, days: number): number | null {
    const rows = this.#since(group, days);
    if (rows === null) return null;
    const { kind } = this.#columns;
    const query = ++this.#query;
    let distinct = 0;
    for (let i = rows.before(this.#today - days); i < rows.length; i++) {
      const code = kind[rows.rows[i]];
      if (this.#seenKinds[code] !== query) distinct++;
      this.#seenKinds[code] = query;
    }
    return distinct;
  }

  /** Activity that fades: each event counts ½ for every `halfLife` days of its age. */
  faded(group: KindGroup, halfLife: number): number {
    const { days, length } = this.#rows(group);
    const weights = fadingBy(halfLife);
    const oldest = this.#today - weights.length;
    let total = 0;
    for (let i = length - 1; i >= 0 && days[i] > oldest; i--) total += weights[this.#today - days[i]];
    return total;
  }

  /** Events of the last `days` per weekday, Monday first; null where not tracked. */
  weekdays(group: KindGroup, days: number): number[] | null {
    const rows = this.#since(group, days);
    if (!rows) return null;
    const perWeekday = new Array<number>(DAYS_PER_WEEK).fill(0);
    for (let i = rows.before(this.#today - days); i < rows.length; i++) {
      perWeekday[(rows.days[i] + EPOCH_WEEKDAY) % DAYS_PER_WEEK]++;
    }
    return perWeekday;
  }

  /** Events per week, oldest first, the last entry being the seven days before the cutoff. */
  series(group: KindGroup, weeks: number): number[] {
    return this.blocks(group, DAYS_PER_WEEK, weeks);
  }

  /** Events per block of `days`, oldest first, the last block ending at the cutoff. */
  blocks(group: KindGroup, days: number, blocks: number): number[] {
    const rows = this.#rows(group);
    const perBlock = new Array<number>(blocks);
    let before = rows.before(this.#today - blocks * days);
    for (let i = 0; i < blocks; i++) {
      const next = this.#upTo(rows, (blocks - 1 - i) * days);
      perBlock[i] = next - before;
      before = next;
    }
    return perBlock;
  }

  /**
   * The likeliest change of level in the last so many weeks, each side at least `least` weeks long; null where they were
   * not tracked or held nothing.
   */
  levelChange(group: KindGroup, weeks: number, least: number): ChangePoint | null {
    if (this.#since(group, weeks * DAYS_PER_WEEK) === null) return null;
    const key = `${group} ${weeks} ${least}`;
    let change = this.#levelChanges.get(key);
    if (change === undefined) {
      change = findChange(this.series(group, weeks), least);
      this.#levelChanges.set(key, change);
    }
    return change;
  }

  /** Whether every event of a group in the last `days` names its deal: `deals` tells of no others. */
  nameDeals(group: KindGroup, days: number): boolean {
    const { deal } = this.#columns;
    const own = this.#rows(group);
    for (let i = own.before(this.#today - days); i < own.length; i++) if (deal[own.rows[i]] < 0) return false;
    return true;
  }

  /** The deals as they were known; valid until the history is turned on. */
  deals(): readonly Deal[] {
    this.#deals ??= new Deals(this.#columns, this.#currency);
    this.#knownDeals ??= this.#deals.among(this.#rows('deals'));
    return this.#knownDeals;
  }

  /** The day the partner signed, as known at the cutoff. */
  get signedOn(): Instant | null {
    return this.#profile.signedOn;
  }

  /** The agreements that had begun, each in the version known at the cutoff. */
  agreements(): Agreement[] {
    return this.#profile.agreements();
  }

  /** What the partner was like, as known at the cutoff: the value of an attribute that began last; null is unknown. */
  latest(attribute: string): string | null {
    return this.#profile.latest(attribute);
  }

  /**
   * How often an attribute took another value in the last `days`, as known at the cutoff; null where it is unknown what
   * it was when they began.
   */
  changes(attribute: string, days: number): number | null {
    return this.#profile.changes(attribute, days);
  }

  /** How long the events of a group have been tracked, in days before the cutoff; 0 when they are not. */
  trackedDays(group: KindGroup): number {
    return this.#groups.daysOf(group);
  }

  /** The rows of a group; null where it was not tracked yet when a window of so many days began. */
  #since(group: KindGroup, days: number): GroupRows | null {
    const tracked = this.#groups.of(group);
    return days <= tracked.days ? tracked.rows : null;
  }

  #rows(group: KindGroup): GroupRows {
    return this.#groups.of(group).rows;
  }

  #upTo(rows: GroupRows, to: number): number {
    return to === 0 ? rows.length : rows.before(this.#today - to);
  }
}

/** Whether the partnership had ended: at least one agreement on record, and none of them going on. */
export function hasEnded(history: Pick<History, 'agreements' | 'cutoff'>): boolean {
  const agreements = history.agreements();
  return agreements.length > 0 && agreements.every(({ endedOn }) => endedOn !== null && endedOn < history.cutoff);
}
