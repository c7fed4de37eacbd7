import { ALERT, type Anomaly, figuresOf, type StandingChange } from './anomaly.ts';
import { DIP_EXPECTS } from './detector.ts';
import { type Level, type LevelWeek, logRatio, type MetricWeek, type WeekFindings } from './week-findings.ts';

/** Of many events, changes too small to act on are certain: a region's, a program's must be larger than this. */
const SMALLEST_CHANGE = Math.log(1.15);
/** What is left without its most affected part must have changed by this share (in logarithms) of the whole's change. */
const SHARED = 0.7;
/** What stands goes by its new week where that still is this surprising, else by the week in which it was last seen. */
const STILL_SURPRISING = 0.05;
/**
 * What is above explains what lies within so many times the band around what it leads to expect: under a change of the
 * whole, one part in ten lies beyond the band itself by chance, and hardly one in a thousand beyond twice that.
 */
const EXPLAINED_BANDS = 2;
/** An extra deal or two is no spike, however rare. */
const FEWEST_EXTRA = 3;
/** What several partners did by themselves is no group's: so many of its partners may be left out, and who they are. */
const LEFT_OUT = 0.1;
const ALONE = 0.01;
/** How many of the partners in which an anomaly shows most are named. */
export const PARTNERS_TOLD = 20;

/** Which entities of each level are discoveries. */
interface Found {
  program: Uint8Array;
  region: Uint8Array;
  segment: Uint8Array;
  partner: Uint8Array;
}

/** A group of partners whose change is taken to be one. */
interface Group {
  level: Level;
  has(partner: number): boolean;
  /** The logarithm of what was observed over what was expected of it. */
  change: number;
  cell: Anomaly | null;
}

/** One metric of a week in one direction: what changed of it, at the highest level that explains it. */
export class MetricAttribution {
  readonly #week: WeekFindings;
  readonly #metric: MetricWeek;
  readonly #found: Found;
  readonly #direction: -1 | 1;
  readonly #taken: Group[] = [];
  readonly #standing: Group[];

  constructor(
    week: WeekFindings,
    metric: MetricWeek,
    found: Found,
    direction: -1 | 1,
    standing: readonly StandingChange[],
  ) {
    this.#week = week;
    this.#metric = metric;
    this.#found = found;
    this.#direction = direction;
    this.#standing = standing.flatMap((each) => this.#stands(each));
  }

  /** A change that was told before, as it is now. */
  #stands({ level, entity, change }: StandingChange): Group[] {
    if (level === 'feed' || level === 'partner') return [];
    const cells = this.#metric[level];
    const place = cells.ids.indexOf(entity);
    if (place < 0) return [];
    const now = logRatio(cells.observed[place], cells.expected[place]);
    const goesOn = cells.p[place] < STILL_SURPRISING && Math.sign(now) === this.#direction;
    return [{ level, has: this.#members(level, place), change: goesOn ? now : change, cell: null }];
  }

  #members(level: 'program' | 'region' | 'segment', place: number): (partner: number) => boolean {
    if (level === 'program') return () => true;
    const groupOf = level === 'region' ? this.#week.regionOf : this.#week.segmentOf;
    return (partner) => groupOf[partner] === place;
  }

