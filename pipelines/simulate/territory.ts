import type { Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import type { Account } from './accounts.ts';
import { happens, pick } from './chance.ts';
import type { Deal } from './deals.ts';
import { activity, monthAt } from './life.ts';
import type { Partner } from './partner.ts';
import { PARTNERS_PER_MANAGER } from './traits.ts';

/**
 * The partners of one channel manager so far, and what they registered. Partners meet only those of their territory
 * that came before them: so nobody depends on how many there will be, and no more than a territory is in memory.
 */
export interface Territory {
  partners: Partner[];
  deals: Deal[];
  accounts: Account[];
  /** Account, product and first day of each subscription. */
  subscriptions: Set<string>;
}

/** The territory that the n-th partner enters: a new one where the last one is full. */
export function territoryFor(n: number, last: Territory | undefined): Territory {
  return last && n % PARTNERS_PER_MANAGER !== 0
    ? last
    : { partners: [], deals: [], accounts: [], subscriptions: new Set() };
}

/** The next partner on a deal, busier ones more often; none when nobody is around. */
export function neighbour(
  territory: Territory,
  at: Instant,
  taken: ReadonlySet<string>,
  random: Random,
): Partner | undefined {
  const around = territory.partners
    .filter(({ traits }) => !taken.has(traits.id))
    .map((partner) => ({ partner, weight: businessAt(partner, at) }))
    .filter(({ weight }) => weight > 0);
  return around.length === 0 ? undefined : pick(around, ({ weight }) => weight, random).partner;
}

function businessAt({ traits, life }: Partner, at: Instant): number {
  const month = monthAt(life, at);
  return month === undefined || traits.signedOn > at ? 0 : traits.businessPerMonth * activity(traits, month);
}

/** A deal that another partner registered within so many milliseconds before, if any and if chance has it. */
export function rivalDeal(
  territory: Territory,
  at: Instant,
  within: number,
  share: number,
  random: Random,
): Deal | undefined {
  if (!happens(share, random)) return undefined;
  return territory.deals.find(
    ({ submittedAt }) => submittedAt !== null && submittedAt < at && at - submittedAt <= within,
  );
}
