import { DAY } from '../../features/index.ts';
import { slotsOf } from './calendar.ts';
import { type Expectation, expectationOf } from './expectation.ts';
import { blankState, copyState, type DetectorSettings, type DetectorState, usualSettings } from './memory.ts';
import { band, twoSided } from './negative-binomial.ts';
import { blankSums, type GroupSums, learnOfPeers, movementOf, movementVariance, seasonOf } from './peers.ts';
import {
  blankFindings,
  type Findings,
  requireBusinessDays,
  requireSeries,
  requireValue,
  type SeriesSet,
} from './series.ts';

/** One period of all series. */
export interface Period {
  /** One value per series of the state. */
  values: Float64Array;
  business?: number;
}

/** Dips are told where at least so many were expected: below, even nothing at all is no surprise. */
export const DIP_EXPECTS = 4;
/** Business days of a usual period; at least a tenth of a usual period is worked in any. */
const BUSINESS_DAYS = { 7: 5, 1: 1 };
const LEAST_EXPOSURE = 0.1;
/** A series this young is taken as it is: its level is not known well enough to call a value far off. */
const YOUNG = 8;
/** Periods with an amount before amounts are told of. */
const FEWEST_BUSY = 3;
/** Younger ones do not say how much they scatter. */
const NEWBORN = 4;
/** What is far off so many times in a row is the new level, and the old one fades by this much per period. */
const RUN = 5;
const FADE = 0.7;
/**
 * Standard deviations from what was expected beyond which a value teaches no more than it would there, and the share of
 * a normal variable's variance that is left by it (Huber 1964).
 */
const CAP = 1.6;
const CAPPED_VARIANCE = 0.816;
/** What many share may be farther off than what one does. */
const CAP_OF_PEERS = 3;
/** Series that others are compared with: known for so long; relative variance of one series' own ups and downs. */
const PEER_KNOWN = 20;
const OWN_VARIANCE = 0.1;

/**
 * A detector that has seen the whole set.
 * @throws RangeError see `requireSeries`
 */
export function startDetector(set: SeriesSet, settings: DetectorSettings = usualSettings(set.days)): DetectorState {
  return replayed(set, settings, null, 0);
}

/**
 * What the next period shows, and the detector that has seen it; the one given stays as it is. Costs one period.
 * @throws RangeError when a value or the business days cannot be
 */
export function nextPeriod(state: DetectorState, period: Period): { state: DetectorState; findings: Findings } {
  requirePeriod(state, period);
  const findings = blankFindings(state.ids.length);
  const next = copyState(state);
  advance(next, period, blankDesk(state), { findings, at: 0, stride: 1 });
  return { state: next, findings };
}

/**
 * What every period shows, given those before it: what `nextPeriod` says period by period, to the bit.
 * @param from the first period to tell of, in periods from the start; those before stay blank
 * @throws RangeError see `requireSeries`
 */
export function scoreSeries(set: SeriesSet, settings = usualSettings(set.days), from = 0): Findings {
  const findings = blankFindings(set.values.length);
  replayed(set, settings, findings, from);
  return findings;
}

/** A blank detector shown the whole set, period by period. */
function replayed(set: SeriesSet, settings: DetectorSettings, findings: Findings | null, from: number): DetectorState {
  requireSeries(set);
  const state = blankState(set, settings);
  const desk = blankDesk(state);
  const stride = set.periods.length;
  const values = new Float64Array(set.ids.length);
  for (let t = 0; t < stride; t++) {
    for (let s = 0; s < values.length; s++) values[s] = set.values[s * stride + t];
    const period: Period = set.business ? { values, business: set.business[t] } : { values };
    advance(state, period, desk, findings && t >= from ? { findings, at: t, stride } : null);
  }
  return state;
}

function requirePeriod({ ids, law, days, next }: DetectorState, { values, business }: Period): void {
  if (values.length !== ids.length) throw new RangeError(`expected ${ids.length} values, and found ${values.length}`);
  if (business !== undefined) requireBusinessDays(business, days, next);
  for (let s = 0; s < ids.length; s++) requireValue(values[s], law, ids[s], next);
}

/** Room for what a period needs, used again for the next one. */
interface Desk {
  unit: Float64Array;
  /** Expected in this period before what peers do, in units. */
  mean: Float64Array;
  dispersion: Float64Array;
  /** What a series has in its group's sums. */
  seen: Float64Array;
  expected: Float64Array;
  season: Float64Array;
  expectation: Expectation;
}

function blankDesk({ ids, groups }: DetectorState): Desk {
  const [unit, mean, dispersion, seen, expected] = Array.from({ length: 5 }, () => new Float64Array(ids.length));
  const expectation = { unit: 1, level: 0, dispersion: 1 };
  return { unit, mean, dispersion, seen, expected, season: new Float64Array(groups.length), expectation };
}

/** Where to write what is found. */
interface Sheet {
  findings: Findings;
  at: number;
  stride: number;
}

