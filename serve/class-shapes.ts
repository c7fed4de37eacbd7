import { z } from 'zod';
import { formatDay } from '../features/index.ts';
import type { PartnerClassScore } from '../store/index.ts';
import { partnerShape, reasonShape, toPartnerShape } from './shapes.ts';

const probability = z.number().min(0).max(1);

/** A partner's chances of several classes on a day, with the reasons for one of them rather than another. */
export const classScoreShape = z
  .object({
    entity_id: z.string(),
    partner: partnerShape,
    as_of: z.iso.date(),
    model_version: z.string(),
    horizon_days: z.number(),
    classes: z
      .array(
        z.object({
          class: z.string(),
          probability,
          low: probability.describe('90 % interval, from refits on resampled partners'),
          high: probability,
        }),
      )
      .describe('the probabilities add up to 1'),
    likeliest: z.string(),
    toward: z.string().describe('the class that the reasons speak for: the one that tells most of this partner'),
    rather_than: z.string().describe('the class they speak against'),
    reasons: z.array(reasonShape).describe('log-odds of the class they speak for against the other'),
    base_log_odds: z
      .number()
      .describe('the same log-odds of anybody; with all reasons and the calibration they add up'),
    calibration_log_odds: z.number(),
    missing: z.array(z.string()).describe('features that were unknown'),
  })
  .meta({ id: 'ClassScore' });

/** @param score as the store has it */
export function toClassScoreShape(score: PartnerClassScore): z.infer<typeof classScoreShape> {
  return {
    entity_id: score.entityId,
    partner: toPartnerShape(score.partner),
    as_of: formatDay(score.asOf),
    model_version: score.modelVersion,
    horizon_days: score.horizonDays,
    classes: [...score.chances],
    likeliest: score.likeliest,
    toward: score.toward,
    rather_than: score.ratherThan,
    reasons: score.reasons,
    base_log_odds: score.evidence.baseLogOdds,
    calibration_log_odds: score.evidence.calibrationLogOdds,
    missing: score.missing,
  };
}
