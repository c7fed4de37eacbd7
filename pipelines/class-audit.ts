import { type ClassScoringModel, loadClassVersion } from '../models/index.ts';
import { type Publication, type RegisteredVersion, storedClassScores } from '../store/index.ts';
import { deriveClassScores } from './class-score.ts';
import type { Context } from './context.ts';
import { differenceIn } from './difference.ts';

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
  const again = new Map(scores.map((score) => [score.entityId, score]));
  const known = new Set(stored.map(({ entityId }) => entityId));
  const missing = scores.find(({ entityId }) => !known.has(entityId));
  if (missing) return { rows: 0, because: `${missing.entityId} has no stored score, and one when derived again.` };
  for (const score of stored) {
    const other = again.get(score.entityId);
    if (!other) return { rows: 0, because: `${score.entityId} has a stored score, and none when derived again.` };
    for (const [name, field] of FIELDS) {
      const because = differenceIn(name, score.entityId, score[field], other[field]);
      if (because !== null) return { rows: 0, because };
    }
  }
  return {
    rows: stored.length,
    because: differenceIn('watermark', 'the list', publication.watermark, watermark),
  };
}
