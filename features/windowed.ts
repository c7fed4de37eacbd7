import type { Feature } from './feature.ts';
import type { History } from './history.ts';

/**
 * Measures many windows at once, which end at the cutoff: of a window of `days[i]` days into `into[i]`, NaN where it is
 * unknown. The days are not to be changed.
 */
export type Measure = (history: History, days: Int32Array, into: Float64Array) => void;

/** What a feature says of itself, window apart. */
type Worded = Omit<Feature, 'compute' | 'windowed'>;

/** One feature per window; computed together they cost a fraction of what they cost one by one, and are the same. */
export function perWindow(windows: readonly number[], measure: Measure, word: (days: number) => Worded): Feature[] {
  return windows.map((days) => ({
    ...word(days),
    windowed: { measure, days },
    compute: (history) => ofOne(measure, history, days),
  }));
}

function ofOne(measure: Measure, history: History, days: number): number | null {
  const into = new Float64Array(1);
  measure(history, Int32Array.of(days), into);
  return Number.isNaN(into[0]) ? null : into[0];
}
