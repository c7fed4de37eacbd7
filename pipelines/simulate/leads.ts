import { DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import type { Account } from './accounts.ts';
import { between, happens, oneOf } from './chance.ts';
import { PRODUCTS, type Prospective, REGISTERED_SHARE } from './deals.ts';
import { activity, isThere } from './life.ts';
import type { Partner } from './partner.ts';
import { event, type SimulatedEvent } from './recording.ts';
import { disturbances, drawTimes } from './times.ts';

/** A lead that a partner accepts, and when it becomes an opportunity if it does. */
interface Lead {
  at: Instant;
  settledAt: Instant;
  converts: boolean;
  account: string;
  product: string;
}

/** The chance that a lead converts, and after how many days. */
export const CONVERTS = 0.3;
export const CONVERTS_AFTER_DAYS = [5, 30] as const;

/** The leads a partner accepts, by month. */
export function drawLeads(partner: Partner, accounts: readonly Account[], random: Random): Lead[] {
  const disturbed = disturbances('business', partner.incidents, partner.training);
  return partner.life.flatMap((month) => {
    const perMonth = partner.traits.businessPerMonth * (1 - REGISTERED_SHARE) * activity(partner.traits, month);
    return drawTimes(perMonth, month, disturbed, random)
      .filter((at) => at >= partner.traits.signedOn)
      .map((at) => {
        const settledAt = at + Math.floor(between(...CONVERTS_AFTER_DAYS, random)) * DAY;
        const converts = happens(CONVERTS, random) && isThere(partner.life, settledAt);
        const product = PRODUCTS[Math.floor(partner.traits.products * random())];
        return { at, settledAt, converts, account: oneOf(accounts, random).id, product };
      });
  });
}

/** What leads leave on record. */
export function leadEvents(leads: readonly Lead[], random: Random): SimulatedEvent[] {
  return leads.flatMap(({ at, settledAt, converts, account, product }) => {
    const about = { seat: Math.floor(2 * random() ** 2), account, product };
    const accepted = event('lead.accepted', at, about);
    return converts ? [accepted, event('lead.converted', settledAt, about)] : [accepted];
  });
}

/** What of the leads is in the works, and since when. */
export function leadsInTheWorks(leads: readonly Lead[]): Prospective[] {
  return leads.map(({ at, settledAt }) => ({ from: at, at: settledAt, chance: CONVERTS }));
}
