import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import { simulate, type WorldSettings } from '../../pipelines/index.ts';
import { RECORDING } from '../../pipelines/simulate/recording.ts';
import { grouped, readRecords } from '../helpers/records.ts';

const WORLD: WorldSettings = { partners: 300, months: 24, seed: 11, end: parseDay('2025-01-01') };
/** DATA.md's columns of every table, in its order; each input may have `known_at` besides. */
const COLUMNS: Record<string, string> = {
  partners:
    'partner_id name type country region time_zone industry employees technologies capacity website parent_partner_id owner tier signed_on',
  partner_attributes: 'partner_id attribute value valid_from known_at',
  agreements: 'agreement_id partner_id program starts_on renews_on notice_days ended_on end_reason',
  contacts: 'contact_id partner_id role email time_zone active_from active_to opted_out_at',
  events:
    'event_id partner_id kind happened_at known_at contact_id account_id deal_id product value currency attributes',
  deals:
    'deal_id account_id submitted_at decided_at decision reject_reason amount margin currency opened_at stage closed_at outcome product',
  deal_partners: 'deal_id partner_id role',
  accounts: 'account_id name website country industry employees parent_account_id',
  subscriptions: 'account_id product mrr currency starts_on ends_on sold_by_partner_id',
  partner_accounts: 'partner_id account_name website country relation',
  costs: 'cost_id partner_id kind amount currency month',
  prospects: 'prospect_id name website country industry employees technologies source approached_at signed_partner_id',
  market: 'segment region companies day',
  fx_rates: 'currency day rate',
};
const TRUTH: Record<string, string> = {
  partners: 'partner_id,cutoff,true_hazard_90',
  prospects: 'prospect_id,true_fit,true_accept',
  incidents: 'level,entity_id,metric,start,end,effect',
  nudges: 'rule,true_effect',
  ipp: 'trait,role',
};

function patternOf(column: string): RegExp {
  if (/_at$|^active_/.test(column)) return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
  if (/_on$|^(day|month)$/.test(column)) return /^\d{4}-\d\d-\d\d$/;
  return /^(amount|margin|mrr|value)$/.test(column) ? /^\d+$/ : /./;
}

