import { logGamma } from './gamma-poisson.ts';
import type { History } from './history.ts';
import { DAY } from './time.ts';

const YEAR = 365;
/** A season is this long, and so are the times before and after it that it is held against. */
const SEASON_DAYS = 90;
/** Its end may lie so far from the next place that is tried: twelve places a year. */
const STEP_DAYS = 30;
/** Once is no cycle. */
const FEWEST_YEARS = 2;
/** How long after a quiet season its silence still counts as its own. */
const LAG_DAYS = 45;

/** So many are taken to be seasonal before anything is seen of them, at any place of the year alike. */
const BEFOREHAND = 0.1;
/** Told to be seasonal at three to one, not to be at one to twenty; in between nobody can tell. */
const TOLD = 3;
const RULED_OUT = 0.05;
/** A season's level as a multiple of that beside it, and how sure of it one is beforehand, counted in signs of life. */
const IN_SEASON = { level: 0.2, weight: 11 };
/** The same of any other time: by so much weight its level differs from that beside it by about a quarter. */
const ELSEWHERE = { level: 1, weight: 60 };

/** A time of year at which a partner has been quiet every year, and came back after. */
export interface QuietSeason {
  /** How many years show it. */
  years: number;
  /** Signs of life in those seasons, and in as long a time around them. */
  within: number;
  around: number;
  /** Whether it is that time of year, or was until shortly. */
  isNow: boolean;
}

/** A season with the times beside it; what came before its first is not always on record. */
interface Cycle {
  within: number;
  after: number;
  before: number | null;
}

/** A place in the year, with how much likelier its years are if it is a quiet season than if not: a logarithm. */
interface Place {
  ended: number;
  cycles: Cycle[];
  evidence: number;
}

/**
 * The quiet season of a partner; null where it is known to have none, `undefined` where the records cannot tell. What it
 * does of its own accord is counted, since business alone is too rare, and what becomes of deals comes months later.
 * Every place in the year is held against the times beside it, year by year: how likely is so small a share of all three if
 * it is a season, how likely if not (beta-binomial); a single quiet time, however deep, is contradicted by the other years.
 * Where a partner's months differ by more than chance, as with those that come in bursts, its counts say less in that
 * measure (quasi-likelihood). It is told from two years on, each with a return after it. Odds are those of Bayes over all
 * places together: in simulated worlds 1 in 1,000 that are not seasonal is told to be (`test/exam/RUNS.md`).
 * Source: Kass & Raftery 1995, JASA 90, Bayes factors; McCullagh & Nelder 1989, Generalized linear models, ch. 9.
 */
export function quietSeason(history: History): QuietSeason | null | undefined {
  const spread = burstiness(history);
  const places: Place[] = [];
  for (let ended = 0; ended < YEAR; ended += STEP_DAYS) {
    const cycles = cyclesEnding(history, ended);
    places.push({ ended, cycles, evidence: cycles.reduce((sum, cycle) => sum + evidenceOf(cycle, spread), 0) });
  }
  const odds = (some: readonly Place[]) =>
    ((BEFOREHAND / (1 - BEFOREHAND)) * some.reduce((sum, { evidence }) => sum + Math.exp(evidence), 0)) / places.length;
  const repeated = places.filter(({ cycles }) => cycles.filter(cameBack).length >= FEWEST_YEARS);
  if (odds(repeated) > TOLD)
    return seasonAt(repeated.reduce((best, one) => (one.evidence > best.evidence ? one : best)));
  return odds(places) < RULED_OUT ? null : undefined;
}

/** The cycles on record of a season that ended so many days ago, a year before that, and so on. */
function cyclesEnding(history: History, ended: number): Cycle[] {
  const cycles: Cycle[] = [];
  const since = history.sinceFirst('initiative') ?? 0;
  const signed = history.signedOn === null ? since : (history.cutoff - history.signedOn) / DAY;
  for (let end = ended < SEASON_DAYS ? ended + YEAR : ended; ; end += YEAR) {
    const within = history.count('initiative', end + SEASON_DAYS, end);
    const after = history.count('initiative', end, end - SEASON_DAYS);
    // Before it was a partner there was nothing to be quiet about.
    if (within === null || after === null || since < end + SEASON_DAYS) return cycles;
    const wasThere = signed >= end + 2 * SEASON_DAYS;
    const before = wasThere ? history.count('initiative', end + 2 * SEASON_DAYS, end + SEASON_DAYS) : null;
    cycles.push({ within, after, before });
  }
}

/** One that left is quiet from then on, at this time of year too. */
function cameBack({ within, after }: Cycle): boolean {
  return after > within;
}

function evidenceOf({ within, after, before }: Cycle, spread: number): number {
  const beside = before === null ? 1 : 2;
  const [few, all] = [within / spread, (within + after + (before ?? 0)) / spread];
  const likely = ({ level, weight }: { level: number; weight: number }) =>
    logLikelihood(few, all, (weight * level) / (level + beside), (weight * beside) / (level + beside));
  return likely(IN_SEASON) - likely(ELSEWHERE);
}

/** Of k among n where the share is Beta(a, b), but for what no share changes: a logarithm. */
function logLikelihood(k: number, n: number, a: number, b: number): number {
  const logBeta = (x: number, y: number) => logGamma(x) + logGamma(y) - logGamma(x + y);
  return logBeta(a + k, b + n - k) - logBeta(a, b);
}

/**
 * By how much the months of a partner differ beyond chance: 1 where they do not. From one month to the next, so that
 * what changes in the course of a year hardly counts (von Neumann 1941, Ann. Math. Statist. 12).
 */
function burstiness(history: History): number {
  const since = Math.min(history.sinceFirst('initiative') ?? 0, history.trackedDays('initiative'));
  const months = history.blocks('initiative', STEP_DAYS, Math.floor(since / STEP_DAYS));
  let [squares, pairs] = [0, 0];
  for (let i = 1; i < months.length; i++) {
    const [earlier, later] = [months[i - 1], months[i]];
    if (earlier + later === 0) continue;
    squares += (later - earlier) ** 2 / (later + earlier);
    pairs++;
  }
  return pairs === 0 ? 1 : Math.max(1, squares / pairs);
}

function seasonAt({ ended, cycles }: Place): QuietSeason {
  const within = cycles.reduce((sum, cycle) => sum + cycle.within, 0);
  const around = cycles.reduce((sum, { after, before }) => sum + (after + (before ?? after)) / 2, 0);
  return { years: cycles.length, within, around, isNow: ended <= LAG_DAYS || ended >= YEAR - SEASON_DAYS };
}
