import { type ClassScoringModel, loadClassVersion } from '../models/index.ts';
import { type Publication, type RegisteredVersion, storedClassScores } from '../store/index.ts';
import { deriveClassScores } from './class-score.ts';
import type { Context } from './context.ts';
import { differenceIn, firstDifference } from './difference.ts';

/** What is compared, by the names of the store; the features first, since from others all else would differ. */
const FIELDS = [
  ['inputs_digest', 'inputsDigest'],
  ['chances', 'chances'],
  ['likeliest', 'likeliest'],
  ['toward', 'toward'],
  ['rather_than', 'ratherThan'],
  ['reasons', 'reasons'],
  ['missing', 'missing'],
  ['evidence', 'evidence'],
  ['horizon_days', 'horizonDays'],
] as const;

/**
 * Derives a published list of classes again and compares it with what is stored, bit by bit.
 * @param then the context with the settings that the list was made with
 * @returns how many scores were compared, and the first difference as a sentence; null when there is none
 */
export async function auditClasses(
  then: Context,
  model: ClassScoringModel,
  registered: RegisteredVersion,
  publication: Publication,
  loadId: number,
): Promise<{ rows: number; because: string | null }> {
  const { scores, watermark } = await deriveClassScores(
    then,
    model,
    loadClassVersion(registered),
    publication.asOf,
    loadId,
  );
  const stored = await storedClassScores(then.database, publication);
  const because =
    firstDifference(stored, scores, FIELDS) ?? differenceIn('watermark', 'the list', publication.watermark, watermark);
  return { rows: stored.length, because };
}
