import {
  countWeeks,
  type FactSource,
  type Instant,
  type Program,
  startOfWeek,
  type TrackedMetric,
  trackedMetrics,
  WEEK,
} from '../features/index.ts';
import {
  type FeedDays,
  type Findings,
  type LevelWeek,
  type MetricWeek,
  runP,
  type SeriesSet,
  scoreSeries,
  type TimelineWeek,
  usualSettings,
  type Worth,
} from '../models/index.ts';

/** What every partner did week by week, and where each belongs. */
export interface ProgramWeeks {
  metrics: readonly TrackedMetric[];
  /** The Monday that begins the first week, and how many there are. */
  first: Instant;
  weeks: number;
  partners: readonly string[];
  /** Per metric, partner after partner and week after week; NaN is unknown. */
  values: readonly Float64Array[];
  /** Per metric, events of all partners per day. */
  daily: readonly Float64Array[];
  /** Region and type of each partner; empty where they are not known. */
  regions: readonly string[];
  segments: readonly string[];
}

/**
 * Counts the weeks of a program up to and including one, range by range of partners, as known at a moment.
 * @param last the Monday that begins the last week
 * @param most how many weeks at most; fewer where the records begin later
 */
export async function gatherWeeks(
  facts: FactSource,
  program: Program,
  last: Instant,
  most: number,
  knownBefore: Instant,
): Promise<ProgramWeeks> {
  const earliest = Math.min(...program.tracking.map(({ since }) => since));
  const first = Math.max(last - (most - 1) * WEEK, Math.min(last, startOfWeek(earliest)));
  const weeks = Math.round((last - first) / WEEK) + 1;
  const metrics = trackedMetrics(program, first, last + WEEK, knownBefore);
  const plan = { metrics, first, weeks, knownBefore };
  const parts: Float64Array[][] = metrics.map(() => []);
  const daily = metrics.map(() => new Float64Array(7 * weeks));
  const [partners, regions, segments]: [string[], string[], string[]] = [[], [], []];
  for await (const columns of facts.ranges(knownBefore)) {
    const counts = countWeeks(columns, plan);
    for (const id of counts.partners) partners.push(id);
    for (const region of counts.regions) regions.push(region);
    for (const segment of counts.segments) segments.push(segment);
    counts.values.forEach((values, m) => {
      parts[m].push(values);
    });
    counts.daily.forEach((days, m) => {
      days.forEach((events, day) => {
        daily[m][day] += events;
      });
    });
  }
  return { ...plan, partners, regions, segments, daily, values: parts.map(joined) };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    all.set(part, place);
    place += part.length;
  }
  return all;
}

/** The scored weeks of a metric at one level, entity after entity. */
interface ScoredLevel {
  ids: readonly string[];
  values: Float64Array;
  findings: Findings;
}

/** The scored weeks of a metric at every level. */
export interface ScoredMetric {
  tracked: TrackedMetric;
  program: ScoredLevel;
  region: ScoredLevel;
  segment: ScoredLevel;
  partner: ScoredLevel;
}

/** What every week from one on showed, metric by metric. */
export interface ScoredWeeks {
  /** The Monday of the first scored week. */
  first: Instant;
  weeks: number;
  metrics: readonly ScoredMetric[];
  regionOf: Int32Array;
  segmentOf: Int32Array;
}

/**
 * Scores the weeks from one on, metric by metric: one metric's findings of all weeks are in memory at a time.
 * @param from the place of the first week that is told of
 */
export function scoreWeeks(series: ProgramWeeks, from: number): ScoredWeeks {
  const { first, weeks, metrics } = series;
  const regions = groupsOf(series.regions);
  const segments = groupsOf(series.segments);
  const periods = Float64Array.from({ length: weeks }, (_, week) => first + week * WEEK);
  const scored = metrics.map((tracked, m): ScoredMetric => {
    const law = tracked.metric.of === 'money' ? ('amounts' as const) : ('counts' as const);
    const values = series.values[m].map((value) => Math.max(0, value));
    const set = (ids: readonly string[], some: Float64Array): SeriesSet => ({
      ids,
      periods,
      days: 7,
      law,
      values: some,
    });
    const level = (ids: readonly string[], some: Float64Array) => scoredLevel(set(ids, some), SETTINGS, from);
    return {
      tracked,
      program: level(['all'], summed(values, weeks, new Int32Array(series.partners.length), 1)),
      region: level(regions.ids, summed(values, weeks, regions.of, regions.ids.length)),
      segment: level(segments.ids, summed(values, weeks, segments.of, segments.ids.length)),
      partner: scoredLevel({ ...set(series.partners, values), groups: series.segments }, OF_PARTNERS, from),
    };
  });
  return { first: periods[from], weeks: weeks - from, metrics: scored, regionOf: regions.of, segmentOf: segments.of };
}

/** The groups there are, by name, and the place of each partner's among them; −1 where it is not known. */
function groupsOf(names: readonly string[]): { ids: string[]; of: Int32Array } {
  const ids = [...new Set(names)].filter((name) => name !== '').sort();
  const places = new Map(ids.map((id, place) => [id, place]));
  return { ids, of: Int32Array.from(names, (name) => places.get(name) ?? -1) };
}

/** The sums of groups of partners, week by week; unknown where nothing is known of any of them. */
function summed(values: Float64Array, weeks: number, groupOf: Int32Array, groups: number): Float64Array {
  const sums = new Float64Array(groups * weeks).fill(Number.NaN);
  for (let partner = 0; partner < groupOf.length; partner++) {
    if (groupOf[partner] < 0) continue;
    const [from, to] = [partner * weeks, groupOf[partner] * weeks];
    for (let week = 0; week < weeks; week++) {
      const value = values[from + week];
      if (Number.isNaN(value)) continue;
      sums[to + week] = (Number.isNaN(sums[to + week]) ? 0 : sums[to + week]) + value;
    }
  }
  return sums;
}

