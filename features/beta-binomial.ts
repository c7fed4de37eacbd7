/** A Beta prior over partners' rates of success: mean a / (a + b). */
export interface BetaPrior {
  a: number;
  b: number;
}

/** Partners are never all alike, nor without anything in common. */
const CORRELATION_RANGE = [1e-3, 0.99] as const;

/**
 * The prior whose spread explains by how much rates of success differ beyond chance (empirical Bayes, by moments).
 * Source: Kleinman 1973, JASA 68, Proportions with extraneous variance.
 * @param successes per partner, ≥ 0
 * @param trials per partner, ≥ successes; same length
 * @returns null where there is nothing to learn from: no trial, or only one kind of outcome
 */
export function fitBetaPrior(successes: ArrayLike<number>, trials: ArrayLike<number>): BetaPrior | null {
  let [won, all, squares, partners] = [0, 0, 0, 0];
  for (let i = 0; i < trials.length; i++) {
    if (!(trials[i] > 0)) continue;
    won += successes[i];
    all += trials[i];
    squares += trials[i] ** 2;
    partners++;
  }
  if (all === 0 || won === 0 || won === all) return null;
  const mean = won / all;
  let spread = 0;
  for (let i = 0; i < trials.length; i++) {
    if (trials[i] > 0) spread += trials[i] * (successes[i] / trials[i] - mean) ** 2;
  }
  const degrees = partners - 1;
  const excess = spread / (mean * (1 - mean)) - degrees;
  const room = all - squares / all - degrees;
  const [least, most] = CORRELATION_RANGE;
  const correlation = room <= 0 ? least : Math.min(most, Math.max(least, excess / room));
  const weight = (1 - correlation) / correlation;
  return { a: mean * weight, b: (1 - mean) * weight };
}

/** The expected rate of a partner given what it did. */
export function expectedShare({ a, b }: BetaPrior, successes: number, trials: number): number {
  return (successes + a) / (trials + a + b);
}
