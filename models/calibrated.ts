import { DAY, type FeatureTable, type Instant } from '../features/index.ts';
import { breathe } from './breathe.ts';
import { type Calibration, calibrate, fitCalibration, UNCALIBRATED } from './calibration.ts';
import type { Estimator, Model } from './estimator.ts';
import { rollingOrigin } from './folds.ts';
import { maturityDays } from './label.ts';
import type { Random } from './random.ts';
import type { LabelledRows, TrainingSet } from './training-set.ts';

/** A model with the correction learnt from what it would have said in the past. */
export interface CalibratedModel<Kind extends Model = Model> {
  model: Kind;
  calibration: Calibration;
}

/** What an estimator would have said about rows it had not learnt from, one entry per row. */
export interface OutOfTime {
  /** Places in the set. */
  rows: readonly number[];
  /** The partner of each. */
  entities: readonly string[];
  probabilities: Float64Array;
  outcomes: Uint8Array;
}

/** A model corrected by all that was foretold of the past, which is kept. */
export interface CalibratedByPast extends CalibratedModel, CorrectedPast {}

/** What was foretold of the past, and the correction that it teaches. */
export interface CorrectedPast {
  calibration: Calibration;
  /** Each block of cutoffs corrected by what had matured when it began. */
  past: OutOfTime;
  uncorrected: OutOfTime;
}

/** A model fitted to a whole set, and what its estimator would have said of the set's later half, uncorrected. */
export interface Foretold {
  model: Model;
  /** One per block of later cutoffs, in order: what was said of it by what had matured before it. */
  blocks: readonly OutOfTime[];
}

const BLOCKS = 6;
/** The later half is checked: enough past to learn from, enough blocks to calibrate on. */
const CHECKED_SHARE = 0.5;

/**
 * Fits an estimator to a whole set, and to what had matured before each block of its later half.
 * @param chance gives the same numbers anew for each fit
 */
export async function foretell(
  estimator: Estimator,
  set: TrainingSet,
  chance: () => Random,
  threads = 1,
): Promise<Foretold> {
  const blocks = await foretellPast(estimator, set, chance, threads);
  return { model: await estimator.fit(set, chance(), threads), blocks };
}

/** What an estimator would have said of each block of a set's later half, by rolling origin; see `foretell`. */
export async function foretellPast(
  estimator: Estimator,
  set: TrainingSet,
  chance: () => Random,
  threads = 1,
): Promise<OutOfTime[]> {
  const blocks: OutOfTime[] = [];
  for (const { learn, check, checkRows } of rollingOrigin(set, BLOCKS, CHECKED_SHARE)) {
    await breathe();
    const { predict } = await estimator.fit(learn, chance(), threads);
    const { entities } = check.table;
    blocks.push({ rows: checkRows, entities, probabilities: predict(check.table), outcomes: check.outcomes });
  }
  return blocks;
}

/** A model calibrated on all that was foretold; see `correctPast`. */
export function calibrateForetold(set: TrainingSet, { model, blocks }: Foretold): CalibratedByPast {
  return { model, ...correctPast(set, blocks) };
}

/**
 * Calibrates on all that was foretold: the calibration never sees a prediction for a row that was learnt from. What is
 * reported of the past is corrected by what had matured before each block began.
 */
export function correctPast(set: TrainingSet, blocks: readonly OutOfTime[]): CorrectedPast {
  const maturity = maturityDays(set.label) * DAY;
  const before = { rows: [] as number[], raw: [] as number[], outcomes: [] as number[] };
  const said: number[] = [];
  for (const { rows, probabilities, outcomes } of blocks) {
    const begin = rows.reduce((first, row) => Math.min(first, set.table.cutoffs[row]), Number.POSITIVE_INFINITY);
    const matured = maturedPlaces(set, before.rows, begin - maturity);
    const correction = fitCalibration(
      Float64Array.from(matured, (place) => before.raw[place]),
      Uint8Array.from(matured, (place) => before.outcomes[place]),
    );
    // One by one: a call takes no more arguments than the stack has room for.
    rows.forEach((row, i) => {
      said.push(calibrate(correction, probabilities[i]));
      before.rows.push(row);
      before.raw.push(probabilities[i]);
      before.outcomes.push(outcomes[i]);
    });
  }
  const outcomes = Uint8Array.from(before.outcomes);
  const of = { rows: before.rows, entities: before.rows.map((row) => set.table.entities[row]), outcomes };
  const raw = Float64Array.from(before.raw);
  return {
    calibration: outcomes.length === 0 ? UNCALIBRATED : fitCalibration(raw, outcomes),
    past: { ...of, probabilities: Float64Array.from(said) },
    uncorrected: { ...of, probabilities: raw },
  };
}

/** Which of some rows have a cutoff up to a moment, so that their outcomes were known a maturity later. */
export function maturedPlaces(set: LabelledRows, rows: readonly number[], latest: Instant): number[] {
  return [...rows.keys()].filter((place) => set.table.cutoffs[rows[place]] <= latest);
}

/** Calibrated probabilities, one per row. */
export function predictCalibrated({ model, calibration }: CalibratedModel, table: FeatureTable): Float64Array {
  return model.predict(table).map((probability) => calibrate(calibration, probability));
}
