import { DAY, type FeatureTable, type Instant } from '../features/index.ts';
import { breathe } from './breathe.ts';
import { type Calibration, calibrate, fitPlatt, UNCALIBRATED } from './calibration.ts';
import type { Estimator, Model } from './estimator.ts';
import { rollingOrigin } from './folds.ts';
import { maturityDays } from './label.ts';
import type { Random } from './random.ts';
import type { TrainingSet } from './training-set.ts';

/** A model with the correction learnt from what it would have said in the past. */
export interface CalibratedModel {
  model: Model;
  calibration: Calibration;
}

/** What an estimator would have said about rows it had not learnt from, each block corrected by what had matured when it began. */
export interface OutOfTime {
  /** Places in the set. */
  rows: readonly number[];
  probabilities: Float64Array;
  outcomes: Uint8Array;
}

const BLOCKS = 6;
/** The later half is checked: enough past to learn from, enough blocks to calibrate on. */
const CHECKED_SHARE = 0.5;

/**
 * Fits an estimator to a whole set and calibrates it on the later half of the set, as foretold by rolling origin: the
 * calibration never sees a prediction for a row that was learnt from.
 */
export async function fitCalibrated(
  estimator: Estimator,
  set: TrainingSet,
  random: Random,
): Promise<CalibratedModel & { past: OutOfTime }> {
  const raw: number[] = [];
  const maturity = maturityDays(set.label) * DAY;
  const past = { rows: [] as number[], probabilities: [] as number[], outcomes: [] as number[] };
  for (const fold of rollingOrigin(set, BLOCKS, CHECKED_SHARE)) {
    await breathe();
    const foretold = (await estimator.fit(fold.learn, random)).predict(fold.check.table);
    const matured = maturedPlaces(set, past.rows, Math.min(...fold.check.table.cutoffs) - maturity);
    const before = fitPlatt(
      Float64Array.from(matured, (place) => raw[place]),
      Uint8Array.from(matured, (place) => past.outcomes[place]),
    );
    raw.push(...foretold);
    past.rows.push(...fold.checkRows);
    past.probabilities.push(...foretold.map((probability) => calibrate(before, probability)));
    past.outcomes.push(...fold.check.outcomes);
  }
  const outcomes = Uint8Array.from(past.outcomes);
  const calibration = raw.length === 0 ? UNCALIBRATED : fitPlatt(Float64Array.from(raw), outcomes);
  const model = await estimator.fit(set, random);
  return {
    model,
    calibration,
    past: { rows: past.rows, probabilities: Float64Array.from(past.probabilities), outcomes },
  };
}

/** Which of some rows have a cutoff up to a moment, so that their outcomes were known a maturity later. */
function maturedPlaces(set: TrainingSet, rows: readonly number[], latest: Instant): number[] {
  return [...rows.keys()].filter((place) => set.table.cutoffs[rows[place]] <= latest);
}

/** Calibrated probabilities, one per row. */
export function predictCalibrated({ model, calibration }: CalibratedModel, table: FeatureTable): Float64Array {
  return model.predict(table).map((probability) => calibrate(calibration, probability));
}
