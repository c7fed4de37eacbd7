import { DAY, formatDay } from '../../features/index.ts';
import { type Account, accountRow, drawAccounts, drawDirectAccounts } from './accounts.ts';
import { demoEvents, everydayEvents, isTracked, marketingEvents } from './activities.ts';
import { agreementRows, drawEnding } from './agreements.ts';
import { attributeRows, consequences, firstTier, otherChanges, tierChanges } from './attributes.ts';
import { conflictRow, conflictsWith } from './conflicts.ts';
import { contactRows } from './contacts.ts';
import { managerCostRows, partnerCostRows } from './costs.ts';
import { attributionRows, dealPartnerRows, dealRows } from './deal-records.ts';
import { type Deal, dealsInTheWorks, directDeals, registeredDeals } from './deals.ts';
import type { Cell, Rows } from './files.ts';
import { hazardRows } from './hazard.ts';
import { incidentRow } from './incidents.ts';
import { drawLeads, leadEvents, leadsInTheWorks } from './leads.ts';
import { makePartner, type Partner } from './partner.ts';
import { matchRow, sharedList, sharedRow, sharingDay } from './partner-accounts.ts';
import { prospectRows, prospectTruthRow, recruit } from './prospects.ts';
import { event, eventRows, type SimulatedEvent } from './recording.ts';
import { subscriptionRows } from './subscriptions.ts';
import { surveyEvents } from './surveys.ts';
import type { Territory } from './territory.ts';
import { extraIn90Days, TRAINING_EFFECT, trainingEvents } from './training.ts';
import { PARTNERS_PER_MANAGER } from './traits.ts';
import { stamp, type World } from './world.ts';

/** The rows that the n-th partner adds to each file; with them it enters its territory. */
export function partnerRows(n: number, territory: Territory, world: World): Rows {
  const { company, signedOn, prospects } = recruit(n, world);
  const partner = makePartner(n, company, signedOn, world);
  const market = world.random(`market ${n}`);
  const accounts = drawAccounts(n, partner.traits, market);
  const directAccounts = drawDirectAccounts(n, partner.traits, market);
  const rows = {
    ...businessRows(partner, territory, accounts, directAccounts, world),
    ...sharedRows(partner, territory, accounts, world),
    'accounts.csv': [
      ...accounts.map((account) => accountRow(account, Math.max(world.start, signedOn))),
      ...directAccounts.map((account) => accountRow(account, world.start)),
    ],
    'contacts.csv': contactRows(partner.traits, partner.contacts, world.end),
    'prospects.csv': prospects.flatMap((prospect) => prospectRows(prospect, world.end)),
    'truth/prospects.csv': prospects.map(prospectTruthRow),
    'truth/incidents.csv': partner.ownIncidents.map(incidentRow),
  };
  territory.partners.push(partner);
  territory.accounts.push(...accounts);
  return rows;
}

/** What a partner and the vendor's own people in its market do, and what it costs. */
function businessRows(
  partner: Partner,
  territory: Territory,
  accounts: readonly Account[],
  directAccounts: readonly Account[],
  world: World,
): Rows {
  const { n, traits, life, contacts, training } = partner;
  const random = world.random(`records ${n}`);
  const own = registeredDeals(partner, territory, accounts, world.random(`deals ${n}`));
  const leads = drawLeads(partner, accounts, world.random(`leads ${n}`));
  const deals = [...own, ...directDeals(n, world, directAccounts)].filter((deal) => beganBefore(world.end, deal));
  const events = [
    ...everydayEvents(partner, world, world.random(`days ${n}`)),
    ...leadEvents(leads, world.random(`lead events ${n}`)),
    ...otherEvents(partner, own, world),
  ].filter((one) => isTracked(one, traits.signedOn, world));
  const conflicts = conflictsWith(own, territory.deals);
  territory.deals.push(...own);
  const initiatives = [...own.map(({ submittedAt }) => submittedAt ?? 0), ...leads.map(({ at }) => at)];
  return {
    ...standingRows(partner, initiatives, world),
    'events.csv': [
      ...eventRows(traits.id, events, contacts, world.end, world.random(`events ${n}`)),
      ...own.flatMap((deal) => meetingRows(deal, world)),
    ],
    'deals.csv': deals.flatMap((deal) => dealRows(deal, world.end, random)),
    'deal_partners.csv': deals.flatMap((deal) => dealPartnerRows(deal, world.end, random)),
    'subscriptions.csv': deals.flatMap((deal) => subscriptionRows(deal, world.end, territory.subscriptions, random)),
    'costs.csv': [
      ...(n % PARTNERS_PER_MANAGER === 0 ? managerCostRows(n / PARTNERS_PER_MANAGER, world) : []),
      ...partnerCostRows(partner, own, events, world),
    ],
    'truth/partners.csv': hazardRows(partner, [...dealsInTheWorks(own), ...leadsInTheWorks(leads)]),
    'truth/attribution.csv': deals.flatMap(attributionRows),
    'truth/conflicts.csv': conflicts.map(conflictRow),
    'truth/training.csv':
      training && training.completedAt < world.end
        ? [[traits.id, stamp(training.completedAt), TRAINING_EFFECT, extraIn90Days(training, traits, life).toFixed(4)]]
        : [],
  };
}

