import { DAY, type FeatureTable, type Instant, rowsByCutoff } from '../features/index.ts';
import { binsOf, countIn, indexOf } from './stability.ts';
import { chiSquaredTail } from './tails.ts';

/** What inputs looked like when a version learnt: kept with the version, held against every run. */
export interface DriftReference {
  /** The cutoffs of the window that later runs are held against, first and last, and how many partners it has. */
  from: Instant;
  to: Instant;
  partners: number;
  /** The longest way back that it was looked how far features ordinarily move, in days. */
  reach: number;
  features: readonly FeatureReference[];
}

/** One feature of the reference window. */
export interface FeatureReference {
  feature: string;
  edges: readonly number[];
  least: number | null;
  /** Rows per bin. */
  counts: readonly number[];
  /**
   * How many times more than by chance an earlier cutoff differed from the window, at most: seasons, growing older and
   * growth move features without anything being wrong. At least 1; beyond all measure where nothing earlier is known.
   */
  ordinary: number;
}

/** A run held against the reference. */
export interface DriftWatch {
  /** How many features were looked at. */
  watched: number;
  /** The chance of an alarm that this run may spend (see `ALARMS_PER_YEAR`). */
  level: number;
  /** Features that moved further than chance and ordinary movement explain, the most so first. */
  drifted: { feature: string; psi: number; p: number }[];
}

/**
 * In a year in which nothing shifts, the chance that any run raises an alarm is at most this, however often it is run:
 * every run spends the share of it that its days are of a year (union bound), and among the features of a run the level
 * is kept by Benjamini & Hochberg (1995), which without any shift is the chance of one alarm.
 */
export const ALARMS_PER_YEAR = 0.1;
const DAYS_PER_YEAR = 365;
const LONGEST_GAP = 30;

/** Cutoffs of the reference window, at most; and how many earlier ones it takes to know what is ordinary. */
const WINDOW = 6;
const FEWEST_EARLIER = 4;
/** What is ordinary is not known: no movement is told. */
const UNHEARD_OF = Number.MAX_VALUE;
/** An index below this is nothing to speak of, however sure it is (Siddiqi 2006, ch. 10). */
const MOVED = 0.1;

/**
 * What later runs are held against: the last cutoffs of the training, with how far features ordinarily move from it,
 * seen by looking back. Of the earlier cutoffs only the nearer half counts: at the beginning of the records long
 * windows are not full yet.
 * @returns null where there is too little past to know what is ordinary
 */
export function driftReference(table: FeatureTable): DriftReference | null {
  const byCutoff = [...rowsByCutoff(table)].sort(([a], [b]) => a - b);
  const window = byCutoff.slice(-Math.min(WINDOW, Math.floor(byCutoff.length / 2)));
  const before = byCutoff.slice(0, byCutoff.length - window.length);
  const earlier = before.slice(Math.floor(before.length / 2));
  if (earlier.length < FEWEST_EARLIER) return null;
  const rows = window.flatMap(([, ofDay]) => ofDay);
  const partners = new Set(rows.map((row) => table.entities[row])).size;
  const [from, to] = [window[0][0], window[window.length - 1][0]];
  const features = table.names.map((feature, i) => {
    const bins = binsOf(pick(table.columns[i], rows));
    const window = { counts: countIn(bins, pick(table.columns[i], rows)), partners };
    const ratios = earlier.flatMap(([, ofDay]) => {
      const before = { counts: countIn(bins, pick(table.columns[i], ofDay)), partners: ofDay.length };
      const { psi, freedom, chance } = compare(before, window);
      return freedom === 0 ? [] : [psi / (freedom * chance)];
    });
    return {
      feature,
      ...bins,
      counts: [...window.counts],
      ordinary: ratios.length === 0 ? UNHEARD_OF : Math.max(1, ...ratios),
    };
  });
  return { from, to, partners, reach: (from - earlier[0][0]) / DAY, features };
}

/**
 * Holds the inputs of a run against the reference. Under no shift the index times N·M/(N + M) is chi-squared with a
 * freedom less than there are bins (Yurdakul 2018), and more by as much as the feature ordinarily moves; further away in
 * time than it was looked back, by the square of the distance more.
 * @param table the rows at risk of one cutoff
 * @param days since the run before, at most 30 of which count
 * @param among features that are measured among all partners: of nobody known, partners were too few to compare with, and
 *   that is no shift
 */
