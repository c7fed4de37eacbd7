import { type ChangePoint, findChange } from '../../features/change-point.ts';
import type { Agreement, EventRow, History, Instant, Profile, Program } from '../../features/index.ts';
import { DAY } from '../../features/index.ts';
import { type KindGroup, membersOf } from '../../features/kinds.ts';

const WEEK = 7 * DAY;
/** What an event counts after so many half-lives is left out of what fades. */
const FORGOTTEN_HALF_LIVES = 30;

/** A partner as a plain list of rows, in the order in which columns take them. */
export interface ListedPartner {
  id: string;
  rows: readonly EventRow[];
  profile: Profile;
}

type Answers = Pick<History, Exclude<keyof History, 'moveTo'>>;

/**
 * What `History` says, worked out from its docstrings in the slow and obvious way: every question looks through all
 * rows anew. Nothing is shared with it but which kinds make a group, and where a series changes its level.
 */
export class SlowHistory implements Answers {
  readonly #partners: readonly ListedPartner[];
  readonly #program: Program;
  /** Which kinds are known to be in a group. */
  readonly #groups = new Map<KindGroup, Map<string, boolean>>();
  #partner: ListedPartner;
  cutoff: Instant = Number.NaN;

  constructor(partners: readonly ListedPartner[], program: Program) {
    this.#partners = partners;
    this.#program = program;
    this.#partner = partners[0];
  }

  moveTo(partner: number, cutoff: Instant): this {
    this.#partner = this.#partners[partner];
    this.cutoff = cutoff;
    return this;
  }

  /** As features take it. */
  get asHistory(): History {
    return this as unknown as History;
  }

  get partnerId(): string {
    return this.#partner.id;
  }

  get isKnown(): boolean {
    return this.#ever('any').length > 0 || this.signedOn !== null || this.agreements().length > 0;
  }

  #belongs(kind: string, group: KindGroup): boolean {
    const kinds = this.#groups.get(group) ?? new Map<string, boolean>();
    this.#groups.set(group, kinds);
    const belongs = kinds.get(kind) ?? membersOf(group, [kind], this.#program.qualifyingKinds)[0] === 1;
    kinds.set(kind, belongs);
    return belongs;
  }

