/** Whole numbers below this stand for derivatives: twelve bits. */
const STEPS = 4095;
/** Rows that can be summed up in one packed number before its halves must be taken apart. */
export const MOST_PACKED = 16_384;
/** A sum of slopes stands above this, one of curvatures below: 4095 × 16384 fits. */
const SHIFT = 2 ** 26;

/** What one step of the whole numbers is worth. */
export interface Scale {
  slope: number;
  curvature: number;
}

/**
 * Packs the first and second derivatives of the log loss of every row as slope · 2²⁶ + curvature, both rounded to one
 * of 4,095 steps of the largest. A histogram then costs one addition per cell, and its sums are whole numbers, exact
 * in any order: any number of threads gives the same bits. The values of leaves are summed unrounded.
 * Source: Shi et al. 2022, Quantized training of gradient boosting decision trees (who round to far fewer steps).
 * @param logOdds per row
 * @param outcomes 0 or 1 per row
 */
export function packGradients(logOdds: Float64Array, outcomes: Uint8Array, packed: Float64Array): Scale {
  let [steepest, mostCurved] = [0, 0];
  for (let row = 0; row < logOdds.length; row++) {
    const probability = 1 / (1 + Math.exp(-logOdds[row]));
    const slope = Math.abs(probability - outcomes[row]);
    const curvature = probability * (1 - probability);
    if (slope > steepest) steepest = slope;
    if (curvature > mostCurved) mostCurved = curvature;
    packed[row] = probability;
  }
  const scale = { slope: steepest / STEPS, curvature: mostCurved / STEPS };
  const [perSlope, perCurvature] = [1 / scale.slope, 1 / scale.curvature];
  for (let row = 0; row < logOdds.length; row++) {
    const probability = packed[row];
    const slope = Math.round((probability - outcomes[row]) * perSlope);
    packed[row] = slope * SHIFT + Math.round(probability * (1 - probability) * perCurvature);
  }
  return scale;
}

/** The sum of slopes in a packed sum. */
export function slopesIn(packed: number): number {
  return Math.floor(packed / SHIFT);
}

/** The sum of curvatures in a packed sum of which the sum of slopes is known. */
export function curvaturesIn(packed: number, slopes: number): number {
  return packed - slopes * SHIFT;
}
