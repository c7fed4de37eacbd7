import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import {
  type Company,
  DAY,
  type FeatureTable,
  type FeatureView,
  type Instant,
  type TraitWords,
  traitsInUse,
  traitView,
} from '../../features/index.ts';
import { type Performance, tellTop } from '../../models/index.ts';
import type { Approached } from '../../models/recruiting/propensity.ts';
import type { TopPartners } from '../../models/recruiting/top-partners.ts';

type Row = Record<string, string>;

/** What the exports of a simulated world show of partners and prospects on the world's last day, and what is true of them. */
export interface RecruitingWorld {
  view: FeatureView<Company>;
  partners: TopPartners;
  /** Those who have not signed. */
  prospects: FeatureTable;
  approached: Approached;
  truth: {
    fit: ReadonlyMap<string, number>;
    accept: ReadonlyMap<string, number>;
    /** By `column=value`: true, noise or consequence. */
    roles: ReadonlyMap<string, string>;
  };
}

const YEAR = 365 * DAY;
/** An approach of less than these days ago may still be answered. */
const ANSWERED_DAYS = 120;
const FURTHER = ['tier', 'owner', 'advisory_board', 'dedicated_engineer', 'status'];

/** Reads a world as the product would: traits of partners as known when they signed and today, what they bring a year. */
export function readRecruitingWorld(directory: string, [start, end]: readonly [Instant, Instant]): RecruitingWorld {
  const rows = (name: string): Row[] => parse(readFileSync(join(directory, name)), { columns: true });
  const attributes = new Map<string, Row[]>();
  for (const row of rows('partner_attributes.csv'))
    attributes.set(row['partner_id'], [...(attributes.get(row['partner_id']) ?? []), row]);
  const partners = rows('partners.csv').filter((row) => Date.parse(row['signed_on']) + DAY < end);
  const versions = new Map<string, Row[]>();
  for (const row of rows('prospects.csv'))
    versions.set(row['prospect_id'], [...(versions.get(row['prospect_id']) ?? []), row]);
  const prospects = [...versions.values()].map((each) => each[each.length - 1]);

  const partnerAt = (row: Row, at: Instant) => companyOf(row, attributes.get(row['partner_id']) ?? [], at);
  const view = viewOf(
    [
      ...partners.map((row) => partnerAt(row, end)),
      ...prospects.map((row) => companyOf(row, [], Number.POSITIVE_INFINITY)),
    ],
    valuesOf(attributes),
  );
  const table = (those: readonly Row[], id: string, company: (row: Row) => Company, at: (row: Row) => Instant) =>
    tableFor(view, those, (row) => row[id], company, at);
  const signing = (row: Row) => Date.parse(row['signed_on']) + DAY;
  const asked = prospects.filter(
    (row) => row['approached_at'] !== '' && Date.parse(row['approached_at']) < end - ANSWERED_DAYS * DAY,
  );
  const records = {
    deals: rows('deals.csv'),
    roles: rows('deal_partners.csv'),
    rates: rows('fx_rates.csv'),
  };
  const known = (row: Row) => companyOf(row, [], Number.POSITIVE_INFINITY);
  return {
    view,
    partners: {
      view,
      whenSigned: table(partners, 'partner_id', (row) => partnerAt(row, signing(row)), signing),
      today: table(
        partners,
        'partner_id',
        (row) => partnerAt(row, end),
        () => end,
      ),
      ...tellTop(performances(partners, records, [start, end])),
    },
    prospects: table(
      prospects.filter((row) => row['signed_partner_id'] === ''),
      'prospect_id',
      known,
      () => end,
    ),
    approached: {
      table: table(asked, 'prospect_id', known, (row) => Date.parse(row['approached_at'])),
      signed: Uint8Array.from(asked, (row) => Number(row['signed_partner_id'] !== '')),
    },
    truth: {
      fit: numbers(rows('truth/prospects.csv'), 'true_fit'),
      accept: numbers(rows('truth/prospects.csv'), 'true_accept'),
      roles: new Map(rows('truth/ipp.csv').map((row) => [row['trait'], row['role']])),
    },
  };
}

