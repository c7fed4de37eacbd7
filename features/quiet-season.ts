import type { History } from './history.ts';

const YEAR = 365;
/** A season is this long, and so are the times before and after it that it is held against. */
const SEASON_DAYS = 90;
const STEP_DAYS = 30;
/** Twelve places of the season are tried: each must be that much more certain. */
const CHANCE = 0.01 / 12;
/** Once is no cycle. */
const FEWEST_YEARS = 2;
/** How long after a quiet season its silence still counts as its own. */
const LAG_DAYS = 45;

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

interface Cycle {
  within: number;
  before: number;
  after: number;
}

/**
 * The quiet season of a partner; null where no time of year is quiet every year, `undefined` where fewer than two full
 * cycles are on record. Signs of life of any kind are counted, since business alone is too rare to tell: under no season
 * a third of those of a season and its neighbours fall into it, and so few as were seen must have a chance below 1 in
 * 100 over all twelve places tried (exact binomial, Bonferroni). It must show in every year, with a return after each.
 */
export function quietSeason(history: History): QuietSeason | null | undefined {
  let best: { season: QuietSeason; chance: number } | null = null;
  let isTold = false;
  for (let ended = 0; ended < YEAR; ended += STEP_DAYS) {
    const cycles = cyclesEnding(history, ended);
    if (cycles.length < FEWEST_YEARS) continue;
    isTold = true;
    if (!cycles.every(isQuiet)) continue;
    const within = cycles.reduce((sum, cycle) => sum + cycle.within, 0);
    const beside = cycles.reduce((sum, { before, after }) => sum + before + after, 0);
    const chance = atMost(within, within + beside, 1 / 3);
    if (chance > CHANCE || (best && best.chance <= chance)) continue;
    const isNow = ended <= LAG_DAYS || ended >= YEAR - SEASON_DAYS;
    best = { season: { years: cycles.length, within, around: beside / 2, isNow }, chance };
  }
  return best?.season ?? (isTold ? null : undefined);
}

/** The full cycles on record of a season that ended so many days ago, a year before that, and so on. */
function cyclesEnding(history: History, ended: number): Cycle[] {
  const cycles: Cycle[] = [];
  for (let end = ended < SEASON_DAYS ? ended + YEAR : ended; ; end += YEAR) {
    const before = history.count('life', end + 2 * SEASON_DAYS, end + SEASON_DAYS);
    const within = history.count('life', end + SEASON_DAYS, end);
    const after = history.count('life', end, end - SEASON_DAYS);
    if (before === null || within === null || after === null) return cycles;
    // Before it was a partner there was nothing to be quiet about.
    if ((history.sinceFirst('life') ?? 0) < end + SEASON_DAYS) return cycles;
    cycles.push({ before, within, after });
  }
}

/** Less than half as much as before, and as after. */
function isQuiet({ before, within, after }: Cycle): boolean {
  return 2 * within < before && 2 * within < after;
}

/** The chance of at most k successes in n trials. */
function atMost(k: number, n: number, share: number): number {
  let term = n * Math.log1p(-share);
  let total = Math.exp(term);
  for (let i = 1; i <= k; i++) {
    term += Math.log((n - i + 1) / i) + Math.log(share / (1 - share));
    total += Math.exp(term);
  }
  return Math.min(1, total);
}