  #ever(group: KindGroup): EventRow[] {
    return this.#partner.rows.filter(
      ({ happenedAt, knownAt, replacedAt, kind }) =>
        happenedAt < this.cutoff && knownAt < this.cutoff && replacedAt >= this.cutoff && this.#belongs(kind, group),
    );
  }

  #trackedSince(group: KindGroup): Instant {
    const starts = this.#program.tracking.filter(
      ({ kind, knownBy, since }) => knownBy < this.cutoff && since < this.cutoff && this.#belongs(kind, group),
    );
    return Math.min(...starts.map(({ since }) => since));
  }

  /** The rows of [from, to) days before the cutoff, or null where tracking began later. */
  #window(group: KindGroup, from: number, to = 0): EventRow[] | null {
    const [start, end] = [this.cutoff - from * DAY, this.cutoff - to * DAY];
    if (this.#trackedSince(group) > start) return null;
    return this.#ever(group).filter(({ happenedAt }) => happenedAt >= start && happenedAt < end);
  }

  count(group: KindGroup, from: number, to = 0): number | null {
    return this.#window(group, from, to)?.length ?? null;
  }

  countEver(group: KindGroup): number {
    return this.#ever(group).length;
  }

  activeDays(group: KindGroup, from: number, to = 0): number | null {
    return distinct(this.#window(group, from, to), ({ happenedAt }) => dayOf(happenedAt));
  }

  activeWeeks(group: KindGroup, from: number, to = 0): number | null {
    return distinct(this.#window(group, from, to), ({ happenedAt }) => Math.ceil((this.cutoff - happenedAt) / WEEK));
  }

  contacts(group: KindGroup, from: number, to = 0): number | null {
    return distinct(this.#window(group, from, to), ({ contactId }) => contactId);
  }

  products(group: KindGroup, from: number, to = 0): number | null {
    return distinct(this.#window(group, from, to), ({ product }) => product);
  }

  accounts(group: KindGroup, from: number, to = 0): number | null {
    return distinct(this.#window(group, from, to), ({ accountId }) => accountId);
  }

  contactsNew(group: KindGroup, days: number): number | null {
    const [now, before] = [this.#window(group, days), this.#window(group, 2 * days, days)];
    return now && before && without(people(now), people(before)).length;
  }

  contactsLost(group: KindGroup, days: number): number | null {
    const [now, before] = [this.#window(group, days), this.#window(group, 2 * days, days)];
    return now && before && without(people(before), people(now)).length;
  }

  contactsAlso(group: KindGroup, days: number, other: KindGroup, otherDays: number): number | null {
    const [these, others] = [this.#window(group, days), this.#window(other, otherDays)];
    return these && others && [...people(these)].filter((contact) => people(others).has(contact)).length;
  }

  topContactShare(group: KindGroup, days: number): number | null {
    const named = this.#window(group, days)?.filter(({ contactId }) => contactId !== null) ?? [];
    if (named.length === 0) return null;
    const each = [...people(named)].map((one) => named.filter(({ contactId }) => contactId === one).length);
    return Math.max(...each) / named.length;
  }

  money(group: KindGroup, from: number, to = 0): number | null {
    const rows = this.#window(group, from, to);
    const amounts = rows?.map((row) => this.#amountOf(row));
    return amounts?.every((amount) => amount !== null) ? total(amounts) : null;
  }

  #amountOf({ value, currency }: EventRow): number | null {
    return currency === this.#program.reportingCurrency ? value : null;
  }

  sum(group: KindGroup, from: number, to = 0): number | null {
    const rows = this.#window(group, from, to);
    if (rows === null) return null;
    return rows.length > 0 && plain(rows).length === 0 ? null : total(plain(rows));
  }

  mean(group: KindGroup, from: number, to = 0): number | null {
    const values = plain(this.#window(group, from, to) ?? []);
    return values.length === 0 ? null : total(values) / values.length;
  }

  latestValue(group: KindGroup): number | null {
    return plain(this.#ever(group)).at(-1) ?? null;
  }

  recency(group: KindGroup): number | null {
    const last = this.latestEvent(group);
    return last === null ? null : Math.ceil((this.cutoff - last) / DAY);
  }

  sinceFirst(group: KindGroup): number | null {
    const first = this.#ever(group).at(0);
    return first ? Math.ceil((this.cutoff - first.happenedAt) / DAY) : null;
  }

  latestEvent(group: KindGroup): Instant | null {
    return this.#ever(group).at(-1)?.happenedAt ?? null;
  }

  #pauses(group: KindGroup): number[] {
    const days = [...new Set(this.#ever(group).map(({ happenedAt }) => dayOf(happenedAt)))];
    return days.slice(1).map((day, i) => day - days[i]);
  }

  gaps(group: KindGroup): { mean: number; median: number; longest: number } | null {
    const pauses = this.#pauses(group).sort((a, b) => a - b);
    const n = pauses.length;
    if (n === 0) return null;
    const median = (pauses[Math.ceil(n / 2) - 1] + pauses[Math.floor(n / 2)]) / 2;
    return { mean: total(pauses) / n, median, longest: pauses[n - 1] };
  }

  longerGaps(group: KindGroup, days: number): number | null {
    const pauses = this.#pauses(group);
    return pauses.length === 0 ? null : (pauses.filter((pause) => pause > days).length + 1) / (pauses.length + 2);
  }

  kinds(group: KindGroup, days: number): number | null {
    return distinct(this.#window(group, days), ({ kind }) => kind);
  }

  faded(group: KindGroup, halfLife: number): number {
    const ages = this.#ever(group).map(({ happenedAt }) => Math.ceil((this.cutoff - happenedAt) / DAY));
    const counted = ages.filter((age) => age < FORGOTTEN_HALF_LIVES * halfLife);
    return total(counted.reverse().map((age) => 2 ** (-age / halfLife)));
  }

  weekdays(group: KindGroup, days: number): number[] | null {
    const rows = this.#window(group, days);
    // Of JavaScript's weekdays, Sunday is the first.
    const on = (weekday: number) => rows?.filter(({ happenedAt }) => new Date(happenedAt).getUTCDay() === weekday);
    return rows && [1, 2, 3, 4, 5, 6, 0].map((weekday) => on(weekday)?.length ?? 0);
  }

  series(group: KindGroup, weeks: number): number[] {
    return this.blocks(group, 7, weeks);
  }

  countEach(group: KindGroup, days: Int32Array, into: Float64Array): void {
    each(days, into, (from) => this.count(group, from));
  }

  sumEach(group: KindGroup, days: Int32Array, into: Float64Array): void {
    each(days, into, (from) => this.sum(group, from));
  }

  activeDaysEach(group: KindGroup, days: Int32Array, into: Float64Array): void {
    each(days, into, (from) => this.activeDays(group, from));
  }

  activeWeeksEach(group: KindGroup, days: Int32Array, into: Float64Array): void {
    each(days, into, (from) => this.activeWeeks(group, from));
  }

  distinctEach(named: 'contact' | 'product' | 'account', group: KindGroup, days: Int32Array, into: Float64Array): void {
    each(days, into, (from) => this[`${named}s`](group, from));
  }

  levelChange(group: KindGroup, weeks: number, least: number): ChangePoint | null {
    return this.count(group, 7 * weeks) === null ? null : findChange(this.series(group, weeks), least);
  }

  blocks(group: KindGroup, days: number, blocks: number): number[] {
    const perBlock = new Array<number>(blocks).fill(0);
    for (const { happenedAt } of this.#ever(group)) {
      const blocksAgo = Math.ceil((this.cutoff - happenedAt) / (days * DAY));
      if (blocksAgo <= blocks) perBlock[blocks - blocksAgo]++;
    }
    return perBlock;
  }

  nameDeals(group: KindGroup, days: number): boolean {
    const rows = this.#ever(group).filter(({ happenedAt }) => happenedAt >= this.cutoff - days * DAY);
    return rows.every(({ dealId }) => dealId !== null);
  }

  deals() {
    const steps = ['registered', 'approved', 'rejected', 'won', 'lost'].map((step) => `deal.${step}`);
    const rows = this.#ever('deals').filter(({ dealId, kind }) => dealId !== null && steps.includes(kind));
    return [...new Set(rows.map(({ dealId }) => dealId))].map((id) => {
      const own = rows.filter(({ dealId }) => dealId === id);
      const first = (step: string) => own.find(({ kind }) => kind === `deal.${step}`)?.happenedAt ?? null;
      const amounts = own.map((row) => this.#amountOf(row)).filter((amount) => amount !== null);
      return {
        registeredAt: first('registered'),
        approvedAt: first('approved'),
        rejectedAt: first('rejected'),
        wonAt: first('won'),
        lostAt: first('lost'),
        amount: amounts.at(-1) ?? null,
      };
    });
  }

  get signedOn(): Instant | null {
    const latest = latestKnown(this.#partner.profile.signed, this.cutoff);
    return latest && latest.at < this.cutoff ? latest.at : null;
  }

  agreements(): Agreement[] {
    const { agreements } = this.#partner.profile;
    return [...new Set(agreements.map(({ id }) => id))].flatMap((id) => {
      const versions = agreements.filter((version) => version.id === id);
      const latest = latestKnown(versions, this.cutoff);
      return latest && latest.startsOn < this.cutoff ? [latest] : [];
    });
  }

  /** The value of an attribute at an instant of the past, as known at the cutoff. */
  #valueAt(attribute: string, instant: Instant): string | null {
    const begun = this.#partner.profile.attributes.filter(
      (version) => version.attribute === attribute && version.knownAt < this.cutoff && version.validFrom <= instant,
    );
    const lastStart = Math.max(...begun.map(({ validFrom }) => validFrom));
    return (
      latestKnown(
        begun.filter(({ validFrom }) => validFrom === lastStart),
        this.cutoff,
      )?.value ?? null
    );
  }

  latest(attribute: string): string | null {
    return this.#valueAt(attribute, this.cutoff - 1);
  }

  changes(attribute: string, days: number): number | null {
    const since = this.cutoff - days * DAY;
    if (this.#valueAt(attribute, since - 1) === null) return null;
    const starts = this.#partner.profile.attributes
      .filter((version) => version.attribute === attribute && version.knownAt < this.cutoff)
      .map(({ validFrom }) => validFrom)
      .filter((start) => start >= since && start < this.cutoff);
    return [...new Set(starts)].filter((start) => {
      const before = this.#valueAt(attribute, start - 1);
      return before !== null && before !== this.#valueAt(attribute, start);
    }).length;
  }

  trackedDays(group: KindGroup): number {
    const since = this.#trackedSince(group);
    return since === Number.POSITIVE_INFINITY ? 0 : (this.cutoff - since) / DAY;
  }
}

function dayOf(instant: Instant): number {
  return Math.floor(instant / DAY);
}

function distinct(rows: readonly EventRow[] | null, of: (row: EventRow) => unknown): number | null {
  return rows && new Set(rows.map(of).filter((one) => one !== null)).size;
}

function people(rows: readonly EventRow[]): Set<string | null> {
  return new Set(rows.map(({ contactId }) => contactId).filter((contact) => contact !== null));
}

function without<T>(these: ReadonlySet<T>, those: ReadonlySet<T>): T[] {
  return [...these].filter((one) => !those.has(one));
}

function plain(rows: readonly EventRow[]): number[] {
  return rows.flatMap(({ value, currency }) => (currency === null && value !== null ? [value] : []));
}

function total(values: readonly (number | null)[]): number {
  return values.reduce((sum: number, value) => sum + (value ?? 0), 0);
}

/** Of versions in the order they were to be known, the last that was known before an instant. */
function latestKnown<Version extends { knownAt: Instant }>(
  versions: readonly Version[],
  instant: Instant,
): Version | undefined {
  const known = versions.filter(({ knownAt }) => knownAt < instant);
  return known.sort((a, b) => a.knownAt - b.knownAt).at(-1);
}

function each(days: Int32Array, into: Float64Array, measure: (from: number) => number | null): void {
  days.forEach((from, i) => {
    into[i] = measure(from) ?? Number.NaN;
  });
}