describe('a simulated world', () => {
  const made: string[] = [];
  async function make(world: WorldSettings): Promise<string> {
    const directory = mkdtempSync(join(tmpdir(), 'partnercast-world-'));
    made.push(directory);
    await simulate(world, directory);
    return directory;
  }
  const files = (directory: string) =>
    readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.csv'));
  const text = (directory: string, name: string) => readFileSync(join(directory, name), 'utf8');
  const digests = (directory: string) =>
    files(directory).map((name) => createHash('sha256').update(text(directory, name)).digest('hex'));
  const parsed = new Map<string, Record<string, string>[]>();
  const read = (name: string): Record<string, string>[] => {
    const rows = parsed.get(name) ?? parse(text(world, name), { columns: true });
    parsed.set(name, rows);
    return rows;
  };
  let world: string;

  beforeAll(async () => {
    world = await make(WORLD);
  });
  afterAll(() => {
    for (const directory of made) rmSync(directory, { recursive: true, force: true });
  });

  it('is the same to the byte for the same seed, and another for another', async () => {
    expect(digests(await make(WORLD))).toEqual(digests(world));
    const other = digests(await make({ ...WORLD, seed: 12 }));
    // All but the constants of the truth.
    expect(digests(world).filter((digest) => other.includes(digest))).toHaveLength(3);
  });

  it('keeps every partner as it is when there are more of them', async () => {
    const larger = await make({ ...WORLD, partners: 310 });
    for (const name of files(world)) expect(text(larger, name).startsWith(text(world, name)), name).toBe(true);
  });

  it('has more everyday events and the same business when it is more active', async () => {
    const busier = await make({ ...WORLD, activity: 3 });
    expect(text(busier, 'events.csv').length).toBeGreaterThan(1.8 * text(world, 'events.csv').length);
    for (const name of ['deals.csv', 'deal_partners.csv', 'truth/partners.csv', 'prospects.csv']) {
      expect(text(busier, name), name).toBe(text(world, name));
    }
  });

  it("has DATA.md's tables with its columns, and the truth apart", () => {
    const tables = files(world).filter((name) => !name.startsWith('truth'));
    expect(tables.sort()).toEqual(
      Object.keys(COLUMNS)
        .map((table) => `${table}.csv`)
        .sort(),
    );
    for (const [table, columns] of Object.entries(COLUMNS)) {
      const [header] = text(world, `${table}.csv`).split('\n');
      const known = columns.includes('known_at') ? '' : ' known_at';
      expect(header.split(',').join(' '), table).toBe(columns + known);
    }
    for (const [table, columns] of Object.entries(TRUTH)) {
      expect(text(world, `truth/${table}.csv`).startsWith(columns), table).toBe(true);
    }
    expect(read('partners.csv')).toHaveLength(300);
    expect(new Set(read('partners.csv').map(({ name }) => name)).size).toBe(300);
  });

  it('writes instants and days as ISO text, money as whole minor units, and something in each table', () => {
    for (const table of Object.keys(COLUMNS)) {
      const rows = read(`${table}.csv`);
      expect(rows.length, table).toBeGreaterThan(0);
      const cells = rows.flatMap((row) => Object.entries(row));
      const odd = cells.filter(([column, value]) => value !== '' && !patternOf(column).test(value));
      expect(table === 'partner_attributes' ? [] : odd, table).toEqual([]);
    }
  });

  it('holds nothing that was not on record at its end, and nothing known before it happened', () => {
    for (const table of Object.keys(COLUMNS)) {
      const late = read(`${table}.csv`).filter(({ known_at }) => !(Date.parse(known_at) < WORLD.end));
      expect(late, table).toEqual([]);
    }
    expect(read('events.csv').filter(({ happened_at, known_at }) => happened_at > known_at)).toEqual([]);
    for (const { known_at, submitted_at, decided_at, opened_at, closed_at } of read('deals.csv')) {
      const happened = [submitted_at, decided_at, opened_at, closed_at].filter((at) => at !== '');
      expect(happened.every((at) => at <= known_at)).toBe(true);
    }
  });

  it('names only partners, contacts and accounts that there are', () => {
    const ids = (name: string, column: string) => new Set(read(name).map((row) => row[column]));
    const partners = ids('partners.csv', 'partner_id');
    const accounts = ids('accounts.csv', 'account_id');
    const contacts = ids('contacts.csv', 'contact_id');
    const within = (known: Set<string>, name: string, column: string) => {
      const missing = [...ids(name, column)].filter((id) => id !== '' && !known.has(id));
      expect(missing, `${name} ${column}`).toEqual([]);
    };
    for (const name of ['events', 'deal_partners', 'agreements', 'contacts', 'partner_attributes', 'costs']) {
      within(partners, `${name}.csv`, 'partner_id');
    }
    within(partners, 'prospects.csv', 'signed_partner_id');
    within(partners, 'subscriptions.csv', 'sold_by_partner_id');
    within(partners, 'partners.csv', 'parent_partner_id');
    for (const name of ['deals', 'events', 'subscriptions']) within(accounts, `${name}.csv`, 'account_id');
    within(contacts, 'events.csv', 'contact_id');
  });

  it('leaves deals to their own tables, with versions that show what was known by then', () => {
    expect(read('events.csv').filter(({ kind }) => kind.startsWith('deal.'))).toEqual([]);
    const versions = grouped(read('deals.csv'), ({ deal_id }) => deal_id);
    for (const [id, all] of versions) {
      const known = all.map(({ known_at }) => Date.parse(known_at));
      expect(known, id).toEqual([...known].sort((a, b) => a - b));
      expect(all[0].outcome, id).toBe('open');
      expect(all.at(0)?.closed_at, id).toBe('');
    }
    const corrected = [...versions.values()].filter((all) => all.filter(({ stage }) => stage === 'closed').length > 1);
    expect(corrected.length).toBeGreaterThan(20);
    expect(corrected.every((all) => Number(all.at(-1)?.amount) < Number(all.at(-2)?.amount))).toBe(true);
    expect(new Set(read('deals.csv').map(({ currency }) => currency))).toEqual(new Set(['USD', 'EUR', 'GBP']));
  });

  it('is late, corrected and repeated at the shares that it says', () => {
    const rows = read('events.csv');
    const first = [...grouped(rows, ({ event_id }) => event_id).values()];
    const late = first.filter(([row]) => Date.parse(row.known_at) - Date.parse(row.happened_at) > 2 * 86_400_000);
    // Of those that are late by design some are less than two days so.
    expect(late.length / first.length / RECORDING.late).toBeGreaterThan(0.7);
    expect(late.length / first.length / RECORDING.late).toBeLessThan(1.1);
    const corrected = first.filter((all) => new Set(all.map((row) => JSON.stringify(row))).size > 1);
    expect(corrected.length / first.length / RECORDING.corrected).toBeCloseTo(1, 0);
    const repeated = first.filter((all) => new Set(all.map((row) => JSON.stringify(row))).size < all.length);
    expect(repeated.length / first.length / RECORDING.duplicated).toBeCloseTo(1, 0);
  });

  it('tracks some kinds only from a later day on', () => {
    const rows = read('events.csv');
    const start = (kind: string) =>
      rows
        .filter((row) => row.kind === kind)
        .map((row) => row.happened_at)
        .sort()[0];
    expect(start('portal.login') < '2023-01-08').toBe(true);
    expect(start('content.viewed') >= '2023-07-01').toBe(true);
    expect(start('meeting.held') >= '2023-03-31').toBe(true);
  });

  it('has partners that never sell, that never log in, that were ended by us and that merged', () => {
    const kinds = readRecords(world).map(({ events }) => new Set(events.map(({ kind }) => kind)));
    expect(kinds.filter((of) => !of.has('deal.registered') && of.has('portal.login')).length).toBeGreaterThan(5);
    expect(kinds.filter((of) => of.has('deal.registered') && !of.has('portal.login')).length).toBeGreaterThan(5);
    const reasons = new Set(read('agreements.csv').map(({ end_reason }) => end_reason));
    expect(reasons).toEqual(new Set(['', 'partner', 'vendor', 'merged']));
  });

  it('has every kind of event and cost, and tiers that change', () => {
    expect([...new Set(read('events.csv').map(({ kind }) => kind))].sort()).toEqual([
      'campaign.launched',
      'certification.earned',
      'certification.expired',
      'content.downloaded',
      'content.viewed',
      'demo.requested',
      'lead.accepted',
      'lead.converted',
      'mdf.claimed',
      'mdf.requested',
      'meeting.held',
      'portal.login',
      'support.opened',
      'survey.answered',
      'survey.sent',
      'training.completed',
      'training.started',
    ]);
    const kinds = new Set(read('costs.csv').map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['mdf', 'incentive', 'enablement', 'headcount', 'tools']));
    expect(read('costs.csv').some(({ partner_id }) => partner_id === '')).toBe(true);
    const tiers = grouped(
      read('partner_attributes.csv').filter(({ attribute }) => attribute === 'tier'),
      ({ partner_id }) => partner_id,
    );
    expect([...tiers.values()].filter((all) => all.length > 1).length).toBeGreaterThan(60);
  });
});
