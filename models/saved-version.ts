import { createHash } from 'node:crypto';
import { z } from 'zod';
import { describedFeatures, type FeatureView, formatDay } from '../features/index.ts';
import type { CalibratedModel } from './calibrated.ts';
import { isExplained } from './estimator.ts';
import { loadModel } from './estimators/index.ts';
import { packNumbers, unpackNumbers } from './packed-numbers.ts';
import type { FittedVersion } from './train.ts';
import { loadValue } from './value/value.ts';

/** A version as data, no code in it: JSON text, the long lists of numbers as bytes, and the SHA-256 of the text. */
export interface SavedVersion {
  model: string;
  version: string;
  /** Names the SHA-256 of the bytes, so that one checksum vouches for both. */
  text: string;
  numbers: Uint8Array;
  checksum: string;
}

/** 1 had its numbers in the text. */
const FORMATS = [1, 2] as const;
const FORMAT = 2;
/** Far above what training makes; what is larger is none of ours. */
const LARGEST = { text: 64 * 2 ** 20, numbers: 512 * 2 ** 20 };

const calibrated = z.strictObject({
  model: z.looseObject({ estimator: z.string() }),
  calibration: z.union([
    z.strictObject({ intercept: z.number(), slope: z.number() }),
    z.strictObject({ said: z.array(z.number()).min(1), meant: z.array(z.number()).min(1) }),
  ]),
});

const header = z.looseObject({
  format: z.literal(FORMATS, `this version reads formats ${FORMATS.join(' and ')}; use a newer partnercast`),
  numbers: z.strictObject({ bytes: z.int().nonnegative(), sha256: z.string() }).optional(),
});

/** What the inputs of later runs are held against, as it is saved. */
export const savedReference = z.strictObject({
  from: z.number(),
  to: z.number(),
  partners: z.int().positive(),
  reach: z.number().positive(),
  features: z
    .array(
      z
        .strictObject({
          feature: z.string(),
          edges: z.array(z.number()).max(100),
          least: z.number().nullable(),
          counts: z.array(z.int().nonnegative()),
          ordinary: z.number().min(1),
        })
        .refine(({ edges, counts }) => counts.length === edges.length + 3, 'one count per bin'),
    )
    .max(10_000),
});

const shape = z.strictObject({
  level: z.array(z.number()).min(1).max(100),
  slope: z.array(z.number()).min(1).max(100),
});

const savedVersion = z.strictObject({
  format: z.int(),
  numbers: z.unknown().optional(),
  model: z.string(),
  trainedUntil: z.number(),
  seed: z.int(),
  features: z.array(z.string()).max(10_000).default([]),
  reference: savedReference.nullable().default(null),
  champion: calibrated,
  refits: z.array(calibrated).max(1000),
  directions: z.record(z.string(), z.number()),
  // Versions of before waits were learnt have none.
  waits: z
    .strictObject({ shape, draws: z.array(shape).max(1000) })
    .nullable()
    .default(null),
  value: z.looseObject({ estimator: z.string() }).nullable().default(null),
});

/** Saves a version; the same version gives the same bytes, and its name holds the first digits of the checksum. */
export function saveVersion(fitted: FittedVersion): SavedVersion {
  const saved = ({ model, calibration }: CalibratedModel) => ({ model: model.save(), calibration });
  const { plain, bytes } = packNumbers({
    model: fitted.model,
    trainedUntil: fitted.trainedUntil,
    seed: fitted.seed,
    features: fitted.features,
    reference: fitted.reference,
    champion: saved(fitted.champion),
    refits: fitted.refits.map(saved),
    directions: fitted.directions,
    waits: fitted.waits,
    value: fitted.value?.save() ?? null,
  });
  const numbers = { bytes: bytes.length, sha256: digest(bytes) };
  const text = JSON.stringify({ format: FORMAT, numbers, ...(plain as object) });
  const checksum = digest(text);
  const version = `${formatDay(fitted.trainedUntil)}-${checksum.slice(0, 8)}`;
  return ofFitSize({ model: fitted.model, version, text, numbers: bytes, checksum });
}

/**
 * Brings a saved version back.
 * @throws RangeError when it is not what was saved (truncated, changed), too large, of a format not known here, or not
 *   what a version is
 */
export function loadVersion(saved: SavedVersion): FittedVersion {
  const name = `version ${saved.version} of ${saved.model}`;
  if (digest(ofFitSize(saved).text) !== saved.checksum) throw damaged(name, 'text does not match its checksum');
  try {
    return read(saved, name);
  } catch (error) {
    if ((error as Error).message.startsWith(name)) throw error;
    const because = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new RangeError(`${name} cannot be read: ${because}`);
  }
}

/**
 * @throws RangeError naming features that a version learnt from and a view does not have
 */
export function requireFeatures({ features }: Pick<FittedVersion, 'features'>, view: FeatureView, name: string): void {
  const known = new Set(describedFeatures(view).map((feature) => feature.name));
  const foreign = features.filter((feature) => !known.has(feature));
  if (foreign.length === 0) return;
  throw new RangeError(
    `${name} learnt from another set of features: ${view.name} has no ${foreign.slice(0, 3).join(', ')}` +
      `${foreign.length > 3 ? ` and ${foreign.length - 3} more` : ''}. Train again.`,
  );
}

/**
 * A version that is no larger than any may be: what could not be read again is not saved either.
 * @throws RangeError when it is larger
 */
export function ofFitSize(saved: SavedVersion): SavedVersion {
  const { model, version, text, numbers } = saved;
  if (text.length <= LARGEST.text && numbers.length <= LARGEST.numbers) return saved;
  throw new RangeError(
    `version ${version} of ${model} cannot be read: it is larger (${text.length} and ${numbers.length} bytes) than ` +
      `any version may be (${LARGEST.text} and ${LARGEST.numbers}).`,
  );
}

function read({ text, numbers: bytes }: SavedVersion, name: string): FittedVersion {
  const plain: unknown = JSON.parse(text);
  const { numbers } = header.parse(plain);
  const expected = numbers ?? { bytes: 0, sha256: digest('') };
  if (bytes.length !== expected.bytes || digest(bytes) !== expected.sha256)
    throw damaged(name, 'numbers do not match their checksum');
  const parsed = savedVersion.parse(unpackNumbers({ plain, bytes }));
  const bring = ({ model: saved, calibration }: z.infer<typeof calibrated>) => ({
    model: loadModel(saved),
    calibration,
  });
  const { model: loaded, calibration } = bring(parsed.champion);
  if (!isExplained(loaded)) throw new RangeError(`${loaded.estimator} gives no reasons`);
  const { model, trainedUntil, seed, features, directions, reference: inputs } = parsed;
  return {
    model,
    trainedUntil,
    seed,
    features,
    reference: inputs,
    directions,
    champion: { model: loaded, calibration },
    refits: parsed.refits.map(bring),
    waits: parsed.waits,
    value: parsed.value && loadValue(parsed.value),
  };
}

/** What is said of a version that is not what was saved. */
export function damaged(name: string, what: string): RangeError {
  return new RangeError(`${name} is damaged: its ${what}. Train again, or restore a backup.`);
}

/** SHA-256 in hexadecimal digits. */
export function digest(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
