import type { Waits } from '../../waits.ts';

/** Where intervals end, in sixths of the horizon: finer where most events come, and beyond it as long again. */
const EDGES = [1, 2, 4, 6, 9, 12] as const;

/**
 * The days at which the intervals of a horizon end, ascending; the horizon is one of them. 90 days give 15, 30, 60, 90,
 * 135 and 180.
 */
export function edgesOf(horizonDays: number): number[] {
  return EDGES.map((sixths) => (sixths * horizonDays) / 6);
}

/**
 * What waits say of each interval, row by row: which share of it passed without the event, and which share the event
 * may have come in. An event that is known to a part of an interval may have come in all of it: within an interval
 * nothing is told apart. What comes after the last interval was not seen.
 */
export interface Exposures {
  /** rows × intervals, 0 to 1. */
  passed: Float32Array;
  /** rows × intervals, 0 to 1; all 0 where no event was seen. */
  during: Float32Array;
}

/** @param edges ascending days, as `edgesOf` gives them */
export function exposuresOf({ from, until }: Waits, edges: readonly number[]): Exposures {
  const intervals = edges.length;
  const passed = new Float32Array(from.length * intervals);
  const during = new Float32Array(from.length * intervals);
  for (let row = 0; row < from.length; row++) {
    const seen = until[row] <= edges[intervals - 1];
    for (let i = 0; i < intervals; i++) {
      const [start, end] = [i === 0 ? 0 : edges[i - 1], edges[i]];
      const place = row * intervals + i;
      if (seen) {
        passed[place] = Number(from[row] >= end);
        during[place] = Number(from[row] < end && until[row] > start);
      } else {
        passed[place] = Math.min(1, Math.max(0, (from[row] - start) / (end - start)));
      }
    }
  }
  return { passed, during };
}
