import { z } from 'zod';
import { formatDay } from '../features/index.ts';
import { ALARMS_PER_YEAR, type Contest } from '../models/index.ts';
import { type AnyShown, stateOf } from './shown-version.ts';

/** What cards of either sort say of their version's place in the registry. Days are UTC; intervals are 95 %. */

export const day = z.iso.date();
export const measured = z.object({ value: z.number(), low: z.number(), high: z.number() }).meta({ id: 'Measured' });
const state = z.enum(['in use', 'was in use', 'not promoted']);

/** A registered version and what was decided about it. */
const versionShape = z
  .object({ version: z.string(), trained_until: day, champion: z.string(), state })
  .meta({ id: 'ModelVersion' });

/** The first fields of every card: which version it is, and what it is asked. */
export const identityShape = {
  model: z.string(),
  version: z.string(),
  state,
  question: z.string(),
  population: z.string().nullable(),
  label: z.object({ name: z.string(), gap_days: z.number(), horizon_days: z.number() }),
};

/** The fields of every card that tell how the version came to be in use, and whether it still holds. */
export const registryShape = {
  contest: z
    .object({ against: z.string().nullable(), is_promoted: z.boolean(), because: z.string() })
    .nullable()
    .describe('the version held against the one that was in use'),
  watch: z
    .object({
      as_of: day,
      watched: z.number(),
      drifted: z.array(z.object({ feature: z.string(), psi: z.number(), p: z.number() })),
      alarms_per_year: z.number().describe('at most so many years in which nothing shifts have an alarm'),
    })
    .nullable()
    .describe('the inputs of the latest list beside those that were learnt from'),
  refits: z.number(),
  not_for: z.array(z.string()),
  caution: z.string(),
  decisions: z.array(
    z.object({
      version: z.string(),
      kind: z.enum(['promoted', 'rolled back']),
      in_use_from: day,
      decided_by: z.string(),
      decided_at: z.iso.datetime(),
      why: z.string(),
    }),
  ),
  versions: z.array(versionShape),
};

/** The first fields of a card. */
export function toIdentity(shown: AnyShown) {
  const { card, version } = shown.version;
  const { label } = card;
  return {
    model: card.model,
    version,
    state: stateOf(version, shown),
    question: card.question,
    population: card.population ?? null,
    label: { name: label.name, gap_days: label.gapDays, horizon_days: label.horizonDays },
  };
}

/** What a card says of its version's place in the registry. */
export function toRegistry(shown: AnyShown) {
  const { version, history, versions, watch } = shown;
  const { card } = version;
  return {
    contest: toContest(card.contest),
    watch: watch && {
      as_of: formatDay(watch.asOf),
      watched: watch.drift.watched,
      drifted: watch.drift.drifted,
      alarms_per_year: ALARMS_PER_YEAR,
    },
    refits: card.refits,
    not_for: [...(card.notFor ?? [])],
    caution: card.caution,
    decisions: history.map((decision) => ({
      version: decision.version,
      kind: decision.kind,
      in_use_from: formatDay(decision.inUseFrom),
      decided_by: decision.decidedBy,
      decided_at: new Date(decision.decidedAt).toISOString(),
      why: decision.why,
    })),
    versions: versions.map((each) => ({
      version: each.version,
      trained_until: formatDay(each.trainedUntil),
      champion: each.card.champion,
      state: stateOf(each.version, shown),
    })),
  };
}

function toContest(contest: Contest | undefined) {
  return contest ? { against: contest.against, is_promoted: contest.isPromoted, because: contest.because } : null;
}
