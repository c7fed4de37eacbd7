/** A run of periods without anything, where something was expected. */
export interface Silence {
  /** Place of the first silent period. */
  from: number;
  /** What was expected of the run as a whole. */
  expected: number;
}

/** So much must have been expected of a run for its silence to be told. */
const SILENCE_EXPECTS = 5;

/**
 * The silence a series is in at the end of its values, if 5 or more were expected of it in all; an unknown period
 * neither ends nor feeds it.
 * @param values oldest first, ≥ 0 or NaN
 * @param expected what was expected of each, as `Findings` have it (NaN: not told)
 */
export function currentSilence(values: Float64Array, expected: Float64Array): Silence | null {
  let from = -1;
  let total = 0;
  for (let t = values.length - 1; t >= 0 && !(values[t] > 0); t--) {
    if (Number.isNaN(values[t])) continue;
    from = t;
    total += Number.isNaN(expected[t]) ? 0 : expected[t];
  }
  return from >= 0 && total >= SILENCE_EXPECTS ? { from, expected: total } : null;
}