  /** Whether something above an entity explains what the week shows of it; asked after `anomalies`. */
  isExplained({ level, entity }: Pick<Anomaly, 'level' | 'entity'>): boolean {
    if (level === 'feed') return false;
    if (this.#isSilent()) return true;
    const cells = this.#metric[level];
    const place = cells.ids.indexOf(entity);
    const above = [...this.#taken, ...this.#standing].filter((group) =>
      level === 'partner' ? group.has(place) : group.level === 'program' && level !== 'program',
    );
    return place >= 0 && above.some(({ change }) => this.#explains(change, cells, place));
  }

  /** Whether the metric's feed was silent, which explains every dip. */
  #isSilent(): boolean {
    return this.#direction < 0 && this.#week.silences.some(({ feeds }) => feeds.includes(this.#metric.feed));
  }

  /** What is left when the highest level that explains a change has taken it. */
  anomalies(): Anomaly[] {
    if (this.#isSilent()) return [];
    this.#takeProgram();
    this.#takeGroups();
    const partners = this.#partners();
    return [...this.#taken.flatMap(({ cell }) => (cell ? [cell] : [])), ...partners];
  }

  #takeProgram(): void {
    const { program, region, segment, partner } = this.#metric;
    if (!this.#isCandidate(program, 0, this.#found.program)) return;
    const whole = { observed: program.observed[0], expected: program.expected[0] };
    if (![region, segment, partner].every((parts) => this.#isShared(whole, parts, () => true))) return;
    this.#take('program', program, 0, () => true);
  }

  /** Regions and types, the most surprising first: of two that overlap, the second must hold without the first. */
  #takeGroups(): void {
    const { region, segment } = this.#metric;
    const candidates = [
      ...this.#candidates('region', region, this.#found.region),
      ...this.#candidates('segment', segment, this.#found.segment),
    ].sort((a, b) => a.cells.p[a.place] - b.cells.p[b.place]);
    for (const { level, cells, place, has } of candidates) {
      const above = [...this.#taken, ...this.#standing].filter((group) => group.level === 'program');
      if (above.some(({ change }) => this.#explains(change, cells, place))) continue;
      const rest = this.#without(cells, place, has);
      const whole = logRatio(cells.observed[place], cells.expected[place]);
      if (above.length === 0 && !sharesChange(logRatio(rest.observed, rest.expected), whole)) continue;
      if (!this.#isShared(rest, this.#metric.partner, (i) => has(i) && !this.#isTaken(i))) continue;
      this.#take(level, cells, place, has);
    }
  }

  #candidates(level: 'region' | 'segment', cells: LevelWeek, found: Uint8Array) {
    // A program all of one region has no region.
    if (cells.ids.length < 2) return [];
    const places = cells.ids.map((_, place) => place).filter((place) => this.#isCandidate(cells, place, found));
    return places.map((place) => ({ level, cells, place, has: this.#members(level, place) }));
  }

  #isCandidate(cells: LevelWeek, place: number, found: Uint8Array): boolean {
    const change = this.#direction * logRatio(cells.observed[place], cells.expected[place]);
    return found[place] === 1 && change >= SMALLEST_CHANGE && this.#isEnough(cells, place);
  }

  #isEnough({ observed, expected }: LevelWeek, place: number): boolean {
    if (this.#direction < 0) return expected[place] >= DIP_EXPECTS && observed[place] < expected[place];
    return observed[place] - expected[place] >= FEWEST_EXTRA;
  }

  /** Whether the rest of a whole, without the parts in which the change shows most, has changed the same way. */
  #isShared(whole: { observed: number; expected: number }, parts: LevelWeek, has: (place: number) => boolean): boolean {
    const places = parts.ids
      .map((_, i) => i)
      .filter((i) => has(i) && !Number.isNaN(parts.observed[i] + parts.expected[i]));
    if (places.length < 2) return parts !== this.#metric.partner;
    const worst = this.#worst(parts, places);
    const without = (column: Float64Array, of: number) =>
      Math.max(
        0,
        worst.reduce((left, i) => left - column[i], of),
      );
    const rest = logRatio(without(parts.observed, whole.observed), without(parts.expected, whole.expected));
    return sharesChange(rest, logRatio(whole.observed, whole.expected));
  }

  /** The part in which a change shows most; of partners, up to a tenth, as far as each is surprising by itself. */
  #worst(parts: LevelWeek, places: number[]): number[] {
    const most = parts === this.#metric.partner ? Math.ceil(places.length * LEFT_OUT) : 1;
    const inTurn = places.sort((a, b) => this.#gap(parts, b) - this.#gap(parts, a)).slice(0, most);
    return inTurn.filter((i, rank) => rank === 0 || (parts.p[i] < ALONE && this.#gap(parts, i) > 0));
  }

  /** How much is missing, or extra. */
  #gap({ observed, expected }: LevelWeek, place: number): number {
    return this.#direction * (observed[place] - expected[place]);
  }

  /** A group without the partners of regions and types that have been taken. */
  #without(cells: LevelWeek, place: number, has: (partner: number) => boolean): { observed: number; expected: number } {
    const { partner } = this.#metric;
    let [observed, expected] = [cells.observed[place], cells.expected[place]];
    const groups = this.#taken.filter(({ level }) => level !== 'program');
    if (groups.length === 0) return { observed, expected };
    for (let i = 0; i < partner.ids.length; i++) {
      if (!has(i) || Number.isNaN(partner.expected[i]) || !groups.some((group) => group.has(i))) continue;
      observed -= partner.observed[i];
      expected -= partner.expected[i];
    }
    return { observed: Math.max(0, observed), expected: Math.max(0, expected) };
  }

  #isTaken(partner: number): boolean {
    return this.#taken.some((group) => group.level !== 'program' && group.has(partner));
  }

  /** Whether a change above leaves nothing to explain: twice the band, moved by it, holds what was observed. */
  #explains(change: number, { observed, expected, low, high }: LevelWeek, place: number): boolean {
    const [factor, middle] = [Math.exp(change), expected[place]];
    return this.#direction < 0
      ? observed[place] >= Math.floor(factor * (middle - EXPLAINED_BANDS * (middle - low[place])))
      : observed[place] <= Math.ceil(factor * (middle + EXPLAINED_BANDS * (high[place] - middle)));
  }

  #take(level: Level, cells: LevelWeek, place: number, has: (partner: number) => boolean): void {
    const absorbed = this.#alertsOf(has);
    const cell = { ...this.#cell(level, cells, place, this.#mostAffected(has)), absorbed };
    this.#taken.push({ level, has, change: logRatio(cells.observed[place], cells.expected[place]), cell });
  }

  /** How many of its partners would have been alerts, looked at one by one at the usual one in twenty. */
  #alertsOf(has: (partner: number) => boolean): number {
    const { partner } = this.#metric;
    return partner.p.reduce((sum, p, i) => sum + Number(has(i) && p < ALERT && this.#gap(partner, i) > 0), 0);
  }

  #mostAffected(has: (partner: number) => boolean): string[] {
    const { partner } = this.#metric;
    const affected = partner.ids
      .map((_, i) => i)
      .filter((i) => has(i) && this.#gap(partner, i) > 0)
      .sort((a, b) => this.#gap(partner, b) - this.#gap(partner, a));
    return affected.slice(0, PARTNERS_TOLD).map((i) => partner.ids[i]);
  }

  #partners(): Anomaly[] {
    const { partner } = this.#metric;
    const anomalies: Anomaly[] = [];
    for (let i = 0; i < partner.ids.length; i++) {
      if (this.#found.partner[i] !== 1 || this.#gap(partner, i) <= 0 || !this.#isEnough(partner, i)) continue;
      const groups = [...this.#taken, ...this.#standing];
      const above = groups.filter((group) => group.has(i) && this.#explains(group.change, partner, i));
      if (above.length === 0) anomalies.push(this.#cell('partner', partner, i, [partner.ids[i]]));
    }
    return anomalies;
  }

  #cell(level: Level, cells: LevelWeek, place: number, partners: string[]): Anomaly {
    const { metric, feed } = this.#metric;
    const figures = figuresOf(cells, place);
    const about = { level, entity: cells.ids[place], feed, metric, direction: this.#direction };
    return { ...about, ...figures, others: [], absorbed: 0, partners, silence: null };
  }
}

function sharesChange(rest: number, whole: number): boolean {
  return Math.sign(rest) === Math.sign(whole) && Math.abs(rest) >= SHARED * Math.abs(whole);
}
