import { drawPartners } from './bootstrap.ts';
import type { Random } from './random.ts';
import { intervalOf } from './refits.ts';
import type { Waits } from './waits.ts';

/** The curve is told at so many equal steps up to the horizon, and as many beyond it: every 15 days where it is 90. */
const STEPS = 6;
/** Rows of about the same probability are counted together: the curve is learnt from counts. */
const MOST_BINS = 50;
/** How often the shape is learnt anew from resampled partners. */
const DRAWS = 20;
/** How strongly a step is held towards a constant rate: weights of a level and of a slope in log hazard. */
const CAUTION = { level: 0.3, slope: 4 };
const TURNS = 30;

/**
 * How the wait for what ends a silence goes on, step by step: in step k, one whose silence outlasts the horizon with
 * probability p comes back at the rate exp(level[k] + slope[k] · ln(−ln p)). At a constant rate every level is
 * ln(1/6) and every slope 1.
 */
export interface WaitShape {
  level: readonly number[];
  slope: readonly number[];
}

/** The shape that was learnt, and what resampled partners would have taught. */
export interface WaitShapes {
  shape: WaitShape;
  draws: readonly WaitShape[];
}

/** The probability that the silence outlasts each of some days; it never rises, and is the score's at its horizon. */
export interface Survival {
  days: readonly number[];
  probability: readonly number[];
  /** 90 % interval. */
  low: readonly number[];
  high: readonly number[];
}

/** A wait goes on at a constant rate as long as nothing else is known. */
export const CONSTANT: WaitShape = {
  level: new Array<number>(2 * STEPS).fill(Math.log(1 / STEPS)),
  slope: new Array<number>(2 * STEPS).fill(1),
};

/** The days at which a curve is told. */
export function curveDays(horizonDays: number): number[] {
  return CONSTANT.level.map((_, k) => ((k + 1) * horizonDays) / STEPS);
}

/**
 * Learns how waits go on from what had been foretold of them: a discrete hazard of each step by complementary log-log
 * regression on the foretold cumulative hazard, penalised towards a constant rate; who could be seen no longer leaves
 * the count (Kalbfleisch & Prentice 2002, The Statistical Analysis of Failure Time Data, §4.6). A wait that is known
 * only to have ended in some interval counts where the interval ends.
 * @param foretold calibrated probabilities of rows that were not learnt from, (0, 1)
 * @param waits of the same rows, in days
 * @param entities of the same rows
 */
export function learnWaits(
  foretold: Float64Array,
  waits: Waits,
  entities: readonly string[],
  horizonDays: number,
  random: Random,
): WaitShapes {
  const bins = binned(foretold);
  const days = curveDays(horizonDays);
  const learn = (weights?: ArrayLike<number>) => fitShape(countSteps(bins, waits, days, weights));
  const draws = foretold.length === 0 ? [] : Array.from(drawPartners(entities, random, DRAWS), learn);
  return { shape: learn(), draws };
}

interface Bins {
  /** Of each row. */
  bin: Int32Array;
  /** ln(−ln p) of the mean p of each bin. */
  risk: Float64Array;
}

function binned(foretold: Float64Array): Bins {
  const order = [...foretold.keys()].sort((a, b) => foretold[a] - foretold[b]);
  const bins = Math.min(MOST_BINS, order.length);
  const bin = new Int32Array(order.length);
  const [sums, rows] = [new Float64Array(bins), new Float64Array(bins)];
  order.forEach((row, place) => {
    bin[row] = Math.floor((place * bins) / order.length);
    sums[bin[row]] += foretold[row];
    rows[bin[row]]++;
  });
  return { bin, risk: sums.map((sum, i) => riskOf(sum / rows[i])) };
}

function riskOf(probability: number): number {
  return Math.log(-Math.log(Math.min(1 - 1e-9, Math.max(1e-9, probability))));
}

/** Per step and bin, how many waits were seen to go into it and through, or end in it, and how many ended. */
interface Counted {
  risk: Float64Array;
  waited: Float64Array[];
  ended: Float64Array[];
}