function beganBefore(end: number, { submittedAt, openedAt }: Deal): boolean {
  return (submittedAt ?? openedAt ?? end) < end;
}

/** What happens to a partner now and then. */
function otherEvents(partner: Partner, deals: readonly Deal[], world: World): SimulatedEvent[] {
  const random = world.random(`now and then ${partner.n}`);
  return [
    ...demoEvents(partner, deals, random),
    ...marketingEvents(partner, random),
    ...surveyEvents(partner, random),
    ...(partner.training ? trainingEvents(partner.training, partner.life, random) : []),
  ];
}

/** What the records say a partner is: its own row, its attributes over time and its agreement. */
function standingRows(partner: Partner, initiatives: readonly number[], world: World): Rows {
  const { n, traits, life } = partner;
  const random = world.random(`standing ${n}`);
  const tier = firstTier(partner, world, random);
  const ending = drawEnding(life, random);
  const tiers = tierChanges(partner, tier, initiatives, world);
  const changes = [
    ...tiers,
    ...consequences(tiers, world, random),
    ...otherChanges(partner, world, ending, random),
  ].filter(({ from }) => from < (ending?.on ?? world.end) + DAY);
  return {
    'partners.csv': [partnerRow(partner, tier)],
    'partner_attributes.csv': attributeRows(traits.id, changes, world.end),
    'agreements.csv': agreementRows(traits, ending, world.end),
  };
}

/** A partner as it was when it signed. */
function partnerRow({ traits, parent }: Partner, tier: string): Cell[] {
  const { id, name, type, company, region, website, owner, signedOn, capacity } = traits;
  return [
    id,
    name,
    type,
    company.country.code,
    region,
    company.country.zone,
    company.industry,
    company.employees,
    company.technologies.join(';'),
    capacity,
    website,
    parent,
    owner,
    tier,
    formatDay(signedOn),
    stamp(signedOn),
  ];
}

/** The meetings that other partners had about a deal: this is how they touched it. */
function meetingRows({ id, account, product, touches }: Deal, world: World): Cell[][] {
  return touches.slice(1).flatMap(({ partner, at }) => {
    const meeting = event('meeting.held', at, { seat: 0, account: account.id, deal: id, product });
    const { traits, contacts } = partner;
    if (!isTracked(meeting, traits.signedOn, world)) return [];
    const random = world.random(`meeting ${id} ${traits.id}`);
    return eventRows(traits.id, [meeting], contacts, world.end, random, `${traits.id}-${id}`);
  });
}

/** The list of accounts that a partner shares, if it does, and what is true of it. */
function sharedRows(partner: Partner, territory: Territory, accounts: readonly Account[], world: World): Rows {
  const random = world.random(`shared ${partner.n}`);
  const list = sharedList(partner, accounts, territory.accounts, random);
  const knownAt = sharingDay(partner, world, random);
  if (knownAt >= world.end) return {};
  return {
    'partner_accounts.csv': list.map((shared) => sharedRow(partner, shared, knownAt)),
    'truth/account_matches.csv': list.map((shared) => matchRow(partner, shared)),
  };
}
