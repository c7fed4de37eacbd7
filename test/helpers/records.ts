import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, DEFAULT_QUALIFYING_KINDS, type Instant } from '../../features/index.ts';

/** One thing that a partner did or that was done to it, as the exports of a simulated world show it. */
export interface Recorded {
  kind: string;
  happenedAt: Instant;
  knownAt: Instant;
  value: number | null;
}

/** A registration in the records: who takes part in it, when that is known, and what is known of its end. */
export interface RecordedDeal {
  submittedAt: Instant;
  knownAt: Instant;
  decidedKnownAt: Instant;
  approved: boolean;
  closedKnownAt: Instant;
  wonAt: Instant | null;
  /** What was asked for first, and what it came to: minor units of `currency`. */
  asked: number;
  amount: number;
  currency: string;
  partners: { partner: string; role: string; knownAt: Instant }[];
}

/** What the exports say of a partner. */
export interface PartnerRecord {
  id: string;
  type: string;
  industry: string;
  technologies: string[];
  region: string;
  signedOn: Instant;
  /** When its agreement ended, and when that was known. */
  ended: { on: Instant; knownAt: Instant } | null;
  /** Each event once, as first written down. */
  events: Recorded[];
  deals: RecordedDeal[];
}

const NEVER = Number.POSITIVE_INFINITY;
const QUALIFYING = new Set(DEFAULT_QUALIFYING_KINDS);

/** Reads the exports of a world, those under `truth/` left alone. */
export function readRecords(directory: string): PartnerRecord[] {
  const partners = new Map<string, PartnerRecord>();
  for (const row of rows(directory, 'partners.csv')) {
    const [id, , type, , region, , industry, , technologies] = row;
    const own = { id, type, industry, technologies: technologies.split(';'), region, signedOn: Date.parse(row[14]) };
    partners.set(id, { ...own, ended: null, events: [], deals: [] });
  }
  for (const [, id, , , , , endedOn, , knownAt] of rows(directory, 'agreements.csv')) {
    const partner = partners.get(id);
    if (partner && endedOn) partner.ended = { on: Date.parse(endedOn), knownAt: Date.parse(knownAt) };
  }
  for (const [id, events] of readEvents(directory)) partners.get(id)?.events.push(...events);
  for (const deal of readDeals(directory)) {
    for (const { partner } of deal.partners) partners.get(partner)?.deals.push(deal);
  }
  for (const partner of partners.values())
    partner.events.push(...partner.deals.flatMap((deal) => ofDeal(deal, partner.id)));
  return [...partners.values()];
}

/** Things by a text that they have, in the order in which they come. */
export function grouped<Thing>(things: readonly Thing[], by: (thing: Thing) => string): Map<string, Thing[]> {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) groups.set(by(thing), [...(groups.get(by(thing)) ?? []), thing]);
  return groups;
}

/** The values of a file's rows; those after a quoted one can't be trusted. */
function rows(directory: string, name: string): string[][] {
  const lines = readFileSync(join(directory, name), 'utf8').split('\n');
  return lines.slice(1, -1).map((line) => line.split(','));
}

function readEvents(directory: string): Map<string, Recorded[]> {
  const events = new Map<string, Recorded[]>();
  const seen = new Set<string>();
  for (const [id, partner, kind, happenedAt, knownAt, , , , , value] of rows(directory, 'events.csv')) {
    if (seen.has(id)) continue;
    seen.add(id);
    const own = events.get(partner) ?? [];
    events.set(partner, own);
    own.push({
      kind,
      happenedAt: Date.parse(happenedAt),
      knownAt: Date.parse(knownAt),
      value: value === '' ? null : Number(value),
    });
  }
  return events;
}

function readDeals(directory: string): RecordedDeal[] {
  const deals = new Map<string, RecordedDeal>();
  for (const row of rows(directory, 'deals.csv')) {
    const [id, , submittedAt, decidedAt, decision, , , , , , , closedAt, outcome] = row;
    const knownAt = Date.parse(row[14]);
    if (submittedAt === '') continue;
    const deal = deals.get(id) ?? {
      submittedAt: Date.parse(submittedAt),
      knownAt,
      decidedKnownAt: NEVER,
      approved: false,
      closedKnownAt: NEVER,
      wonAt: null,
      asked: Number(row[6]),
      amount: Number(row[6]),
      currency: row[8],
      partners: [],
    };
    deals.set(id, deal);
    if (decidedAt !== '' && deal.decidedKnownAt === NEVER) deal.decidedKnownAt = knownAt;
    deal.approved = decision === 'approved';
    deal.amount = Number(row[6]);
    if (closedAt !== '' && deal.closedKnownAt === NEVER) deal.closedKnownAt = knownAt;
    if (outcome === 'won') deal.wonAt = Date.parse(closedAt);
  }
  for (const [id, partner, role, knownAt] of rows(directory, 'deal_partners.csv')) {
    deals.get(id)?.partners.push({ partner, role, knownAt: Date.parse(knownAt) });
  }
  return [...deals.values()];
}

/** What a deal puts into the event stream of one of its partners. */
function ofDeal(deal: RecordedDeal, id: string): Recorded[] {
  const joined = deal.partners.find(({ partner }) => partner === id)?.knownAt ?? NEVER;
  const from = (knownAt: Instant) => Math.max(knownAt, joined);
  const events = [{ kind: 'deal.registered', happenedAt: deal.submittedAt, knownAt: from(deal.knownAt), value: null }];
  if (deal.wonAt !== null) {
    events.push({ kind: 'deal.won', happenedAt: deal.wonAt, knownAt: from(deal.closedKnownAt), value: null });
  }
  return events;
}

/** Days since the last qualifying event known at a cutoff; null when the partner is not at risk of churn then. */
export function recencyAtRisk({ events, ended }: PartnerRecord, cutoff: Instant): number | null {
  if (ended && ended.knownAt < cutoff && ended.on < cutoff) return null;
  let known = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const { kind, happenedAt, knownAt } of events) {
    if (happenedAt >= cutoff || knownAt >= cutoff || !QUALIFYING.has(kind)) continue;
    known++;
    last = Math.max(last, happenedAt);
  }
  const days = (cutoff - last) / DAY;
  return known >= 3 && days <= 90 ? days : null;
}

/** Whether a partner did no business in the 90 days from a cutoff on, whatever the reason. */
export function wentQuiet({ events }: PartnerRecord, cutoff: Instant): boolean {
  return !events.some(
    ({ kind, happenedAt }) => QUALIFYING.has(kind) && happenedAt >= cutoff && happenedAt < cutoff + 90 * DAY,
  );
}
