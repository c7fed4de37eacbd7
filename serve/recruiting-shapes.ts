import { z } from 'zod';
import { formatDay } from '../features/index.ts';
import type { Profile } from '../models/index.ts';
import type { ListedProspect, ProspectList } from '../store/index.ts';

const share = z.number().min(0).max(1);
const day = z.iso.date();

const prospectShape = z
  .object({
    rank: z.number(),
    prospect_id: z.string(),
    name: z.string(),
    website: z.string().nullable(),
    country: z.string().nullable(),
    industry: z.string().nullable(),
    employees: z.number().nullable(),
    fit: share
      .nullable()
      .describe("share of today's partners and prospects that are less like top partners; no probability"),
    accept: share.nullable().describe('probability that it signs, given that it is approached'),
    exploratory: z.boolean().describe('drawn by lot, so that the profile can learn from others too'),
    matched: z.array(z.string()).describe('traits of the profile that it has'),
    against: z.array(z.string()).describe('what speaks against it'),
    nearest: z.array(z.object({ partner_id: z.string(), similarity: z.number() })).describe('current partners like it'),
    reasons: z.array(
      z.object({ feature: z.string(), text: z.string(), value: z.number().nullable(), log_odds: z.number() }),
    ),
    action: z
      .enum(['approached', 'archived', 'signed'])
      .nullable()
      .describe('what was done with it since; null is open'),
  })
  .meta({ id: 'Prospect' });

/** A list of prospects as the API tells it. */
export const prospectListShape = z
  .object({
    as_of: day,
    profile: z.string().describe('version of the Ideal Partner Profile it was made by'),
    says: z.string().describe('how well it can be known who would be a top partner'),
    counts: z
      .object({
        prospects: z.number(),
        open: z.number(),
        partners: z.number(),
        accounts: z.number(),
        repeated: z.number(),
        done: z.number(),
      })
      .describe('on record; open to be listed; partners or accounts already; twice; approached, archived or signed'),
    data: z.array(prospectShape),
  })
  .meta({ id: 'ProspectList' });

const figure = z.number().nullable();
const measured = z.object({ value: figure, low: figure, high: figure });

const traitShape = z.object({
  trait: z.string(),
  says: z.string(),
  direction: z.enum(['for', 'against']),
  lift: measured.describe('times as often top as any partner, with its 95 % interval'),
  partners: z.number().describe('partners that have it'),
  top: z.number().describe('of these, top ones'),
  stability: figure.describe('share of bootstraps that choose it; null where written by hand'),
  q: figure.describe('false-discovery rate at which it would just be chosen'),
});

/** A version of the profile as the API tells it. */
export const profileShape = z
  .object({
    version: z.string(),
    source: z.enum(['learnt', 'edited']),
    learnt_until: day,
    partners: z.number(),
    top: z.number(),
    verdict: z.enum(['usable', 'weak', 'none']),
    says: z.string(),
    considered: z.number(),
    false_discovery_rate: z.number(),
    traits: z.array(traitShape),
    excluded: z.array(z.object({ trait: z.string(), why: z.string() })),
  })
  .meta({ id: 'IdealPartnerProfile' });

/** @param list as the store has it */
export function toProspectListShape(
  { asOf, profile, says, counts }: ProspectList,
  prospects: readonly ListedProspect[],
): z.infer<typeof prospectListShape> {
  return { as_of: formatDay(asOf), profile, says, counts, data: prospects.map(toProspectShape) };
}

function toProspectShape(prospect: ListedProspect): z.infer<typeof prospectShape> {
  const { rank, name, website, country, industry, employees, fit, accept, exploratory, matched, against, action } =
    prospect;
  return {
    ...{ rank, prospect_id: prospect.prospectId, name, website, country, industry, employees },
    ...{ fit, accept, exploratory, matched, against, action },
    nearest: prospect.nearest.map(({ partnerId, similarity }) => ({ partner_id: partnerId, similarity })),
    reasons: prospect.reasons.map(({ feature, text, value, log_odds }) => ({ feature, text, value, log_odds })),
  };
}

/** @param profile as the store has it */
export function toProfileShape(profile: Profile): z.infer<typeof profileShape> {
  const { version, source, learntUntil, partners, top, verdict, says, considered, falseDiscoveryRate, excluded } =
    profile;
  return {
    ...{ version, source, learnt_until: formatDay(learntUntil), partners, top, verdict, says, considered, excluded },
    false_discovery_rate: falseDiscoveryRate,
    traits: profile.traits.map(({ trait, says, direction, lift, support, stability, q }) => ({
      ...{ trait, says, direction, ...support },
      lift: { value: known(lift.value), low: known(lift.low), high: known(lift.high) },
      stability: known(stability),
      q: known(q),
    })),
  };
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
