import { logOf } from './whole-logs.ts';

/** Where a series of counts changed its level, if it did once. */
export interface ChangePoint {
  /** How many entries lie behind the change. */
  after: number;
  /** Level after over level before, each with half an event added. */
  ratio: number;
  /**
   * Twice the logarithm of the likelihood ratio against no change: about χ² were the place known. As it is the likeliest
   * of many places, a steady series of 52 counts gets above 10 by chance in one case of forty.
   */
  evidence: number;
}

/** Log-likelihoods so near each other differ by rounding alone. */
const ALIKE = 1e-9;

/**
 * The likeliest single change of level in a series of counts, each side Poisson with a rate of its own.
 * Cost: one pass. Source: Hinkley 1970, likelihood-ratio test for a change point; Poisson case: Worsley 1986.
 * @param counts oldest first, whole numbers ≥ 0
 * @param least how many entries either side must have, ≥ 1
 * @returns null where the series is too short or holds nothing
 */
export function findChange(counts: readonly number[], least: number): ChangePoint | null {
  const n = counts.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0 || n < 2 * least) return null;
  let best = -1;
  let [place, sumBefore, before] = [least, 0, 0];
  for (let i = 1; i <= n - least; i++) {
    before += counts[i - 1];
    if (i < least) continue;
    const gain = logLevel(before, i) + logLevel(total - before, n - i) - logLevel(total, n);
    // Of places alike the first: rounding is not to choose.
    if (gain > best + ALIKE) [best, place, sumBefore] = [gain, i, before];
  }
  const ratio = (total - sumBefore + 0.5) / (n - place) / ((sumBefore + 0.5) / place);
  return { after: n - place, ratio, evidence: 2 * best };
}

/** Log-likelihood of a sum of counts at its own best rate, up to what does not depend on it. */
function logLevel(sum: number, entries: number): number {
  return sum === 0 ? 0 : sum * (logOf(sum) - logOf(entries));
}
