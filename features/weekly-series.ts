import type { EventColumns, Profile } from './event-columns.ts';
import { KnownProfile } from './known-profile.ts';
import { DAY, type Instant } from './time.ts';
import { type TrackedMetric, WEEK } from './weekly-metrics.ts';

/** Which weeks are counted, and what of. */
export interface WeekPlan {
  metrics: readonly TrackedMetric[];
  /** The Monday that begins the first week. */
  first: Instant;
  weeks: number;
  /** Only what was known before this moment counts. */
  knownBefore: Instant;
}

/** Counts of some partners, week by week. */
export interface WeeklyCounts {
  partners: readonly string[];
  /** Per metric, partner after partner and week after week; NaN where the partner was not there or nothing was tracked. */
  values: readonly Float64Array[];
  /** Per metric, what was recorded of all these partners on each day of the weeks; money is not counted by the day. */
  daily: readonly Float64Array[];
  /** Region and type of each partner as they were known; empty where they are not. */
  regions: readonly string[];
  segments: readonly string[];
}

/**
 * Counts what some partners did, week by week, as it was known at a moment: late facts are in the week they happened in
 * once they are known, corrected ones in the version that then stood. One pass over the columns. A partner's weeks are
 * unknown before the first whole one after it signed, and from the one on in which its last agreement ended.
 */
export function countWeeks(columns: EventColumns, plan: WeekPlan): WeeklyCounts {
  const { partners, offsets } = columns;
  const { metrics, weeks } = plan;
  const counts: Counts = {
    values: metrics.map(() => new Float64Array(partners.length * weeks)),
    daily: metrics.map(() => new Float64Array(7 * weeks)),
    ofKind: columns.kinds.map((kind) => metrics.flatMap(({ kinds }, m) => (kinds.has(kind) ? [m] : []))),
  };
  const profile = new KnownProfile();
  const [regions, segments]: [string[], string[]] = [[], []];
  for (let partner = 0; partner < partners.length; partner++) {
    const rows = { from: offsets[partner], to: offsets[partner + 1] };
    addRows(columns, plan, rows, partner * weeks, counts);
    profile.moveTo(columns.profiles[partner], plan.knownBefore);
    regions.push(profile.latest('region') ?? '');
    segments.push(profile.latest('type') ?? '');
    const begun = profile.signedOn ?? firstKnown(columns, rows, plan.knownBefore);
    const ended = endOf(profile);
    metrics.forEach(({ since }, m) => {
      forget(counts.values[m], partner * weeks, plan, Math.max(begun, since), ended);
    });
  }
  return { partners, values: counts.values, daily: counts.daily, regions, segments };
}

/** What is being counted: per metric, and which metrics each kind counts for. */
interface Counts {
  values: Float64Array[];
  daily: Float64Array[];
  ofKind: readonly (readonly number[])[];
}

function addRows(
  { happenedAt, knownAt, replacedAt, kind, value, currency }: EventColumns,
  { metrics, first, weeks, knownBefore }: WeekPlan,
  { from, to }: { from: number; to: number },
  place: number,
  { values, daily, ofKind }: Counts,
): void {
  const end = first + weeks * WEEK;
  for (let row = from; row < to; row++) {
    if (happenedAt[row] < first || happenedAt[row] >= end) continue;
    if (knownAt[row] >= knownBefore || replacedAt[row] < knownBefore) continue;
    const day = Math.floor((happenedAt[row] - first) / DAY);
    for (const m of ofKind[kind[row]]) {
      const isMoney = metrics[m].metric.of === 'money';
      values[m][place + Math.floor(day / 7)] += isMoney ? moneyOf(value[row], currency[row]) : 1;
      if (!isMoney) daily[m][day]++;
    }
  }
}

/** An amount in a currency without a rate is left out. */
function moneyOf(value: number, currency: number): number {
  return currency < 0 || Number.isNaN(value) ? 0 : value;
}

function firstKnown(
  { happenedAt, knownAt }: EventColumns,
  { from, to }: { from: number; to: number },
  knownBefore: Instant,
): Instant {
  for (let row = from; row < to; row++) if (knownAt[row] < knownBefore) return happenedAt[row];
  return Number.POSITIVE_INFINITY;
}

/** When the last agreement ended; Infinity while one runs, or none was ever told of. */
function endOf(profile: KnownProfile): Instant {
  const ends = profile.agreements().map(({ endedOn }: Profile['agreements'][number]) => endedOn);
  return ends.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...ends.map((end) => end ?? Number.POSITIVE_INFINITY));
}

function forget(values: Float64Array, place: number, { first, weeks }: WeekPlan, begun: Instant, ended: Instant): void {
  const from = Math.min(weeks, Math.max(0, Math.ceil((begun - first) / WEEK)));
  const to = Math.max(from, Math.min(weeks, Math.max(0, Math.floor((ended - first) / WEEK))));
  values.fill(Number.NaN, place, place + from);
  values.fill(Number.NaN, place + to, place + weeks);
}
