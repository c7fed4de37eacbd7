import { findChange } from '../../features/index.ts';

/** A level that a series left for another one, once. */
export interface Shift {
  /** Place of the first period at the new level. */
  at: number;
  /** Level after over level before. */
  ratio: number;
  /** Twice the log-likelihood ratio against no change, with the overdispersion taken out; 0 is none. */
  evidence: number;
}

/** Entries either side of a shift: a few high weeks are a burst, not a level. */
const LEAST = 4;

/**
 * The likeliest shift of level in the latest periods of a series; unknown periods are left out.
 * Source: as `findChange`; evidence divided by the dispersion is the quasi-likelihood of Wedderburn 1974.
 * @param values oldest first, ≥ 0 or NaN
 * @param dispersion variance over mean, ≥ 1
 * @returns null where there is nothing to compare
 */
export function latestShift(values: Float64Array, dispersion: number): Shift | null {
  const places = [...values.keys()].filter((t) => !Number.isNaN(values[t]));
  const change = findChange(
    places.map((t) => values[t]),
    LEAST,
  );
  if (!change) return null;
  return {
    at: places[places.length - change.after],
    ratio: change.ratio,
    evidence: Math.max(0, change.evidence) / dispersion,
  };
}
