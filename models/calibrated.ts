import type { FeatureTable } from '../features/index.ts';
import { type Calibration, calibrate, fitCalibration, UNCALIBRATED } from './calibration.ts';
import type { Model } from './estimator.ts';
import { correctedBy, type Foretold, type SaidOf } from './foretell.ts';
import type { TrainingSet } from './training-set.ts';

/** A model with the correction learnt from what it would have said in the past. */
export interface CalibratedModel<Kind extends Model = Model> {
  model: Kind;
  calibration: Calibration;
}

/** What an estimator would have said about rows it had not learnt from, one entry per row. */
export interface OutOfTime extends SaidOf<Float64Array> {
  /** The partner of each. */
  entities: readonly string[];
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

/** A model calibrated on all that was foretold; see `correctPast`. */
export function calibrateForetold(set: TrainingSet, { model, blocks }: Foretold<Model>): CalibratedByPast {
  return { model, ...correctPast(set, blocks) };
}

/**
 * Calibrates on all that was foretold: the calibration never sees a prediction for a row that was learnt from. What is
 * reported of the past is corrected block by block, by what could be known then (see `correctedBy`).
 */
export function correctPast(set: TrainingSet, blocks: readonly SaidOf<Float64Array>[]): CorrectedPast {
  const rows = blocks.flatMap((block) => block.rows);
  const raw = Float64Array.from(blocks.flatMap(({ probabilities }) => [...probabilities]));
  const outcomes = Uint8Array.from(rows, (row) => set.outcomes[row]);
  const said = blocks.flatMap(({ probabilities }, block) => {
    const places = correctedBy(set, blocks, block);
    const correction = fitCalibration(
      Float64Array.from(places, (place) => raw[place]),
      Uint8Array.from(places, (place) => outcomes[place]),
    );
    return Array.from(probabilities, (probability) => calibrate(correction, probability));
  });
  const of = { rows, entities: rows.map((row) => set.table.entities[row]), outcomes };
  return {
    calibration: outcomes.length === 0 ? UNCALIBRATED : fitCalibration(raw, outcomes),
    past: { ...of, probabilities: Float64Array.from(said) },
    uncorrected: { ...of, probabilities: raw },
  };
}

/** Calibrated probabilities, one per row. */
export function predictCalibrated({ model, calibration }: CalibratedModel, table: FeatureTable): Float64Array {
  return model.predict(table).map((probability) => calibrate(calibration, probability));
}
