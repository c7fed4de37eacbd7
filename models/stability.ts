/** How a feature's values of one window differ from those of a window before. */
export interface Drift {
  /** Population stability index: 0 is no difference. */
  psi: number;
  /** What two windows of these sizes that do not differ stay below 19 times in 20. */
  chance: number;
  /** `unclear` where it looks as if they differed, and chance alone could do as much: there are too few rows to tell. */
  verdict: 'steady' | 'moved' | 'drifted' | 'unclear';
}

/** Usual thresholds of the index: below 0.1 nothing to speak of, above 0.25 another population (Siddiqi 2006, ch. 10). */
const MOVED = 0.1;
const DRIFTED = 0.25;
const BINS = 10;
/** Of fewer values than this nothing is told: the bound on chance holds for many. */
const LEAST_EVIDENCE = 10;

/**
 * How far recent values have moved away from a reference.
 * @param evidence how many values of each side are evidence apart: rows of one partner are not
 */
export function driftBetween(
  reference: Float32Array,
  recent: Float32Array,
  evidence: { reference: number; recent: number },
): Drift {
  const { psi, bins } = stability(reference, recent);
  const chance = highByChance(bins - 1) * (1 / evidence.reference + 1 / evidence.recent);
  const isFew = Math.min(evidence.reference, evidence.recent) < LEAST_EVIDENCE;
  return { psi, chance, verdict: verdictOf(psi, isFew ? Number.POSITIVE_INFINITY : chance) };
}

function verdictOf(psi: number, chance: number): Drift['verdict'] {
  if (psi <= MOVED) return 'steady';
  if (psi <= chance) return 'unclear';
  return psi > DRIFTED ? 'drifted' : 'moved';
}

/**
 * Where 95 % of a chi-squared variable of so many degrees of freedom lie below (Wilson & Hilferty 1931, within 3 %):
 * times 1/N + 1/M it is the index of two windows of N and M rows that differ by chance alone (Yurdakul 2018), whose
 * mean is (bins − 1)(1/N + 1/M).
 */
function highByChance(freedom: number): number {
  if (freedom === 0) return 0;
  const step = 2 / (9 * freedom);
  return freedom * (1 - step + 1.645 * Math.sqrt(step)) ** 3;
}

/**
 * The population stability index, Σ (q − p) ln(q / p) over bins (Siddiqi 2006): p the shares of the reference, q those
 * of the recent values. The bins are ten of equal mass in the reference, those that coincide merged, one for unknown and
 * one on either side beyond all that the reference has: where few values are known, what was never seen tells most. Half
 * a row is added to each bin, so that one that is empty on one side stays finite. Costs O(n log n).
 * @returns the index, 0 or more, and the number of bins that hold anything
 */
export function stability(reference: Float32Array, recent: Float32Array): { psi: number; bins: number } {
  const bins = binsOf(reference);
  return indexOf(countIn(bins, reference), countIn(bins, recent));
}

/** Bins by their upper edges, ascending, and the least value that is known; null when none is. */
export interface Bins {
  edges: readonly number[];
  least: number | null;
}

/** The bins that a reference is told by. */
export function binsOf(reference: Float32Array): Bins {
  const sorted = reference.filter((value) => !Number.isNaN(value)).sort();
  return { edges: edgesOf(sorted), least: sorted[0] ?? null };
}

/** How many values are in each bin. */
export function countIn({ edges, least }: Bins, values: Float32Array): Float64Array {
  const counts = new Float64Array(edges.length + 3);
  for (const value of values) counts[binOf(value, edges, least ?? Number.NaN)]++;
  return counts;
}

/** The index of two windows by their counts in the same bins, and how many bins hold anything. */
export function indexOf(reference: ArrayLike<number>, recent: ArrayLike<number>): { psi: number; bins: number } {
  const total = (counts: ArrayLike<number>) => Array.from(counts).reduce((sum, count) => sum + count, 0);
  const used = Array.from(reference, (_, bin) => bin).filter((bin) => reference[bin] + recent[bin] > 0);
  const [rows, recentRows] = [total(reference), total(recent)];
  const psi = used.reduce((sum, bin) => {
    const p = (reference[bin] + 0.5) / (rows + used.length / 2);
    const q = (recent[bin] + 0.5) / (recentRows + used.length / 2);
    return sum + (q - p) * Math.log(q / p);
  }, 0);
  return { psi, bins: used.length };
}

/** The upper edges of the bins, each the greatest value of its bin, ascending and distinct. */
function edgesOf(sorted: Float32Array): number[] {
  if (sorted.length === 0) return [];
  const edges = Array.from({ length: BINS }, (_, k) => sorted[Math.ceil(((k + 1) * sorted.length) / BINS) - 1]);
  return [...new Set(edges)];
}

/** 0 is unknown; 1 is below the least value; then one bin per edge, and one above them all. */
function binOf(value: number, edges: readonly number[], least: number): number {
  if (Number.isNaN(value)) return 0;
  if (value < least) return 1;
  const above = edges.findIndex((edge) => value <= edge);
  return 2 + (above < 0 ? edges.length : above);
}