function countSteps(
  { bin, risk }: Bins,
  { from, until }: Waits,
  days: readonly number[],
  weights?: ArrayLike<number>,
): Counted {
  const empty = () => days.map(() => new Float64Array(risk.length));
  const counted = { risk, waited: empty(), ended: empty() };
  for (let row = 0; row < bin.length; row++) {
    const weight = weights?.[row] ?? 1;
    const isSeen = Number.isFinite(until[row]);
    const steps = days.findIndex((day) => (isSeen ? until[row] <= day : from[row] < day));
    const through = steps < 0 ? days.length : steps;
    for (let k = 0; k < through; k++) counted.waited[k][bin[row]] += weight;
    if (!isSeen || steps < 0) continue;
    counted.waited[through][bin[row]] += weight;
    counted.ended[through][bin[row]] += weight;
  }
  return counted;
}

function fitShape({ risk, waited, ended }: Counted): WaitShape {
  const fitted = waited.map((rows, k) => fitStep(risk, rows, ended[k]));
  return { level: fitted.map(({ level }) => level), slope: fitted.map(({ slope }) => slope) };
}

/** Penalised maximum likelihood of one step by Fisher scoring. */
function fitStep(risk: Float64Array, waited: Float64Array, ended: Float64Array): { level: number; slope: number } {
  const prior = CONSTANT.level[0];
  let [level, slope] = [prior, 1];
  for (let turn = 0; turn < TURNS; turn++) {
    let [a, b] = [-CAUTION.level * (level - prior), -CAUTION.slope * (slope - 1)];
    let [aa, ab, bb] = [CAUTION.level, 0, CAUTION.slope];
    for (let i = 0; i < risk.length; i++) {
      if (waited[i] === 0) continue;
      const rate = Math.exp(Math.min(3, Math.max(-30, level + slope * risk[i])));
      const ends = -Math.expm1(-rate);
      const pull = rate * ((ended[i] * (1 - ends)) / ends - (waited[i] - ended[i]));
      const weight = (waited[i] * rate * rate * (1 - ends)) / ends;
      a += pull;
      b += pull * risk[i];
      aa += weight;
      ab += weight * risk[i];
      bb += weight * risk[i] * risk[i];
    }
    const det = aa * bb - ab * ab;
    const [da, db] = [(bb * a - ab * b) / det, (aa * b - ab * a) / det];
    // A step that overshoots would leave the part of the curve where the likelihood is well behaved.
    const longest = Math.max(1, Math.abs(da), Math.abs(db));
    level += da / longest;
    slope += db / longest;
    if (Math.abs(da) + Math.abs(db) < 1e-10) break;
  }
  return { level, slope };
}

/**
 * The curve of one probability: the shape, scaled in log cumulative hazard so that it passes through the probability at
 * the horizon. It never rises: rates are above zero.
 * @returns one value per step of `curveDays`, (0, 1)
 */
export function curveThrough(probability: number, { level, slope }: WaitShape): number[] {
  const risk = riskOf(probability);
  const passed = level.map((each, k) => Math.exp(each + slope[k] * risk));
  for (let k = 1; k < passed.length; k++) passed[k] += passed[k - 1];
  const logAtHorizon = Math.log(probability);
  return passed.map((hazard, k) =>
    k === STEPS - 1 ? probability : Math.exp((hazard / passed[STEPS - 1]) * logAtHorizon),
  );
}

/**
 * The curve of a score with its band: what refits say of the partner, each drawn through a shape that resampled
 * partners taught. At the horizon it is the score's own interval.
 * @param refits what the version's refits say of the partner at the horizon
 */
export function survivalOf(
  { shape, draws }: WaitShapes,
  probability: number,
  refits: readonly number[],
  horizonDays: number,
): Survival {
  const curve = curveThrough(probability, shape);
  const redrawn = refits.map((refit, i) => curveThrough(refit, draws.length === 0 ? shape : draws[i % draws.length]));
  const band = curve.map((value, k) =>
    intervalOf(
      value,
      redrawn.map((other) => other[k]),
    ),
  );
  return {
    days: curveDays(horizonDays),
    probability: curve,
    low: band.map(({ low }) => low),
    high: band.map(({ high }) => high),
  };
}

/** What a curve says of a day it is told at; null where it is not. */
export function survivalAt(
  survival: Survival | null,
  day: number,
): { probability: number; low: number; high: number } | null {
  const k = survival?.days.indexOf(day) ?? -1;
  if (!survival || k < 0) return null;
  return { probability: survival.probability[k], low: survival.low[k], high: survival.high[k] };
}
