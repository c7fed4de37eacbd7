/** Most of what is counted is below this. */
const KNOWN = 4096;
const LOGS = Float64Array.from({ length: KNOWN }, (_, count) => Math.log(count));

/** ln x, looked up where x is a small whole number: counts are, and a logarithm takes longer than all that is done with it. */
export function logOf(x: number): number {
  const whole = x | 0;
  return whole === x && whole >= 0 && whole < KNOWN ? LOGS[whole] : Math.log(x);
}