/** Tells of one period where asked to, and learns from it, in place. */
function advance(state: DetectorState, { values, business }: Period, desk: Desk, sheet: Sheet | null): void {
  const slots = slotsOf(state.next, state.days);
  const usual = BUSINESS_DAYS[state.days];
  const exposure = Math.max(LEAST_EXPOSURE, (business ?? usual) / usual);
  for (let g = 0; g < state.groups.length; g++) {
    desk.season[g] = state.settings.season ? seasonOf(state, g, slots) : 1;
  }
  const sums = expectAll(state, values, exposure, desk);
  for (let s = 0; s < values.length; s++) {
    const group = state.groupOf[s];
    const movement = state.settings.movement ? movementOf(state, sums, group, desk.seen[s], desk.expected[s]) : 1;
    desk.mean[s] *= movement;
    if (sheet && isKnownEnough(state, s)) {
      tell(state, sheet, values[s], s, desk);
    }
    if (!Number.isNaN(values[s])) learn(state, s, values[s], exposure, desk.season[group] * movement, desk, sums);
  }
  learnOfPeers(state, sums, slots);
  state.next += state.days * DAY;
}

/** Of amounts it must be known, too, about how large they are when there are any. */
function isKnownEnough({ series, settings, law }: DetectorState, s: number): boolean {
  return series.known[s] >= settings.warmUp && (law === 'counts' || series.busy[s] >= FEWEST_BUSY);
}

/** Puts what is expected of every series on the desk. @returns what it comes to in each group */
function expectAll(state: DetectorState, values: Float64Array, exposure: number, desk: Desk): GroupSums {
  const sums = blankSums(state.groups.length);
  const { known } = state.series;
  for (let s = 0; s < values.length; s++) {
    const group = state.groupOf[s];
    const { unit, level, dispersion } = expectationOf(state, s, desk.expectation);
    const mean = level * exposure * desk.season[group];
    desk.unit[s] = unit;
    desk.mean[s] = mean;
    desk.dispersion[s] = dispersion;
    desk.seen[s] = 0;
    desk.expected[s] = 0;
    if (Number.isNaN(values[s]) || known[s] < NEWBORN) continue;
    sums.level[group] += level;
    sums.levelSquares[group] += level ** 2;
    sums.levels[group]++;
    if (known[s] < PEER_KNOWN) continue;
    const worth = 1 / (dispersion + OWN_VARIANCE * mean);
    desk.seen[s] = worth * capped(values[s] / unit, mean, dispersion, CAP_OF_PEERS);
    desk.expected[s] = worth * mean;
    sums.seen[group] += desk.seen[s];
    sums.expected[group] += desk.expected[s];
  }
  return sums;
}

/** A value, or the farthest it may be from what was expected. */
function capped(value: number, mean: number, dispersion: number, cap: number): number {
  const reach = cap * Math.sqrt(Math.max(mean, 1) * dispersion);
  return Math.max(mean - reach, Math.min(value, mean + reach));
}

function tell(state: DetectorState, sheet: Sheet, value: number, s: number, desk: Desk): void {
  const { series, settings, pools, groupOf } = state;
  const { expected, low, high, p, direction } = sheet.findings;
  const place = s * sheet.stride + sheet.at;
  const unit = desk.unit[s];
  const mean = desk.mean[s];
  // What all do together, seasons not seen yet among it, is uncertain where it is not taken out: of one partner's ten it
  // is nothing, and of a program's thousand it is what chance leaves.
  const together = settings.movement ? 0 : mean * movementVariance(pools, groupOf[s]);
  // A level that is an average of few is itself uncertain.
  const law = { mean, dispersion: desk.dispersion[s] * (1 + 1 / (1 + 2 * series.weight[s])) + together };
  expected[place] = law.mean * unit;
  const [from, to] = band(law);
  low[place] = from * unit;
  high[place] = to * unit;
  if (Number.isNaN(value)) return;
  const side = twoSided(value / unit, law);
  p[place] = side.p;
  direction[place] = side.direction < 0 && law.mean < DIP_EXPECTS ? 0 : side.direction;
}

/** What a value teaches of its series. @param factor by how much season and peers multiplied what was expected */
function learn(
  { series, settings, groupOf }: DetectorState,
  s: number,
  value: number,
  exposure: number,
  factor: number,
  desk: Desk,
  sums: GroupSums,
): void {
  const { unit, mean, dispersion } = { unit: desk.unit[s], mean: desk.mean[s], dispersion: desk.dispersion[s] };
  const near = capped(value / unit, mean, dispersion, CAP);
  const off = Math.sign(value / unit - near);
  series.run[s] = off === 0 ? 0 : off === Math.sign(series.run[s]) ? series.run[s] + off : off;
  const isNew = Math.abs(series.run[s]) >= RUN;
  const taken = isNew || series.known[s] < YOUNG ? value : near * unit;
  if (series.known[s] >= NEWBORN) {
    const distance = (near - mean) ** 2 / Math.max(mean, 0.05) / CAPPED_VARIANCE;
    const keep = 0.5 ** (1 / settings.spreadHalfLife);
    series.spread[s] = keep * series.spread[s] + distance * unit;
    series.spreadWeight[s] = keep * series.spreadWeight[s] + 1;
    sums.spread[groupOf[s]] += distance;
    sums.spreads[groupOf[s]]++;
  }
  const keep = 0.5 ** (1 / settings.halfLife) * (isNew ? FADE : 1);
  series.sum[s] = keep * series.sum[s] + taken / factor;
  series.weight[s] = keep * series.weight[s] + exposure;
  series.all[s] += taken / factor;
  series.time[s] += exposure;
  if (value > 0) {
    series.busySum[s] += taken;
    series.busy[s]++;
  }
  series.known[s]++;
}
