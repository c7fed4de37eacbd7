/** How unlikely a figure is by chance alone: upper tails of distributions, accurate in the far tail too. */

const TERMS = 60;

/** P(Z > z) of a standard normal variable. Laplace's continued fraction from 2 on, the series of Φ below. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z >= 2) {
    let fraction = z;
    for (let n = TERMS; n > 0; n--) fraction = z + n / fraction;
    return density / fraction;
  }
  let term = z;
  let sum = z;
  for (let n = 3; n < 2 * TERMS; n += 2) {
    term *= (z * z) / n;
    sum += term;
  }
  return 0.5 - density * sum;
}

/**
 * P(X > x) of a chi-squared variable of so many whole degrees of freedom, exact: two more degrees add
 * (x/2)^(k/2) e^(−x/2) / Γ(k/2 + 1) (Abramowitz & Stegun 1964, 26.4.8). 1 without any freedom.
 */
export function chiSquaredTail(x: number, freedom: number): number {
  if (freedom <= 0 || x <= 0) return 1;
  const isOdd = freedom % 2 === 1;
  let tail = isOdd ? 2 * normalTail(Math.sqrt(x)) : Math.exp(-x / 2);
  let added = isOdd ? Math.sqrt((2 * x) / Math.PI) * Math.exp(-x / 2) : (x / 2) * Math.exp(-x / 2);
  for (let k = isOdd ? 1 : 2; k < freedom; k += 2) {
    tail += added;
    added *= x / (k + 2);
  }
  return tail;
}

/**
 * P(X ≤ most) of the number of things that happen, each by its own probability (Poisson-binomial). Exact: the
 * distribution is built up one thing at a time. Costs O(n · most).
 * @param probabilities 0 to 1 each
 */
export function atMost(probabilities: ArrayLike<number>, most: number): number {
  if (most < 0) return 0;
  const chances = new Float64Array(most + 1);
  chances[0] = 1;
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i];
    for (let n = Math.min(i + 1, most); n > 0; n--) chances[n] = chances[n] * (1 - p) + chances[n - 1] * p;
    chances[0] *= 1 - p;
  }
  return Math.min(
    1,
    chances.reduce((sum, chance) => sum + chance, 0),
  );
}

/** P(X ≥ least) of the same: that at most n − least of them do not happen. */
export function atLeast(probabilities: ArrayLike<number>, least: number): number {
  const not = Float64Array.from(probabilities, (p) => 1 - p);
  return atMost(not, probabilities.length - least);
}
