import { createHash } from 'node:crypto';
import { z } from 'zod';
import { formatDay } from '../features/index.ts';
import type { CalibratedClasses } from './class-calibrated.ts';
import type { ExplainedClassModel } from './class-champion.ts';
import type { FittedClassVersion } from './class-train.ts';
import { loadClassModel } from './estimators/index.ts';
import type { SavedVersion } from './saved-version.ts';

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
  });
  const checksum = digest(text);
  const version = `${formatDay(fitted.trainedUntil)}-${checksum.slice(0, 8)}`;
  return { model: fitted.model, version, text, numbers: new Uint8Array(), checksum };
}

/**
 * Brings a saved version of classes back.
 * @throws RangeError when the text is not what was saved (truncated, changed), of a format not known here, or its parts
 * tell different classes apart
 */
export function loadClassVersion(saved: SavedVersion): FittedClassVersion {
  const name = `version ${saved.version} of ${saved.model}`;
  if (digest(saved.text) !== saved.checksum) {
    throw new RangeError(`${name} is damaged: its text does not match its checksum. Train again, or restore a backup.`);
  }
  const parsed = savedForm.safeParse(JSON.parse(saved.text));
  if (!parsed.success) throw new RangeError(`${name} cannot be read: ${z.prettifyError(parsed.error)}`);
  const { classes, champion, refits, directions } = parsed.data;
  const bring = ({ model, calibration }: z.infer<typeof calibrated>) => {
    const loaded = loadClassModel(model);
    const isOfThese = loaded.classes.join() === classes.join() && calibration.shifts.length === classes.length;
    if (!isOfThese) throw new RangeError(`${name} cannot be read: its parts tell different classes apart`);
    return { model: loaded, calibration };
  };
  const { model, calibration } = bring(champion);
  if (!isExplained(model)) throw new RangeError(`${name} cannot be read: ${model.estimator} gives no reasons`);
  if (directions.length !== classes.length) throw new RangeError(`${name} cannot be read: directions of every class`);
  return { ...parsed.data, champion: { model, calibration }, refits: refits.map(bring) };
}

function isExplained(model: CalibratedClasses['model']): model is ExplainedClassModel {
  return model.explain !== undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
