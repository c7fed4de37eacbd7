/** From here on the continued fraction converges fast, and the series loses digits. */
const FAR = 3;
const STEPS = 100;

/**
 * The chance that a standard normal variable is above z ≥ 0; relative error below 1e-12.
 * Source: near 0 the series of Marsaglia 2004, Journal of Statistical Software 11(4); far out Laplace's continued fraction
 * of Mills' ratio.
 */
export function normalTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < FAR) return 0.5 - density * series(z);
  let fraction = z;
  for (let k = STEPS; k >= 1; k--) fraction = z + k / fraction;
  return density / fraction;
}

/** z + z³/3 + z⁵/(3·5) + … */
function series(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 3; term > 1e-17 * sum; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return sum;
}
