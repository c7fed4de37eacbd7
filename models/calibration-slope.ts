import { logit } from './estimator.ts';
import type { Metric, Ranked } from './metrics.ts';
import { sigmoid } from './newton.ts';

const MOST_STEPS = 50;
const CLOSE_ENOUGH = 1e-9;
/** Below this share of the curvature, predictions hardly differ and no slope can be told. */
const FLAT = 1e-10;

/**
 * The slope of what happened on the log-odds that were said, in a logistic regression without penalty: 1 where they mean
 * what they say, below 1 where they go too far, above where they do not go far enough. NaN where all are the same, or
 * outcomes are parted completely. Source: Cox 1958, Two further applications of a model for binary regression; Van
 * Calster et al. 2019, Calibration: the Achilles heel of predictive analytics.
 */
export const calibrationSlope: Metric = {
  name: 'calibration_slope',
  better: 'near 1',
  compute(ranked, weights) {
    const said = ranked.probabilities.map(logit);
    let [intercept, slope] = [0, 0];
    for (let step = 0; step < MOST_STEPS; step++) {
      const change = newtonStep(ranked, said, weights, intercept, slope);
      if (change === null) return Number.NaN;
      intercept += change.intercept;
      slope += change.slope;
      if (Math.abs(change.intercept) + Math.abs(change.slope) < CLOSE_ENOUGH) return slope;
    }
    return Number.NaN;
  },
};

/** Where Newton's method goes next; null where the log-odds do not vary enough to tell. */
function newtonStep(
  { outcomes }: Ranked,
  said: Float64Array,
  weights: ArrayLike<number>,
  intercept: number,
  slope: number,
): { intercept: number; slope: number } | null {
  let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
  for (let row = 0; row < said.length; row++) {
    const weight = weights[row];
    if (weight === 0) continue;
    const x = said[row];
    const probability = sigmoid(intercept + slope * x);
    const residual = weight * (outcomes[row] - probability);
    const curvature = weight * probability * (1 - probability);
    g0 += residual;
    g1 += residual * x;
    h00 += curvature;
    h01 += curvature * x;
    h11 += curvature * x * x;
  }
  const determinant = h00 * h11 - h01 * h01;
  if (!(determinant > FLAT * h00 * h11)) return null;
  return { intercept: (h11 * g0 - h01 * g1) / determinant, slope: (h00 * g1 - h01 * g0) / determinant };
}
