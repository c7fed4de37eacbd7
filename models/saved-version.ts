import { createHash } from 'node:crypto';
import { z } from 'zod';
import { formatDay } from '../features/index.ts';
import type { CalibratedModel } from './calibrated.ts';
import { isExplained } from './estimator.ts';
import { loadModel } from './estimators/index.ts';
import type { FittedVersion } from './train.ts';

/** A version as data: JSON text, and the SHA-256 of that text. */
export interface SavedVersion {
  model: string;
  version: string;
  text: string;
  checksum: string;
}

const FORMAT = 1;

const calibrated = z.strictObject({
  model: z.looseObject({ estimator: z.string() }),
  calibration: z.union([
    z.strictObject({ intercept: z.number(), slope: z.number() }),
    z.strictObject({ said: z.array(z.number()).min(1), meant: z.array(z.number()).min(1) }),
  ]),
});

const savedVersion = z.strictObject({
  format: z.literal(FORMAT, `this version reads format ${FORMAT}`),
  model: z.string(),
  trainedUntil: z.number(),
  seed: z.int(),
  champion: calibrated,
  refits: z.array(calibrated).max(1000),
  directions: z.record(z.string(), z.number()),
});

/** Saves a version; the same version gives the same text, and its name holds the first digits of the checksum. */
export function saveVersion(fitted: FittedVersion): SavedVersion {
  const plain = ({ model, calibration }: CalibratedModel) => ({ model: model.save(), calibration });
  const text = JSON.stringify({
    format: FORMAT,
    model: fitted.model,
    trainedUntil: fitted.trainedUntil,
    seed: fitted.seed,
    champion: plain(fitted.champion),
    refits: fitted.refits.map(plain),
    directions: fitted.directions,
  });
  const checksum = digest(text);
  return { model: fitted.model, version: `${formatDay(fitted.trainedUntil)}-${checksum.slice(0, 8)}`, text, checksum };
}

/**
 * Brings a saved version back.
 * @throws RangeError when the text is not what was saved (truncated, changed) or of a format not known here
 */
export function loadVersion({ model, version, text, checksum }: SavedVersion): FittedVersion {
  const name = `version ${version} of ${model}`;
  if (digest(text) !== checksum) {
    throw new RangeError(`${name} is damaged: its text does not match its checksum. Train again, or restore a backup.`);
  }
  const parsed = savedVersion.safeParse(JSON.parse(text));
  if (!parsed.success) throw new RangeError(`${name} cannot be read: ${z.prettifyError(parsed.error)}`);
  const bring = ({ model: saved, calibration }: z.infer<typeof calibrated>) => ({
    model: loadModel(saved),
    calibration,
  });
  const { model: loaded, calibration } = bring(parsed.data.champion);
  if (!isExplained(loaded)) throw new RangeError(`${name} cannot be read: ${loaded.estimator} gives no reasons`);
  return { ...parsed.data, champion: { model: loaded, calibration }, refits: parsed.data.refits.map(bring) };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
