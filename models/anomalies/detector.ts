import { DAY, type Instant } from '../../features/index.ts';
import { band, midTails, twoSided } from './negative-binomial.ts';
import {
  blankFindings,
  type Findings,
  type Law,
  requireBusinessDays,
  requireSeries,
  requireValue,
  type SeriesSet,
} from './series.ts';

/** What the detector goes by; every default was chosen on the odd-numbered series of the exam. */
export interface DetectorSettings {
  /** Known periods of a series before anything is told of it. */
  warmUp: number;
  /** Known periods after which a value counts half. */
  halfLife: number;
}

const DEFAULT_SETTINGS: DetectorSettings = { warmUp: 26, halfLife: 13 };

/** What is remembered of each series. */
const MEMORIES = ['known', 'weight', 'sum', 'spread', 'all', 'time'] as const;
type Memory = (typeof MEMORIES)[number];

/** All that a detector has to remember: as large however long the series are. Plain data, saved as it is. */
export interface DetectorState {
  settings: DetectorSettings;
  days: 7 | 1;
  law: Law;
  ids: readonly string[];
  groups: readonly string[];
  /** When the next period begins. */
  next: Instant;
  memories: Record<Memory, Float64Array>;
}

/** One period of all series. */
export interface Period {
  /** One value per series of the state. */
  values: Float64Array;
  business?: number;
}

/** Dispersion of counts of independent customers, as a start. */
const USUAL_DISPERSION = 1.8;
const DISPERSION_WEIGHT = 20;
const LEAST_DISPERSION = 1.05;
const BUSINESS_DAYS = 5;

/** A detector that has seen the whole set. @throws RangeError see `requireSeries` */
export function startDetector(set: SeriesSet, settings: DetectorSettings = DEFAULT_SETTINGS): DetectorState {
  return replayed(set, settings, null, 0);
}

/**
 * What the next period shows, and the detector that has seen it.
 * @throws RangeError when a value or the business days cannot be
 */
export function nextPeriod(state: DetectorState, period: Period): { state: DetectorState; findings: Findings } {
  const next = { ...state, memories: copied(state.memories) };
  const findings = blankFindings(state.ids.length);
  requirePeriod(state, period);
  advance(next, period.values, period.business ?? BUSINESS_DAYS, findings, 0, 1);
  return { state: next, findings };
}

/**
 * What every period shows, given those before it.
 * @param from the first period to tell of, in periods from the start; those before stay blank
 * @throws RangeError see `requireSeries`
 */
export function scoreSeries(set: SeriesSet, settings: DetectorSettings = DEFAULT_SETTINGS, from = 0): Findings {
  const findings = blankFindings(set.values.length);
  replayed(set, settings, findings, from);
  return findings;
}

/** A blank detector shown the whole set, period by period. */
function replayed(set: SeriesSet, settings: DetectorSettings, told: Findings | null, from: number): DetectorState {
  requireSeries(set);
  const state = blankState(set, settings);
  const periods = set.periods.length;
  const values = new Float64Array(set.ids.length);
  for (let t = 0; t < periods; t++) {
    for (let s = 0; s < values.length; s++) values[s] = set.values[s * periods + t];
    advance(state, values, set.business?.[t] ?? BUSINESS_DAYS, t >= from ? told : null, t, periods);
  }
  return state;
}

function blankState(set: SeriesSet, settings: DetectorSettings): DetectorState {
  const blank = () => new Float64Array(set.ids.length);
  const memories = Object.fromEntries(MEMORIES.map((name) => [name, blank()])) as Record<Memory, Float64Array>;
  const { ids, days, law = 'counts', groups = ids.map(() => '') } = set;
  return { settings, days, law, ids, groups, next: set.periods[0] ?? 0, memories };
}

function copied(memories: Record<Memory, Float64Array>): Record<Memory, Float64Array> {
  return Object.fromEntries(MEMORIES.map((name) => [name, memories[name].slice()])) as Record<Memory, Float64Array>;
}

function requirePeriod({ ids, law, days, next }: DetectorState, { values, business }: Period): void {
  if (values.length !== ids.length) throw new RangeError(`expected ${ids.length} values, and found ${values.length}`);
  if (business !== undefined) requireBusinessDays(business, days, next);
  for (let s = 0; s < ids.length; s++) requireValue(values[s], law, ids[s], next);
}

/** Tells of one period where asked to, and learns from it, in place. */
function advance(
  state: DetectorState,
  values: Float64Array,
  business: number,
  told: Findings | null,
  at: number,
  stride: number,
): void {
  const { known, weight, sum, spread, all, time } = state.memories;
  const keep = 0.5 ** (1 / state.settings.halfLife);
  const exposure = business / BUSINESS_DAYS;
  for (let s = 0; s < values.length; s++) {
    const usual = (all[s] + 0.3) / (time[s] + 0.6);
    const mean = Math.max(1e-3, (exposure * (sum[s] + 0.3)) / (weight[s] + 0.3 / Math.max(usual, 0.2)));
    const dispersion = Math.max(
      LEAST_DISPERSION,
      (spread[s] + DISPERSION_WEIGHT * USUAL_DISPERSION) / (Math.min(known[s], 52) + DISPERSION_WEIGHT),
    );
    const value = values[s];
    if (told && known[s] >= state.settings.warmUp) tell(told, s * stride + at, value, { mean, dispersion });
    if (Number.isNaN(value)) continue;
    const capped = Math.min(value, mean + 3 * Math.sqrt(Math.max(mean, 1) * dispersion) + 2);
    spread[s] = keep * spread[s] + (capped - mean) ** 2 / mean;
    sum[s] = keep * sum[s] + capped;
    weight[s] = keep * weight[s] + exposure;
    all[s] += capped;
    time[s] += exposure;
    known[s]++;
  }
  state.next += state.days * DAY;
}

function tell(told: Findings, place: number, value: number, law: { mean: number; dispersion: number }): void {
  told.expected[place] = law.mean;
  [told.low[place], told.high[place]] = band(law);
  if (Number.isNaN(value)) return;
  const { p, direction } = twoSided(midTails(value, law));
  told.p[place] = p;
  told.direction[place] = direction;
}
