import { DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import type { Account } from './accounts.ts';
import { between, happens, logNormal, oneOf, pick } from './chance.ts';
import { inCurrency } from './exchange-rates.ts';
import { activity, isThere } from './life.ts';
import type { Partner } from './partner.ts';
import { neighbour, rivalDeal, type Territory } from './territory.ts';
import { disturbances, drawTimes } from './times.ts';
import type { World } from './world.ts';

export type Role = 'sourced' | 'resold' | 'referred' | 'influenced' | 'delivered';

/** A partner's part in a deal. */
export interface Touch {
  partner: Partner;
  role: Role;
  at: Instant;
}

/** All that comes of a registration, or of a deal of the vendor's own (then nothing was submitted). */
export interface Deal {
  id: string;
  account: Account;
  product: string;
  submittedAt: Instant | null;
  decidedAt: Instant | null;
  decision: 'approved' | 'rejected' | 'withdrawn' | 'expired' | null;
  rejectReason: string | null;
  openedAt: Instant | null;
  closedAt: Instant | null;
  outcome: 'won' | 'lost' | null;
  /** What was asked for first, what it came to, and where that was written down wrong, what stood there: minor units. */
  asked: number;
  amount: number;
  mistaken: number | null;
  currency: string;
  touches: Touch[];
  /** The true chance that it was won once it was open. */
  chance: number;
  /** Another partner's registration of the same account and product shortly before. */
  rival: Deal | null;
}

/** Something in the works that may become business: since when, when it is settled, and how likely it is. */
export interface Prospective {
  from: Instant;
  at: Instant;
  chance: number;
}

/** The chance that an open deal without a partner is won, and what each partner's role adds to it. */
export const WIN_WITHOUT_PARTNER = 0.14;
export const ROLE_EFFECTS: Record<Role, number> = {
  sourced: 0.18,
  resold: 0.15,
  referred: 0.1,
  influenced: 0.06,
  delivered: 0.14,
};
/** Of a partner's initiatives, so many are registrations; the others are leads it accepts. */
export const REGISTERED_SHARE = 0.62;
export const DECISIONS = { approved: 0.84, rejected: 0.1, expired: 0.04, withdrawn: 0.02 };
/** Days from registration to the end of a deal. */
export const DEAL_DAYS = [14, 74] as const;
const SECOND_PARTNER = 0.25;
const THIRD_PARTNER = 0.2;
/** Deals that others bring a partner into, for each initiative of its own; fewer in small programs. */
export const TOUCHES_PER_INITIATIVE = REGISTERED_SHARE * SECOND_PARTNER * (1 + THIRD_PARTNER) * 0.97;
const CONFLICT_SHARE = 0.05;
/** Rival registrations come within this many milliseconds. */
export const CONFLICT_WITHIN = 21 * DAY;
const REJECTED_AS_DUPLICATE = 0.65;
const MISTAKEN_AMOUNT = 0.08;
const DIRECT_PER_MONTH = 0.25;
const DIRECT_MEAN = 1_500_000;
const REASONS = ['existing customer', 'incomplete', 'out of territory', 'already in pipeline'];
export const PRODUCTS = ['Core', 'Insight', 'Shield', 'Flow', 'Edge'] as const;
const LEAD_ROLES: Record<string, Role> = { referral: 'referred', influence: 'referred', distributor: 'resold' };
const OTHER_ROLES: readonly Role[] = ['influenced', 'delivered', 'referred'];

/** The deals a partner registers, by month. */
export function registeredDeals(
  partner: Partner,
  territory: Territory,
  accounts: readonly Account[],
  random: Random,
): Deal[] {
  const disturbed = disturbances('business', partner.incidents, partner.training);
  const deals: Deal[] = [];
  for (const month of partner.life) {
    const perMonth = partner.traits.businessPerMonth * REGISTERED_SHARE * activity(partner.traits, month);
    for (const at of drawTimes(perMonth, month, disturbed, random)) {
      if (at < partner.traits.signedOn) continue;
      const id = `D-${partner.traits.id}-${deals.length + 1}`;
      deals.push(registration(id, at, partner, territory, accounts, random));
    }
  }
  return deals;
}

function registration(
  id: string,
  at: Instant,
  partner: Partner,
  territory: Territory,
  accounts: readonly Account[],
  random: Random,
): Deal {
  const { traits } = partner;
  const rival = rivalDeal(territory, at, CONFLICT_WITHIN, CONFLICT_SHARE, random) ?? null;
  const account = rival?.account ?? oneOf(accounts, random);
  const product = rival?.product ?? PRODUCTS[Math.floor(traits.products * random())];
  const role = LEAD_ROLES[traits.type] ?? 'sourced';
  const others = otherTouches(at, partner, territory, random);
  const decidedAt = at + Math.floor(between(1, 9, random) * 86_400) * 1000;
  const decision = decide(rival, isThere(partner.life, decidedAt), random);
  // Nobody joins a deal that was turned down.
  const touches = [{ partner, role, at }, ...others.filter((one) => decision === 'approved' || one.at < decidedAt)];
  return {
    ...begin(id, account, product, traits.dealMinor, random),
    submittedAt: at,
    decidedAt,
    decision,
    rejectReason: decision === 'rejected' ? (rival ? 'duplicate' : oneOf(REASONS, random)) : null,
    touches,
    rival,
    ...close(touches, decision === 'approved' ? decidedAt : null, at + dealLength(random), rival, random),
  };
}

/** What is the same for registered deals and the vendor's own. */
function begin(id: string, account: Account, product: string, meanDollars: number, random: Random) {
  const { currency } = account.country;
  const amount = inCurrency(meanDollars * logNormal(0.6, random), currency);
  const asked = Math.round((amount * between(0.85, 1.3, random)) / 1000) * 1000;
  const mistaken = happens(MISTAKEN_AMOUNT, random) ? amount * 10 : null;
  return { id, account, product, amount, asked, mistaken, currency };
}

function decide(rival: Deal | null, isStillThere: boolean, random: Random): keyof typeof DECISIONS {
  if (rival && happens(REJECTED_AS_DUPLICATE, random)) return 'rejected';
  const names = Object.keys(DECISIONS) as (keyof typeof DECISIONS)[];
  const decision = pick(names, (name) => DECISIONS[name], random);
  return isStillThere ? decision : 'expired';
}

function dealLength(random: Random): number {
  return Math.floor(between(...DEAL_DAYS, random) * 86_400) * 1000;
}

function otherTouches(at: Instant, first: Partner, territory: Territory, random: Random): Touch[] {
  const touches: Touch[] = [];
  const taken = new Set([first.traits.id]);
  for (const share of [SECOND_PARTNER, THIRD_PARTNER]) {
    if (!happens(share, random)) break;
    const partner = neighbour(territory, at, taken, random);
    if (partner === undefined) break;
    taken.add(partner.traits.id);
    const later = happens(0.7, random) ? between(0.1, 1, random) : between(1, 13, random);
    touches.push({ partner, role: oneOf(OTHER_ROLES, random), at: at + Math.floor(later * 86_400) * 1000 });
  }
  return touches;
}

/** How an open deal ends: each partner adds its effect to the chance, and one that has left can't. */
function close(
  touches: readonly Touch[],
  openedAt: Instant | null,
  closedAt: Instant,
  rival: Deal | null,
  random: Random,
): Pick<Deal, 'openedAt' | 'closedAt' | 'outcome' | 'chance'> {
  const chance = touches.reduce((sum, { role }) => sum + ROLE_EFFECTS[role], WIN_WITHOUT_PARTNER);
  const isLucky = happens(chance, random);
  if (openedAt === null) return { openedAt, closedAt: null, outcome: null, chance };
  const allThere = touches.every(({ partner }) => isThere(partner.life, closedAt));
  const taken = rival?.outcome === 'won';
  return { openedAt, closedAt, outcome: isLucky && allThere && !taken ? 'won' : 'lost', chance };
}

/** Deals that the vendor makes without any partner, in the market of the n-th one. */
export function directDeals(n: number, world: World, accounts: readonly Account[]): Deal[] {
  const random = world.random(`direct ${n}`);
  const times = world.calendar.flatMap((month) => drawTimes(DIRECT_PER_MONTH, month, [], random));
  return times.map((openedAt, i) => ({
    ...begin(
      `D-${String(n + 1).padStart(5, '0')}-${i + 1}`,
      oneOf(accounts, random),
      oneOf(PRODUCTS, random),
      DIRECT_MEAN,
      random,
    ),
    submittedAt: null,
    decidedAt: null,
    decision: null,
    rejectReason: null,
    touches: [],
    rival: null,
    ...close([], openedAt, openedAt + dealLength(random), null, random),
  }));
}

/** What of a partner's own registrations is in the works, and since when. */
export function dealsInTheWorks(deals: readonly Deal[]): Prospective[] {
  return deals.flatMap(({ submittedAt, closedAt, decidedAt, chance }) => {
    if (submittedAt === null || decidedAt === null || closedAt === null) return [];
    return [{ from: submittedAt, at: closedAt, chance }];
  });
}
