import { scoreSeries } from './detector.ts';
import { flatNegativeBinomial, poisson, zScore } from './rivals.ts';
import type { Findings, SeriesSet } from './series.ts';

/** One way to say how unusual the periods of series are, given those before each. */
export interface Detector {
  name: string;
  /**
   * @param from the first period to tell of, in periods from the start
   * @throws RangeError see `requireSeries`
   */
  score(set: SeriesSet, from?: number): Findings;
}

const robust: Detector = { name: 'robust', score: (set, from) => scoreSeries(set, undefined, from) };

/** Ours first, then the simple rules it must be better than. */
export const detectors: readonly Detector[] = [robust, flatNegativeBinomial, poisson, zScore];