export function watchDrift(
  reference: DriftReference,
  table: FeatureTable,
  asOf: Instant,
  days: number,
  among: ReadonlySet<string> = new Set(),
): DriftWatch {
  const level = (ALARMS_PER_YEAR * Math.min(Math.max(days, 0), LONGEST_GAP)) / DAYS_PER_YEAR;
  const further = Math.max(1, (asOf - reference.to) / DAY / reference.reach) ** 2;
  const found = reference.features.flatMap(({ feature, edges, least, counts, ordinary }) => {
    const place = table.names.indexOf(feature);
    if (place < 0 || table.entities.length === 0) return [];
    if (among.has(feature) && table.columns[place].every(Number.isNaN)) return [];
    const recent = { counts: countIn({ edges, least }, table.columns[place]), partners: table.entities.length };
    const { psi, freedom, chance } = compare({ counts, partners: reference.partners }, recent);
    return [{ feature, psi, p: chiSquaredTail(psi / (chance * ordinary * further), freedom) }];
  });
  return { watched: found.length, level, drifted: discoveries(found, level).filter(({ psi }) => psi > MOVED) };
}

const UNKNOWN_BIN = 0;
/** With fewer partners on a side the bound on chance does not hold. */
const LEAST_EVIDENCE = 20;

/** Rows of a time per bin, and of how many partners they are. */
interface Side {
  counts: ArrayLike<number>;
  partners: number;
}

/**
 * How far a later time is from one before it. That more is known than before is no shift: records that reach further back
 * fill longer windows. Then only what is known is compared, by the partners of whom it is.
 * @returns a freedom of 0 where there is too little to tell; `chance` times freedom is what chance alone makes of the index
 */
function compare(before: Side, after: Side) {
  const unknown = [before, after].map(({ counts }) => counts[UNKNOWN_BIN] / sumOf(counts));
  const leftOut = unknown[1] < unknown[0];
  const [counts, recent] = [before, after].map((side) =>
    Array.from(side.counts, (count, bin) => (leftOut && bin === UNKNOWN_BIN ? 0 : count)),
  );
  const evidence = [before, after].map(({ partners }, i) => partners * (leftOut ? 1 - unknown[i] : 1));
  const { psi, bins } = indexOf(counts, recent);
  const isEnough = Math.min(...evidence) >= LEAST_EVIDENCE;
  return { psi, freedom: isEnough ? Math.max(0, bins - 1) : 0, chance: 1 / evidence[0] + 1 / evidence[1] };
}

function sumOf(counts: ArrayLike<number>): number {
  return Array.from(counts).reduce((sum, count) => sum + count, 0);
}

/** Those whose p-value is below its step: among them the share of false ones is at most the level (Benjamini & Hochberg 1995). */
function discoveries<Found extends { p: number }>(found: readonly Found[], level: number): Found[] {
  const sorted = found.toSorted((a, b) => a.p - b.p);
  const last = sorted.findLastIndex(({ p }, i) => p <= ((i + 1) / sorted.length) * level);
  return sorted.slice(0, last + 1);
}

function pick(values: Float32Array, rows: readonly number[]): Float32Array {
  return Float32Array.from(rows, (row) => values[row]);
}

const MOST_TOLD = 5;

/** What a run's inputs are like, in a sentence. */
export function tellDrift({ drifted, watched }: DriftWatch): string {
  const rate = `(an alarm like this comes by chance in at most one year in ${Math.round(1 / ALARMS_PER_YEAR)})`;
  if (watched === 0) return 'Too few were scored to tell whether inputs have moved.';
  if (drifted.length === 0) return `None of ${watched} inputs has moved away from what was learnt from ${rate}.`;
  const named = drifted.slice(0, MOST_TOLD).map(({ feature, psi }) => `${feature} (PSI ${psi.toFixed(2)})`);
  const more = drifted.length > MOST_TOLD ? ` and ${drifted.length - MOST_TOLD} more` : '';
  return `${drifted.length} of ${watched} inputs have moved away from what was learnt from: ${named.join(', ')}${more} ${rate}.`;
}
