import type { FeatureTable } from '../features/index.ts';
import { type ClassCalibration, calibrateClasses, fitClassCalibration } from './class-calibration.ts';
import type { ClassModel, ClassSet } from './classes.ts';
import { correctedBy, type Foretold, type SaidOf } from './foretell.ts';

/** Per class one probability per row. */
type Said = readonly Float64Array[];

/** A model of classes with the correction learnt from what it would have said in the past. */
export interface CalibratedClasses<Kind extends ClassModel = ClassModel> {
  model: Kind;
  calibration: ClassCalibration;
}

/** What was said of rows of a set: per class one probability per row. */
export type SaidOfClasses = SaidOf<Said>;

/** A model corrected by all that was foretold of the past, which is kept: as it was said then, and uncorrected. */
export interface ClassesByPast extends CalibratedClasses {
  past: SaidOfClasses;
  uncorrected: SaidOfClasses;
}

/** As `calibrateForetold` of two outcomes: each block of the past is corrected by what could be known then. */
export function calibrateForetoldClasses(set: ClassSet, { model, blocks }: Foretold<ClassModel>): ClassesByPast {
  const uncorrected = joined(set, blocks);
  const corrected = blocks.map((said, block) => {
    const correction = calibrationOf(selected(uncorrected, correctedBy(set, blocks, block)));
    return { ...said, probabilities: calibrateClasses(correction, said.probabilities) };
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