/** What many do together is not taken out of what each is expected to do: to tell it, at its level, is the point here. */
const SETTINGS = { ...usualSettings(7), movement: false };

/** A new partner leans on its peers, and is told of as soon as its own level counts for more than theirs. */
const OF_PARTNERS = { ...SETTINGS, warmUp: 8 };

function scoredLevel(set: SeriesSet, settings: typeof SETTINGS, from: number): ScoredLevel {
  const weeks = set.periods.length;
  const findings = scoreSeries(set, settings, from);
  const late = <Column extends Float64Array | Int8Array>(column: Column): Column => {
    const kept = new (column.constructor as new (length: number) => Column)(set.ids.length * (weeks - from));
    for (let s = 0; s < set.ids.length; s++) {
      kept.set(column.subarray(s * weeks + from, (s + 1) * weeks), s * (weeks - from));
    }
    return kept;
  };
  const { expected, low, high, p, direction } = findings;
  return {
    ids: set.ids,
    values: late(set.values),
    findings: { expected: late(expected), low: late(low), high: late(high), p: late(p), direction: late(direction) },
  };
}

/** What one of the scored weeks showed, at every level. */
export function metricWeeks({ metrics, weeks }: ScoredWeeks, week: number): MetricWeek[] {
  const events = metrics.filter(({ tracked }) => tracked.metric.of === 'events');
  return events.map(({ tracked, program, region, segment, partner }) => ({
    metric: tracked.metric.name,
    feed: tracked.metric.feed,
    program: levelWeek(program, weeks, week),
    region: levelWeek(region, weeks, week),
    segment: levelWeek(segment, weeks, week),
    partner: withRuns(levelWeek(partner, weeks, week), partner, weeks, week),
  }));
}

function levelWeek({ ids, values, findings }: ScoredLevel, weeks: number, week: number): LevelWeek {
  const at = (column: Float64Array) => Float64Array.from(ids, (_, s) => column[s * weeks + week]);
  const { expected, low, high, p } = findings;
  const own = at(p);
  return { ids, observed: at(values), expected: at(expected), low: at(low), high: at(high), p: own, run: own };
}

/** Weeks that are taken together at single partners. */
const RUN_WEEKS = 4;

function withRuns(cells: LevelWeek, { findings, values }: ScoredLevel, weeks: number, week: number): LevelWeek {
  const from = Math.max(0, week - RUN_WEEKS + 1);
  const run = Float64Array.from(cells.ids, (_, s) => {
    const [begin, end] = [s * weeks + from, s * weeks + week + 1];
    const side = (i: number) => Math.sign(values[begin + i] - findings.expected[begin + i]) || 0;
    const sides = Array.from({ length: end - begin }, (_, i) => side(i));
    return runP(findings.p.subarray(begin, end), sides);
  });
  return { ...cells, run };
}

/** The scored weeks of one entity up to and including one; nothing where it is not among them. */
export function timelineOf(
  { metrics, weeks, first }: ScoredWeeks,
  upTo: number,
  most: number,
  about: { metric: string; level: 'feed' | 'program' | 'region' | 'segment' | 'partner'; entity: string },
): TimelineWeek[] {
  const scored = metrics.find(({ tracked }) => tracked.metric.name === about.metric);
  const isFeed = about.level === 'feed';
  const level = scored?.[about.level === 'feed' ? 'program' : about.level];
  const place = level?.ids.indexOf(isFeed ? 'all' : about.entity) ?? -1;
  if (!level || place < 0) return [];
  const { values, findings } = level;
  const from = Math.max(0, upTo - most + 1);
  return Array.from({ length: upTo - from + 1 }, (_, i) => {
    const at = place * weeks + from + i;
    return {
      period: first + (from + i) * WEEK,
      observed: known(values[at]),
      expected: known(findings.expected[at]),
      low: known(findings.low[at]),
      high: known(findings.high[at]),
    };
  });
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** What each feed brought of all partners, day by day, up to the end of a week. */
export function feedDays({ metrics, daily }: ProgramWeeks, weeks: number): FeedDays[] {
  const feeds = [...new Set(metrics.map(({ metric }) => metric.feed))];
  return feeds.map((feed) => {
    const sum = new Float64Array(7 * weeks);
    metrics.forEach(({ metric }, m) => {
      if (metric.feed === feed) for (let day = 0; day < sum.length; day++) sum[day] += daily[m][day];
    });
    return { feed, daily: sum };
  });
}

const YEAR_WEEKS = 52;

/**
 * What a deal won and a deal registered were worth on average in the year before a week's end, in minor units: all that
 * was won, shared among them. Other metrics are not worth money that is known.
 */
export function worthOf({ metrics, values, weeks, partners }: ProgramWeeks): Worth {
  const total = (name: string) => {
    const m = metrics.findIndex(({ metric }) => metric.name === name);
    if (m < 0) return 0;
    let sum = 0;
    for (let partner = 0; partner < partners.length; partner++) {
      for (let week = Math.max(0, weeks - YEAR_WEEKS); week < weeks; week++) {
        sum += values[m][partner * weeks + week] || 0;
      }
    }
    return sum;
  };
  const won = total('won_amount');
  const worth = new Map([['won_amount', 1]]);
  for (const name of ['deals_won', 'deals_registered']) {
    const deals = total(name);
    if (won > 0 && deals > 0) worth.set(name, won / deals);
  }
  return worth;
}
