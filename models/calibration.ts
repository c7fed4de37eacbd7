import { logit } from './estimator.ts';
import { correct, fitIsotonic, type Isotonic } from './isotonic.ts';
import { sigmoid, solveLogistic } from './newton.ts';

/** A correction of probabilities on the log-odds scale: a line, or where there is enough to tell, a rising curve. */
export type Calibration = Platt | Isotonic;

/** intercept + slope × log-odds. */
export interface Platt {
  intercept: number;
  slope: number;
}

/** Leaves probabilities as they are. */
export const UNCALIBRATED: Platt = { intercept: 0, slope: 1 };

/** How strongly the correction is held towards none: worth about this many rows in doubt. */
const CAUTION = 4;
const FEWEST = 10;
const FLATTEST = 0.05;
/** With so many of the rarer outcome a curve is told better than a line (Niculescu-Mizil & Caruana 2005). */
const ENOUGH_FOR_A_CURVE = 1000;

/**
 * Learns how probabilities are to be corrected, by Platt scaling or, where there is enough to learn from, by isotonic
 * regression.
 * @param probabilities predicted for rows the model had not learnt from
 * @param outcomes 0 or 1 each
 */
export function fitCalibration(probabilities: Float64Array, outcomes: Uint8Array): Calibration {
  const happened = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  const rarer = Math.min(happened, outcomes.length - happened);
  return rarer < ENOUGH_FOR_A_CURVE ? fitPlatt(probabilities, outcomes) : fitIsotonic(probabilities, outcomes);
}

/**
 * Platt scaling: the logistic curve that turns predicted into observed, held towards no correction so that a thin
 * slice cannot bend it. Source: Platt 1999; the prior towards intercept 0 and slope 1 is ours.
 * @param probabilities predicted for rows the model had not learnt from
 * @param outcomes 0 or 1 each; with fewer than 10 of either there is nothing to calibrate on, and nothing changes
 */
export function fitPlatt(probabilities: Float64Array, outcomes: Uint8Array): Platt {
  const happened = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  if (Math.min(happened, outcomes.length - happened) < FEWEST) return UNCALIBRATED;
  const logOdds = probabilities.map(logit);
  const { weights, intercept } = solveLogistic({
    columns: [logOdds],
    outcomes,
    offset: logOdds,
    penalty: CAUTION,
    interceptPenalty: CAUTION,
  });
  const slope = 1 + weights[0];
  if (slope >= FLATTEST) return { intercept, slope };
  // A slope at or below zero would turn the ranking round; the data cannot mean that.
  const flat = { columns: [], outcomes, offset: logOdds.map((x) => FLATTEST * x), interceptPenalty: CAUTION };
  return { intercept: solveLogistic({ ...flat, penalty: CAUTION }).intercept, slope: FLATTEST };
}

/** The corrected probability. */
export function calibrate(calibration: Calibration, probability: number): number {
  const logOdds = logit(probability);
  if ('said' in calibration) return sigmoid(correct(calibration, logOdds));
  return sigmoid(calibration.intercept + calibration.slope * logOdds);
}
