import { logGamma } from '../../features/index.ts';
import { incompleteBeta } from './incomplete-beta.ts';

/** The negative binomial by its mean (> 0) and its variance over its mean (> 1). */
export interface NegativeBinomial {
  mean: number;
  dispersion: number;
}

/** Up to this mean a band is summed up term by term. */
const SUMMED = 30;
/** Larger means are told by larger units. */
const LARGEST = 10_000;
/** The 95 % quantile of the standard normal distribution. */
const Z95 = 1.6448536269514722;

/**
 * The mid-p values of a value: the chance of less plus half that of the same, and of more plus half that of the same;
 * together 1, each exact in its own tail. Between whole numbers they run smoothly.
 * Source: Lancaster 1961, JASA 56 (mid-p); the tails by the incomplete beta function, Johnson, Kemp & Kotz,
 * Univariate Discrete Distributions, 3rd ed., §5.6.
 * @param value ≥ 0
 */
function midTails(value: number, law: NegativeBinomial): { below: number; above: number } {
  const size = law.mean / (law.dispersion - 1);
  const q = 1 / law.dispersion;
  const same = mass(value, size, q, law.dispersion);
  if (value < law.mean) {
    const below = incompleteBeta(q, 1 - q, size, value + 1) - same / 2;
    return { below, above: 1 - below };
  }
  const above = incompleteBeta(1 - q, q, value, size) - same / 2;
  return { below: 1 - above, above };
}

function mass(value: number, size: number, q: number, dispersion: number): number {
  if (value === 0) return Math.exp(-size * Math.log(dispersion));
  const ways = logGamma(value + size) - logGamma(size) - logGamma(value + 1);
  return Math.exp(ways - size * Math.log(dispersion) + value * Math.log(1 - q));
}

/**
 * The two-sided mid-p value, 0 to 1: twice the smaller tail; and on which side of the middle the value is. Means above
 * 10,000 are counted in larger units: no level is believed to be known better than to one in a hundred.
 */
export function twoSided(value: number, { mean, dispersion }: NegativeBinomial): { p: number; direction: number } {
  const unit = Math.max(1, mean / LARGEST);
  const law = { mean: mean / unit, dispersion: Math.max(1 + 1e-3, dispersion / unit) };
  const { below, above } = midTails(value / unit, law);
  return { p: Math.max(0, Math.min(1, 2 * Math.min(below, above))), direction: above < below ? 1 : -1 };
}

/**
 * The middle 90 %: the least numbers that 5 % and 95 % do not exceed. Exact for means up to 30, above by the gamma
 * distribution of the same mean and variance (Wilson & Hilferty 1931, PNAS 17).
 */
export function band({ mean, dispersion }: NegativeBinomial): [low: number, high: number] {
  if (mean > SUMMED) return [gammaQuantile(mean, dispersion, -Z95), gammaQuantile(mean, dispersion, Z95)];
  const size = mean / (dispersion - 1);
  let term = Math.exp(-size * Math.log(dispersion));
  let sum = term;
  let low = sum >= 0.05 ? 0 : -1;
  let k = 0;
  while (sum < 0.95) {
    term *= ((k + size) / (k + 1)) * (1 - 1 / dispersion);
    sum += term;
    k++;
    if (low < 0 && sum >= 0.05) low = k;
  }
  return [low, k];
}

function gammaQuantile(mean: number, dispersion: number, z: number): number {
  const shape = mean / dispersion;
  return mean * Math.max(0, 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3;
}
