/** What is known of each row while trees grow. */
export interface Rows {
  /** 0 or 1. */
  outcomes: Uint8Array;
  /** What the trees so far say. */
  logOdds: Float64Array;
  /** The same as probabilities, as the next tree finds them. */
  probabilities: Float64Array;
  /** First and second derivative of the loss, as whole numbers packed into one. */
  packed: Float64Array;
}

/** Whole numbers below this stand for derivatives: twelve bits. */
const STEPS = 4095;
/** Rows that can be summed up in one packed number before its halves must be taken apart. */
export const MOST_PACKED = 16_384;
/** A sum of slopes stands above this, one of curvatures below: 4095 × 16384 fits. */
const SHIFT = 2 ** 26;

/** The largest derivatives of some rows, by which all are rounded. */
export interface Largest {
  slope: number;
  curvature: number;
}

/** The probability of the outcome that each row of a range is given by its log-odds, and the largest derivatives there. */
export function findProbabilities({ logOdds, outcomes, probabilities }: Rows, from: number, to: number): Largest {
  let [steepest, mostCurved] = [0, 0];
  for (let row = from; row < to; row++) {
    const probability = 1 / (1 + Math.exp(-logOdds[row]));
    const slope = Math.abs(probability - outcomes[row]);
    const curvature = probability * (1 - probability);
    if (slope > steepest) steepest = slope;
    if (curvature > mostCurved) mostCurved = curvature;
    probabilities[row] = probability;
  }
  return { slope: steepest, curvature: mostCurved };
}

/**
 * Packs the first and second derivatives of the log loss of the rows of a range as slope · 2²⁶ + curvature, both rounded
 * to one of 4,095 steps of the largest. A histogram then costs one addition per cell, and its sums are whole numbers,
 * exact in any order: any number of threads gives the same bits. The values of leaves are summed unrounded. Returns the
 * sums over the range, in steps.
 * Source: Shi et al. 2022, Quantized training of gradient boosting decision trees (who round to far fewer steps).
 */
export function packGradients(
  { outcomes, probabilities, packed }: Rows,
  largest: Largest,
  from: number,
  to: number,
): { slope: number; curvature: number } {
  const perSlope = largest.slope > 0 ? STEPS / largest.slope : 0;
  const perCurvature = largest.curvature > 0 ? STEPS / largest.curvature : 0;
  let [slopes, curvatures] = [0, 0];
  for (let row = from; row < to; row++) {
    const probability = probabilities[row];
    const slope = Math.round((probability - outcomes[row]) * perSlope);
    const curvature = Math.round(probability * (1 - probability) * perCurvature);
    packed[row] = slope * SHIFT + curvature;
    slopes += slope;
    curvatures += curvature;
  }
  return { slope: slopes, curvature: curvatures };
}

/** What a step of the rounded curvatures is worth. */
export function curvatureStep({ curvature }: Largest): number {
  return curvature / STEPS;
}

/** The sum of slopes in a packed sum. */
export function slopesIn(packed: number): number {
  return Math.floor(packed / SHIFT);
}

/** The sum of curvatures in a packed sum of which the sum of slopes is known. */
export function curvaturesIn(packed: number, slopes: number): number {
  return packed - slopes * SHIFT;
}
