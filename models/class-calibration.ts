import { minimise, type PenalisedLoss } from './chord.ts';
import { probabilitiesOf } from './class-shares.ts';
import { multinomialLoss, softmax } from './multinomial.ts';

/** A correction of the probabilities of classes: slope × ln(probability) + one shift per class, made to add up to 1 again. */
export interface ClassCalibration {
  slope: number;
  /** One per class; they add up to 0. */
  shifts: readonly number[];
}

/** How strongly the correction is held towards none: worth about this many rows in doubt. */
const CAUTION = 60;
/** With fewer rows of a class there is nothing to calibrate on. */
const FEWEST = 10;
/** A slope below would turn about what is likelier; the data cannot mean that. */
const FLATTEST = 0.05;

/** Leaves probabilities as they are. */
export function uncalibrated(classes: number): ClassCalibration {
  return { slope: 1, shifts: new Array<number>(classes).fill(0) };
}

/**
 * Learns how probabilities of classes are to be corrected: one temperature for all, and a shift for each class, held
 * towards no correction so that a thin slice cannot bend it.
 * Source: Alexandari, Kundaje & Shrikumar 2020, Maximum likelihood with bias-corrected calibration is hard-to-beat at
 * label shift adaptation (bias-corrected temperature scaling, the Dirichlet calibration of Kull et al. 2019 with one
 * slope instead of a matrix); the prior towards slope 1 and shift 0 is ours.
 * @param said per class one probability per row, of rows the model had not learnt from, above 0
 * @param outcomes the class of each row
 * @returns no correction where a class has fewer than 10 rows
 */
export function fitClassCalibration(said: readonly Float64Array[], outcomes: Uint8Array): ClassCalibration {
  const classes = said.length;
  const rows = new Float64Array(classes);
  for (const outcome of outcomes) rows[outcome]++;
  if (rows.some((each) => each < FEWEST)) return uncalibrated(classes);
  const logs = said.map((ofClass) => ofClass.map(Math.log));
  const free = minimise(correctionLoss(logs, outcomes, CAUTION, 1), { at: new Float64Array(classes + 1) }).at;
  if (1 + free[classes] >= FLATTEST) return { slope: 1 + free[classes], shifts: [...free.subarray(0, classes)] };
  // A slope that costs without end stays where it begins.
  const held = minimise(correctionLoss(logs, outcomes, Number.MAX_SAFE_INTEGER, FLATTEST), {
    at: new Float64Array(classes + 1),
  }).at;
  return { slope: FLATTEST, shifts: [...held.subarray(0, classes)] };
}

/** The corrected probabilities, per class one per row; each row's add up to 1. */
export function calibrateClasses({ slope, shifts }: ClassCalibration, said: readonly Float64Array[]): Float64Array[] {
  return probabilitiesOf(said.map((ofClass, k) => ofClass.map((p) => slope * Math.log(p) + shifts[k])));
}

/** The arguments are the shifts, and what is added to a slope. */
function correctionLoss(
  logs: readonly Float64Array[],
  outcomes: Uint8Array,
  slopeCost: number,
  slope: number,
): PenalisedLoss<readonly Float64Array[]> {
  const classes = logs.length;
  return {
    costs: Float64Array.from({ length: classes + 1 }, (_, i) => (i === classes ? slopeCost : CAUTION)),
    predictors: (at) => logs.map((ofClass, k) => ofClass.map((log) => (slope + at[classes]) * log + at[k])),
    loss: (scores) => multinomialLoss(scores, outcomes),
    gradient: (scores) => gradientAt(logs, outcomes, softmax(scores)),
    curvature: (scores) => curvatureAt(logs, softmax(scores)),
  };
}

function gradientAt(
  logs: readonly Float64Array[],
  outcomes: Uint8Array,
  probabilities: readonly Float64Array[],
): Float64Array {
  const gradient = new Float64Array(logs.length + 1);
  probabilities.forEach((ofClass, k) => {
    ofClass.forEach((probability, row) => {
      const residual = probability - Number(outcomes[row] === k);
      gradient[k] += residual;
      gradient[logs.length] += residual * logs[k][row];
    });
  });
  return gradient;
}

/** The covariances of the classes and of their logarithms, summed over the rows; the upper triangle. */
function curvatureAt(logs: readonly Float64Array[], probabilities: readonly Float64Array[]): Float64Array {
  const [classes, size] = [logs.length, logs.length + 1];
  const curvature = new Float64Array(size * size);
  for (let row = 0; row < probabilities[0].length; row++) {
    const mean = logs.reduce((sum, ofClass, k) => sum + probabilities[k][row] * ofClass[row], 0);
    for (let k = 0; k < classes; k++) {
      const p = probabilities[k][row];
      for (let l = k; l < classes; l++) curvature[k * size + l] += p * (Number(k === l) - probabilities[l][row]);
      curvature[k * size + classes] += p * (logs[k][row] - mean);
      curvature[classes * size + classes] += p * (logs[k][row] - mean) ** 2;
    }
  }
  return curvature;
}
