import { z } from 'zod';
import { formatDay } from '../features/index.ts';
import type { CalibratedClasses } from './class-calibrated.ts';
import type { ExplainedClassModel } from './class-champion.ts';
import type { FittedClassVersion } from './class-train.ts';
import { loadClassModel } from './estimators/index.ts';
import { damaged, digest, ofFitSize, type SavedVersion, savedReference } from './saved-version.ts';

const FORMAT = 'classes-1';

const calibrated = z.strictObject({
  model: z.looseObject({ estimator: z.string() }),
  calibration: z.strictObject({ slope: z.number().positive(), shifts: z.array(z.number()).min(2).max(255) }),
});

const savedForm = z.strictObject({
  format: z.literal(FORMAT, `this version reads format ${FORMAT}`),
  model: z.string(),
  classes: z.array(z.string()).min(2).max(255),
  trainedUntil: z.number(),
  seed: z.int(),
  champion: calibrated,
  refits: z.array(calibrated).max(1000),
  directions: z.array(z.record(z.string(), z.number())),
  // Versions of before they were kept have neither.
  features: z.array(z.string()).max(10_000).default([]),
  reference: savedReference.nullable().default(null),
});

/** Saves a version of classes, as `saveVersion` one of two outcomes. */
export function saveClassVersion(fitted: FittedClassVersion): SavedVersion {
  const plain = ({ model, calibration }: CalibratedClasses) => ({ model: model.save(), calibration });
  const text = JSON.stringify({
    format: FORMAT,
    model: fitted.model,
    classes: fitted.classes,
    trainedUntil: fitted.trainedUntil,
    seed: fitted.seed,
    champion: plain(fitted.champion),
    refits: fitted.refits.map(plain),
    directions: fitted.directions,
    features: fitted.features,
    reference: fitted.reference,
  });
  const checksum = digest(text);
  const version = `${formatDay(fitted.trainedUntil)}-${checksum.slice(0, 8)}`;
  return ofFitSize({ model: fitted.model, version, text, numbers: new Uint8Array(), checksum });
}

/**
 * Brings a saved version of classes back.
 * @throws RangeError when the text is not what was saved (truncated, changed), too large, of a format not known here, or
 * its parts tell different classes apart
 */
export function loadClassVersion(saved: SavedVersion): FittedClassVersion {
  const name = `version ${saved.version} of ${saved.model}`;
  if (digest(ofFitSize(saved).text) !== saved.checksum) throw damaged(name, 'text does not match its checksum');
  if (saved.numbers.length > 0) throw damaged(name, 'numbers do not belong to it');
  try {
    return read(saved.text);
  } catch (error) {
    const because = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new RangeError(`${name} cannot be read: ${because}`);
  }
}

function read(text: string): FittedClassVersion {
  const parsed = savedForm.parse(JSON.parse(text));
  const { classes, champion, refits, directions } = parsed;
  const bring = ({ model, calibration }: z.infer<typeof calibrated>) => {
    const loaded = loadClassModel(model);
    const isOfThese = loaded.classes.join() === classes.join() && calibration.shifts.length === classes.length;
    if (!isOfThese) throw new RangeError('its parts tell different classes apart');
    return { model: loaded, calibration };
  };
  const { model, calibration } = bring(champion);
  if (!isExplained(model)) throw new RangeError(`${model.estimator} gives no reasons`);
  if (directions.length !== classes.length) throw new RangeError('directions of every class');
  const { format: _, ...rest } = parsed;
  return { ...rest, champion: { model, calibration }, refits: refits.map(bring) };
}

function isExplained(model: CalibratedClasses['model']): model is ExplainedClassModel {
  return model.explain !== undefined;
}
