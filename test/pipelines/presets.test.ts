import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { ingest, readMapping } from '../../pipelines/index.ts';
import { type Database, eventKinds, stubPartners } from '../../store/index.ts';
import { openDatabase } from '../helpers/databases.ts';

const NOW = Date.parse('2026-06-01');
const fixtures = (vendor: string) => fileURLToPath(new URL(`../fixtures/${vendor}`, import.meta.url));

describe('exports in the words of their vendors', () => {
  let database: Database;
  beforeEach(async () => {
    database = await openDatabase();
  });

  async function load(vendor: string) {
    const settings = { mapping: readMapping(vendor, 'EUR'), backfill: false, maxBad: 0, now: NOW };
    const report = await ingest(database, [fixtures(vendor)], settings);
    expect(report.passedOver).toEqual([]);
    return report.files.map(({ table, stored, left_out }) => [table, stored, left_out]);
  }

  it('Salesforce: accounts that are partners, deals and who had a part in them, fund claims', async () => {
    expect(await load('salesforce')).toEqual([
      ['partners', 5, 5],
      ['accounts', 4, 6],
      ['deals', 8, 1],
      ['deal_partners', 4, 5],
      ['deal_partners', 6, 2],
      ['events', 4, 2],
      ['costs', 3, 3],
    ]);
    const outcomes = await database.query(
      'select outcome, count(*) as deals, count(closed_at) as closed from deal group by 1 order by 1',
    );
    expect(outcomes).toEqual([
      { outcome: 'lost', deals: 2, closed: 2 },
      { outcome: 'open', deals: 3, closed: 0 },
      { outcome: 'won', deals: 3, closed: 3 },
    ]);
    expect(await stubPartners(database)).toBe(0);
    expect(await eventKinds(database)).toMatchObject([
      { kind: 'deal.registered' },
      { kind: 'deal.won' },
      { kind: 'mdf.claimed' },
      { kind: 'deal.lost' },
    ]);
  });

  it('HubSpot: companies that are partners, deals with the companies labelled as their partners', async () => {
    expect(await load('hubspot')).toEqual([
      ['partners', 3, 5],
      ['accounts', 4, 4],
      ['deals', 7, 0],
      ['deal_partners', 4, 3],
    ]);
    const outcomes = await database.query(
      'select outcome, count(*) as deals, count(closed_at) as closed from deal group by 1 order by 1',
    );
    expect(outcomes).toEqual([
      { outcome: 'lost', deals: 2, closed: 2 },
      { outcome: 'open', deals: 3, closed: 0 },
      { outcome: 'won', deals: 2, closed: 2 },
    ]);
  });

  it('Segment and RudderStack: track calls, known when they were received', async () => {
    expect(await load('segment')).toEqual([['events', 8, 3]]);
    const [late] = await database.query<{ days: number }>(
      'select extract(day from max(known_at - happened_at))::int as days from event',
    );
    expect(late.days).toBe(17);
    expect((await eventKinds(database)).map(({ kind }) => kind)).toContain('training.completed');
  });

  it('loaded again, they say nothing new', async () => {
    for (const vendor of ['salesforce', 'hubspot', 'segment']) {
      await load(vendor);
      const mapping = readMapping(vendor, 'EUR');
      const { total } = await ingest(database, [fixtures(vendor)], {
        mapping,
        backfill: false,
        maxBad: 0,
        now: NOW + 1,
      });
      expect(total).toMatchObject({ stored: 0, duplicate: total.read });
    }
  });
});
