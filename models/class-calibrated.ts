import { DAY, type FeatureTable } from '../features/index.ts';
import { breathe } from './breathe.ts';
import { maturedPlaces } from './calibrated.ts';
import { type ClassCalibration, calibrateClasses, fitClassCalibration } from './class-calibration.ts';
import type { ClassEstimator, ClassModel, ClassSet } from './classes.ts';
import { rollingOrigin } from './folds.ts';
import { maturityDays } from './label.ts';
import type { Random } from './random.ts';

/** Per class one probability per row. */
type Said = readonly Float64Array[];

/** A model of classes with the correction learnt from what it would have said in the past. */
export interface CalibratedClasses<Kind extends ClassModel = ClassModel> {
  model: Kind;
  calibration: ClassCalibration;
}

/** What was said of rows, in the order of a list of places in a set. */
export interface SaidOfClasses {
  /** Places in the set. */
  rows: readonly number[];
  probabilities: Said;
  outcomes: Uint8Array;
}

/** A model fitted to a whole set, and what its estimator would have said of the set's later half, uncorrected. */
export interface ForetoldClasses {
  model: ClassModel;
  /** One per block of later cutoffs, in order. */
  blocks: readonly SaidOfClasses[];
}

/** Where outcomes take half a year, finer blocks would learn from nearly the same rows. */
const BLOCKS = 3;
const CHECKED_SHARE = 0.5;

/**
 * Fits an estimator to a whole set, and to what had matured before each block of its later half, by rolling origin.
 * @param chance gives the same numbers anew for each fit
 */
export async function foretellClasses(
  estimator: ClassEstimator,
  set: ClassSet,
  chance: () => Random,
  threads: number,
): Promise<ForetoldClasses> {
  const blocks: SaidOfClasses[] = [];
  for (const { learn, check, checkRows } of rollingOrigin(set, BLOCKS, CHECKED_SHARE)) {
    await breathe();
    const model = await estimator.fit(learn, chance(), threads);
    blocks.push({ rows: checkRows, probabilities: model.predict(check.table), outcomes: check.outcomes });
  }
  return { model: await estimator.fit(set, chance(), threads), blocks };
}

/** A model corrected by all that was foretold of the past, which is kept: as it was said then, and uncorrected. */
export interface ClassesByPast extends CalibratedClasses {
  past: SaidOfClasses;
  uncorrected: SaidOfClasses;
}

/** As `calibrateForetold` of two outcomes: each block of the past is corrected by what had matured before it began. */
export function calibrateForetoldClasses(set: ClassSet, { model, blocks }: ForetoldClasses): ClassesByPast {
  const uncorrected = joined(set, blocks);
  const corrected = blocks.map((block, i) => {
    const before = joined(set, blocks.slice(0, i));
    const begin = block.rows.reduce((first, row) => Math.min(first, set.table.cutoffs[row]), Number.POSITIVE_INFINITY);
    const matured = maturedPlaces(set, before.rows, begin - maturityDays(set.label) * DAY);
    const correction = calibrationOf(selected(before, matured));
    return { ...block, probabilities: calibrateClasses(correction, block.probabilities) };
  });
  return { model, calibration: calibrationOf(uncorrected), past: joined(set, corrected), uncorrected };
}

/** The correction that what was said teaches. */
export function calibrationOf({ probabilities, outcomes }: SaidOfClasses): ClassCalibration {
  return fitClassCalibration(probabilities, outcomes);
}

/** What was said of some of the rows, by their places in the list; a place may come again. */
export function selected({ rows, probabilities, outcomes }: SaidOfClasses, places: readonly number[]): SaidOfClasses {
  return {
    rows: places.map((place) => rows[place]),
    probabilities: probabilities.map((ofClass) => Float64Array.from(places, (place) => ofClass[place])),
    outcomes: Uint8Array.from(places, (place) => outcomes[place]),
  };
}

function joined({ classes }: ClassSet, blocks: readonly SaidOfClasses[]): SaidOfClasses {
  const rows = blocks.flatMap((block) => block.rows);
  const probabilities = classes.map(() => new Float64Array(rows.length));
  const outcomes = new Uint8Array(rows.length);
  let from = 0;
  for (const block of blocks) {
    block.probabilities.forEach((ofClass, k) => {
      probabilities[k].set(ofClass, from);
    });
    outcomes.set(block.outcomes, from);
    from += block.rows.length;
  }
  return { rows, probabilities, outcomes };
}

/** Calibrated probabilities, per class one per row. */
export function predictClasses({ model, calibration }: CalibratedClasses, table: FeatureTable): Float64Array[] {
  return calibrateClasses(calibration, model.predict(table));
}