function numbers(rows: readonly Row[], name: string): Map<string, number> {
  return new Map(rows.map((row) => [row['prospect_id'], Number(row[name])]));
}

/** A company as known before a moment; attributes of its history come before those of its row. */
function companyOf(row: Row, history: readonly Row[], at: Instant): Company {
  return {
    latest(attribute) {
      const known = history.filter(
        (each) =>
          each['attribute'] === attribute && Date.parse(each['known_at']) < at && Date.parse(each['valid_from']) < at,
      );
      const latest = known.toSorted((a, b) => Date.parse(a['valid_from']) - Date.parse(b['valid_from'])).at(-1);
      return latest?.['value'] ?? (row[attribute] || null);
    },
  };
}

function valuesOf(attributes: ReadonlyMap<string, readonly Row[]>): Record<string, string[]> {
  const all = [...attributes.values()].flat();
  const of = (name: string) => [...new Set(all.filter((row) => row['attribute'] === name).map((row) => row['value']))];
  const further = FURTHER.map((name) => [name, of(name).sort()] as const);
  return { ...Object.fromEntries(further), source: ['inbound', 'event', 'referral', 'list'] };
}

function viewOf(companies: readonly Company[], further: Record<string, readonly string[]>): FeatureView<Company> {
  const traits = traitsInUse();
  for (const company of companies) traits.add(company);
  const words: TraitWords = traits.words();
  return traitView(words, further);
}

function tableFor(
  view: FeatureView<Company>,
  rows: readonly Row[],
  id: (row: Row) => string,
  company: (row: Row) => Company,
  at: (row: Row) => Instant,
): FeatureTable {
  const companies = rows.map(company);
  return {
    names: view.features.map(({ name }) => name),
    entities: rows.map(id),
    cutoffs: Float64Array.from(rows, at),
    columns: view.features.map(({ compute }) => Float32Array.from(companies, (each) => compute(each) ?? Number.NaN)),
    atRisk: new Uint8Array(rows.length).fill(1),
    peers: rows.map(() => ''),
  };
}

/** Business longer ago says little of what a partner brings today; as `pipelines/partner-traits.ts` has it. */
const LONGEST_YEARS = 3;

/**
 * Money in dollars that the deals a partner had a part in won a year, over the time since it signed that is on record,
 * three years at most; compared among its type. The same standing as the product tells.
 */
function performances(
  partners: readonly Row[],
  { deals, roles, rates }: { deals: readonly Row[]; roles: readonly Row[]; rates: readonly Row[] },
  [start, end]: readonly [Instant, Instant],
): Performance[] {
  const since = Math.max(start, end - LONGEST_YEARS * YEAR);
  const dollars = new Map(rates.map(({ currency, day, rate }) => [`${currency} ${day}`, Number(rate)]));
  const won = new Map<string, number>();
  for (const { deal_id: deal, outcome, closed_at: closed, known_at: known, amount, currency } of deals) {
    if (outcome !== 'won' || Date.parse(known) >= end || Date.parse(closed) < since) continue;
    won.set(deal, Number(amount) * (dollars.get(`${currency} ${closed.slice(0, 10)}`) ?? 1));
  }
  const parts = new Map(
    roles.map(({ deal_id: deal, partner_id: partner }) => [`${deal} ${partner}`, { deal, partner }]),
  );
  const values = new Map<string, number>();
  for (const { deal, partner } of parts.values())
    values.set(partner, (values.get(partner) ?? 0) + (won.get(deal) ?? 0));
  return partners.map(({ partner_id: partnerId, signed_on: signedOn, type }) => {
    const signed = Date.parse(signedOn);
    const value = (values.get(partnerId) ?? 0) / ((end - Math.max(since, signed)) / YEAR);
    return { partnerId, tenureDays: (end - signed) / DAY, value, group: type };
  });
}
