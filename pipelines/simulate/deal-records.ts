import type { Instant } from '../../features/index.ts';
import { DAY } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { between, happens } from './chance.ts';
import { type Deal, ROLE_EFFECTS, WIN_WITHOUT_PARTNER } from './deals.ts';
import type { Cell } from './files.ts';
import { onRecord } from './recording.ts';
import { stamp, stampOrNothing } from './world.ts';

/** A deal as the records show it from `knownAt` on. */
interface Version {
  knownAt: Instant;
  shows: Partial<Deal>;
  stage: string;
}

const REVISED_ON_THE_WAY = 0.5;
const CORRECTED_AFTER_DAYS = [3, 40] as const;
const MARGIN_SHARE = 0.22;

/** The rows of `deals.csv` of a deal: each version shows what was known by then and no more. */
export function dealRows(deal: Deal, end: Instant, random: Random): Cell[][] {
  let knownBefore = 0;
  return versions(deal, random).flatMap(({ knownAt, shows, stage }) => {
    knownBefore = Math.max(knownAt, knownBefore + 1000);
    return knownBefore < end ? [dealRow({ ...deal, ...shows }, stage, knownBefore)] : [];
  });
}

function versions(deal: Deal, random: Random): Version[] {
  const undecided = { decidedAt: null, decision: null, rejectReason: null };
  const unopened = { openedAt: null, closedAt: null, outcome: null, amount: deal.asked };
  const unclosed = { closedAt: null, outcome: null };
  const all: Version[] = [];
  const add = (happenedAt: Instant, stage: string, shows: Partial<Deal>) =>
    all.push({ knownAt: onRecord(happenedAt, random), shows, stage });
  const halfway = Math.round((deal.asked + deal.amount) / 2000) * 1000;
  if (deal.submittedAt !== null) add(deal.submittedAt, 'submitted', { ...undecided, ...unopened });
  if (deal.decidedAt !== null)
    add(deal.decidedAt, deal.openedAt === null ? 'closed' : 'qualified', { ...unclosed, amount: deal.asked });
  else if (deal.openedAt !== null) add(deal.openedAt, 'qualified', { ...unclosed, amount: deal.asked });
  if (deal.openedAt === null || deal.closedAt === null) return all;
  const revises = happens(REVISED_ON_THE_WAY, random);
  const revisedAt = between(deal.openedAt, deal.closedAt, random);
  if (revises) add(Math.floor(revisedAt / 1000) * 1000, 'proposal', { ...unclosed, amount: halfway });
  add(deal.closedAt, 'closed', { amount: deal.mistaken ?? deal.amount });
  const correctedAt = deal.closedAt + Math.floor(between(...CORRECTED_AFTER_DAYS, random)) * DAY;
  if (deal.mistaken !== null) add(correctedAt, 'closed', {});
  return all;
}

function dealRow(deal: Deal, stage: string, knownAt: Instant): Cell[] {
  return [
    deal.id,
    deal.account.id,
    stampOrNothing(deal.submittedAt),
    stampOrNothing(deal.decidedAt),
    deal.decision,
    deal.rejectReason,
    deal.amount,
    Math.round(deal.amount * MARGIN_SHARE),
    deal.currency,
    stampOrNothing(deal.openedAt),
    stage,
    stampOrNothing(deal.closedAt),
    deal.outcome ?? (stage === 'closed' ? null : 'open'),
    deal.product,
    stamp(knownAt),
  ];
}

/** The rows of `deal_partners.csv`: who takes part in a deal, from when they do. */
export function dealPartnerRows(deal: Deal, end: Instant, random: Random): Cell[][] {
  return deal.touches.flatMap(({ partner, role, at }) => {
    const knownAt = onRecord(at, random);
    return knownAt < end ? [[deal.id, partner.traits.id, role, stamp(knownAt)]] : [];
  });
}

/**
 * The rows of `truth/attribution.csv` of a deal that was opened: what each role adds to the chance of winning, and so
 * to the amount expected, in minor units of the deal's currency.
 */
export function attributionRows(deal: Deal): Cell[][] {
  if (deal.openedAt === null) return [];
  return deal.touches.map(({ partner, role }) => {
    const effect = ROLE_EFFECTS[role];
    return [deal.id, partner.traits.id, role, effect, Math.round(effect * deal.amount), deal.currency];
  });
}

/** The rows of `truth/roles.csv`: what each role adds to the chance of winning, and the chance without a partner. */
export function roleRows(): Cell[][] {
  return [['none', WIN_WITHOUT_PARTNER], ...Object.entries(ROLE_EFFECTS)];
}
