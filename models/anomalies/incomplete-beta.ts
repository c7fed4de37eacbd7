import { logGamma } from '../../features/index.ts';

const STEPS = 10_000;
const TINY = 1e-300;
const CLOSE = 1e-14;

/**
 * The regularised incomplete beta function I_x(a, b), relative error about 1e-12 in either tail.
 * Source: Lentz's continued fraction, Press et al., Numerical Recipes, 3rd ed., §6.4.
 * @param x 0 to 1  @param y 1 − x, given apart because near 1 it says more than x does  @param a > 0  @param b > 0
 */
export function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y));
  // The fraction converges fast on the side of the mean that the tail is on.
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(y, b, a)) / b;
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / apart(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / apart(1 + even * d);
    c = apart(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / apart(1 + odd * d);
    c = apart(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < CLOSE) break;
  }
  return value;
}

/** Away from 0, by which nothing can be divided. */
function apart(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
