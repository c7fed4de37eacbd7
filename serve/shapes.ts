import { z } from 'zod';
import { formatDay, LIFECYCLE_STATES } from '../features/index.ts';
import type { Reason } from '../models/index.ts';
import type { DatedLifecycle, Partner, PartnerScore, StoredNudge } from '../store/index.ts';

/** What the API says, in the words of the CSV headers and SQL columns. Probabilities are 0 to 1; days are UTC. */

/** Text that PostgreSQL can hold. */
export const word = z.string().regex(/^[^\0]*$/, 'must not hold a NUL character');

/** A day that is asked for; years of fewer than four digits would be taken for others. */
export const dayOfReport = z.iso.date().regex(/^[1-9]/, 'a day of the year 1000 or later');

const probability = z.number().min(0).max(1);
const day = z.iso.date();

/** One reason for a score. */
export const reasonShape = z
  .object({
    topic: z.string(),
    text: z.string().describe('a full clause with the numbers in it'),
    feature: z.string(),
    value: z.number().nullable().describe('null is unknown'),
    unit: z.string(),
    peers: z.number().nullable().describe('median of the partners at risk on the same day'),
    usual: z.number().nullable().describe("the partner's own baseline"),
    plain: z.boolean().describe('whether it makes sense by itself'),
    log_odds: z.number().describe('what the topic adds to the log-odds, before calibration; above 0 raises the risk'),
    clears: z.string().nullable().describe('what would make the reason go away'),
  })
  .meta({ id: 'Reason' });

/** A partner as it is known today. */
export const partnerShape = z
  .object({
    partner_id: z.string(),
    name: z.string(),
    type: z.string().nullable(),
    tier: z.string().nullable(),
    owner: z.string().nullable(),
    region: z.string().nullable(),
    country: z.string().nullable(),
    industry: z.string().nullable(),
    signed_on: z.string().nullable(),
    is_stub: z.boolean().describe('named by events or agreements, defined by no partner row'),
  })
  .meta({ id: 'Partner' });

/** How a probability goes on, at one day after the score's. */
const survivalShape = z
  .object({ days: z.number().describe('after the day of the score'), probability, low: probability, high: probability })
  .meta({ id: 'SurvivalPoint' });

/** A partner's score on a day, with its reasons. */
export const scoreShape = z
  .object({
    entity_id: z.string(),
    partner: partnerShape,
    as_of: day,
    model_version: z.string(),
    horizon_days: z.number(),
    probability,
    low: probability.describe('90 % interval, from refits on resampled partners'),
    high: probability,
    survival: z
      .array(survivalShape)
      .nullable()
      .describe(
        'probability that the silence outlasts each day; never rises, and is probability at horizon_days; null where the score is no matter of waiting',
      ),
    band: z.enum(['high', 'medium', 'low']),
    listed: z.boolean().describe('on the list of those the team can call this week'),
    listed_since: day.nullable(),
    change: z.number().nullable().describe('against about 30 days before; null when that day was not scored'),
    value_at_risk_minor: z.number().nullable().describe('minor units of currency; null is unknown'),
    expected_value_minor: z
      .number()
      .nullable()
      .describe('what it is expected to bring in the horizon if it stays; null is unknown'),
    currency: z.string().nullable(),
    action: z.string().describe('what a playbook suggests; unproven until a hold-out shows it works'),
    reasons: z.array(reasonShape),
    base_log_odds: z
      .number()
      .nullable()
      .describe(
        'what the model says of anybody; with the log-odds of all reasons and the calibration it is the probability',
      ),
    calibration_log_odds: z.number().nullable().describe('what the calibration adds; null in scores of older versions'),
    missing: z.array(z.string()).describe('features that were unknown'),
    last_business: day.nullable(),
    renews_on: day.nullable(),
    weeks: z.array(z.number()).describe('qualifying events per week, oldest first'),
  })
  .meta({ id: 'Score' });

/** Where a partner stands in its life. */
export const lifecycleShape = z
  .object({
    as_of: day,
    state: z.enum(LIFECYCLE_STATES),
    ended_by: z.enum(['partner', 'vendor', 'merged', 'unknown']).nullable().describe('null where it goes on'),
    seasonal: z
      .boolean()
      .nullable()
      .describe('quiet every year at the same time; null where the records are too short to tell'),
    off_portal: z.boolean().nullable().describe('does business without the portal; null where that cannot be told'),
    because: z.string().describe('the evidence, with the numbers in it'),
  })
  .meta({ id: 'Lifecycle' });

