import { normalTail } from '../tails.ts';

/** Of some companies, how many are top, how many have a trait, and how many both. */
export interface Fourfold {
  all: number;
  top: number;
  holders: number;
  topHolders: number;
}

/** How much more likely the rest of a table is to be summed than the one found; rounding must not decide. */
const SLACK = 1e-7;

/**
 * Whether a trait and being top have to do with each other: the two-sided exact test of a fourfold table, the sum of
 * the chances of all tables with its margins that are no likelier than it. Source: Fisher 1935; Agresti 2002, §3.5.
 * @returns p in (0, 1]
 */
export function exactP({ all, top, holders, topHolders }: Fourfold): number {
  const least = Math.max(0, holders + top - all);
  const most = Math.min(holders, top);
  const chance = (k: number) => Math.exp(choose(top, k) + choose(all - top, holders - k) - choose(all, holders));
  const found = chance(topHolders) * (1 + SLACK);
  let sum = 0;
  for (let k = least; k <= most; k++) {
    const each = chance(k);
    if (each <= found) sum += each;
  }
  return Math.min(1, sum);
}

/**
 * The same within strata, all strata together: whether a trait says anything that what made the strata does not say.
 * Source: Cochran 1954; Mantel & Haenszel 1959; without a correction for continuity.
 * @returns p in [0, 1]; 1 where no stratum has anything to tell apart
 */
export function stratifiedP(strata: Iterable<Fourfold>): number {
  let [difference, variance] = [0, 0];
  for (const { all, top, holders, topHolders } of strata) {
    if (all < 2) continue;
    difference += topHolders - (holders * top) / all;
    variance += (holders * (all - holders) * top * (all - top)) / (all * all * (all - 1));
  }
  return variance > 0 ? 2 * normalTail(Math.abs(difference) / Math.sqrt(variance)) : 1;
}

/** ln(n choose k). */
function choose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const logFactorials: number[] = [0];

function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; i++) logFactorials.push(logFactorials[i - 1] + Math.log(i));
  return logFactorials[n];
}