/** A nudge that was decided. */
export const nudgeShape = z
  .object({
    nudge_id: z.string(),
    rule: z.string(),
    entity_id: z.string(),
    episode_start: day,
    as_of: day,
    assignment: z.enum(['send', 'hold-out']),
    assignment_probability: probability,
    because: z.string(),
    delivery: z.enum(['pending', 'delivered', 'failed']).nullable().describe('null while not in the outbox'),
  })
  .meta({ id: 'Nudge' });

/** What a feature is, as its definition says it. */
export const featureShape = z
  .object({
    name: z.string(),
    unit: z.string().describe('what its number is a number of'),
    topic: z.string().describe('features of one topic speak once in a list of reasons'),
    description: z.string(),
    unknown: z.string().describe('when it is unknown, as a clause'),
    high: z.string().describe('the reason above the peers, with made-up numbers'),
    low: z.string().describe('the reason below the peers, with made-up numbers'),
    clears: z.string().nullable().describe('what would make the reason go away'),
    relative: z.boolean().describe('measured among all of the same day, not on one past alone'),
  })
  .meta({ id: 'Feature' });

/** RFC 9457. */
export const problemShape = z
  .object({ type: z.string(), title: z.string(), status: z.number(), detail: z.string() })
  .meta({ id: 'Problem' });

/** @param partner as the store has it */
export function toPartnerShape(partner: Partner): z.infer<typeof partnerShape> {
  const { id, signedOn, isStub, ...rest } = partner;
  return { partner_id: id, ...rest, signed_on: signedOn, is_stub: isStub };
}

/** @param score as the store has it */
export function toScoreShape(score: PartnerScore): z.infer<typeof scoreShape> {
  const { evidence } = score;
  return {
    entity_id: score.entityId,
    partner: toPartnerShape(score.partner),
    as_of: formatDay(score.asOf),
    model_version: score.modelVersion,
    horizon_days: score.horizonDays,
    probability: score.probability,
    low: score.low,
    high: score.high,
    survival: toSurvivalShape(score.survival),
    band: score.band,
    listed: score.listed,
    listed_since: dayOrNull(score.listedSince),
    change: score.change,
    value_at_risk_minor: score.valueAtRiskMinor,
    expected_value_minor: evidence.expectedMinor ?? null,
    currency: score.currency,
    action: score.action,
    reasons: score.reasons as Reason[],
    base_log_odds: evidence.baseLogOdds ?? null,
    calibration_log_odds: evidence.calibrationLogOdds ?? null,
    missing: score.missing,
    last_business: dayOrNull(evidence.lastBusiness),
    renews_on: dayOrNull(evidence.renewsOn),
    weeks: [...evidence.weeks],
  };
}

/** @param lifecycle as the store has it */
export function toLifecycleShape(lifecycle: DatedLifecycle): z.infer<typeof lifecycleShape> {
  const { asOf, state, endedBy, seasonal, offPortal, because } = lifecycle;
  return { as_of: formatDay(asOf), state, ended_by: endedBy, seasonal, off_portal: offPortal, because };
}

function toSurvivalShape(survival: PartnerScore['survival']): z.infer<typeof survivalShape>[] | null {
  if (survival === null) return null;
  const { days, probability: said, low, high } = survival;
  return days.map((day, k) => ({ days: day, probability: said[k], low: low[k], high: high[k] }));
}

/** @param nudge as the store has it */
export function toNudgeShape(nudge: StoredNudge): z.infer<typeof nudgeShape> {
  return {
    nudge_id: nudge.nudgeId,
    rule: nudge.rule,
    entity_id: nudge.entityId,
    episode_start: formatDay(nudge.episodeStart),
    as_of: formatDay(nudge.asOf),
    assignment: nudge.assignment,
    assignment_probability: nudge.assignmentProbability,
    because: nudge.because,
    delivery: nudge.delivery,
  };
}

function dayOrNull(instant: number | null): string | null {
  return instant === null ? null : formatDay(instant);
}
