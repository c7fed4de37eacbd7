import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalMapping, ingest, retryRefused } from '../../pipelines/index.ts';
import { type Mapping, parseMapping } from '../../pipelines/ingest/mapping.ts';
import { type Database, loads, quarantined } from '../../store/index.ts';
import { drivers } from '../helpers/databases.ts';

const NOW = Date.parse('2024-07-01');
const LATER = NOW + 86_400_000;

describe.each(drivers)('refused rows are tried again, on $name', (driver) => {
  let database: Database;
  let directory: string;
  beforeEach(async () => {
    database = await driver.open();
    directory = mkdtempSync(join(tmpdir(), 'partnercast-retry-'));
  });
  afterEach(async () => {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function load(name: string, text: string, mapping: Mapping = canonicalMapping()) {
    const path = join(directory, name);
    writeFileSync(path, text);
    return ingest(database, [path], { mapping, backfill: false, maxBad: 100, now: NOW });
  }
  const retry = (mapping?: Mapping) => retryRefused(database, LATER, mapping);
  const mapping = (values: Record<string, string>) =>
    parseMapping(
      {
        source: 'crm',
        tables: [
          { to: 'events', columns: { partner_id: 'p', kind: 'stage', happened_at: 'at' }, values: { kind: values } },
        ],
      },
      'crm.json',
    );
  const FILE = ['p;stage;at', 'a;Won;5.1.2024', 'a;Lost;6.1.2024', 'b;"Won;7.1.2024', 'b;Lost;31.1.2024', ''].join(
    '\n',
  );

  it('by a mended mapping: those that pass are stored as of then, the others stay with their line', async () => {
    expect((await load('x.csv', FILE, mapping({ Won: 'deal.won' }))).total).toMatchObject({
      stored: 1,
      quarantined: 3,
    });
    const report = await retry(mapping({ Won: 'deal.won', Lost: 'deal.lost' }));
    expect(report.files).toMatchObject([{ table: 'events', read: 3, stored: 2, duplicate: 0, quarantined: 1 }]);
    expect(await quarantined(database)).toMatchObject([
      { line: 4, raw: 'b;"Won;7.1.2024', file: join(directory, 'x.csv') },
    ]);
    // Dates are read as they were found to be written in the whole file; history is known when it happened.
    expect(await database.query('select kind, happened_at, known_at from event order by happened_at')).toEqual([
      { kind: 'deal.won', happened_at: new Date('2024-01-05'), known_at: new Date('2024-01-05') },
      { kind: 'deal.lost', happened_at: new Date('2024-01-06'), known_at: new Date('2024-01-06') },
      { kind: 'deal.lost', happened_at: new Date('2024-01-31'), known_at: new Date('2024-01-31') },
    ]);
    expect(await loads(database)).toMatchObject([
      { read: 3, stored: 2 },
      { read: 4, stored: 1, quarantined: 3 },
    ]);
  });

  it('and again: what is still wrong stays, and the file loaded anew adds nothing', async () => {
    await load('x.csv', FILE, mapping({ Won: 'deal.won' }));
    const mended = mapping({ Won: 'deal.won', Lost: 'deal.lost' });
    await retry(mended);
    expect((await retry()).files).toMatchObject([{ read: 1, stored: 0, quarantined: 1 }]);
    expect(await quarantined(database)).toHaveLength(1);
    expect((await load('x.csv', FILE, mended)).total).toMatchObject({ stored: 0, duplicate: 3, quarantined: 1 });
  });

  it('rows that say the same count one by one, tried at once or not', async () => {
    const rows = ['p,stage,at', ...Array(2).fill('a,Won,2024-01-05'), ...Array(3).fill('a,Gained,2024-01-05'), ''];
    await load('x.csv', rows.join('\n'), mapping({ Won: 'deal.won' }));
    const mended = mapping({ Won: 'deal.won', Gained: 'deal.won' });
    expect((await retry(mended)).files).toMatchObject([{ stored: 3, duplicate: 0 }]);
    expect(await database.query('select count(*) as n from event')).toEqual([{ n: 5 }]);
    expect((await load('x.csv', rows.join('\n'), mended)).total).toMatchObject({ stored: 0, duplicate: 5 });
  });

  it('from JSON Lines as from CSV', async () => {
    const line = (id: string, name: string) => JSON.stringify({ partner_id: id, name });
    await load('partners.jsonl', [line('p1', 'One'), line('p2', ''), '{', ''].join('\n'));
    await database.query(`update quarantine set raw = replace(raw, '""', '"Two"')`);
    expect((await retry()).files).toMatchObject([{ read: 2, stored: 1, quarantined: 1 }]);
    expect(await quarantined(database)).toMatchObject([{ line: 3, raw: '{' }]);
  });

  it('not by the mapping of another source, nor where the load does not tell how', async () => {
    await load('x.csv', FILE, mapping({ Won: 'deal.won' }));
    const other = { ...mapping({ '*': 'deal.lost' }), source: 'other' };
    expect(await retry(other)).toMatchObject({
      files: [],
      leftAlone: [{ reason: 'it is of the source "crm", and the mapping is of "other"' }],
    });
    await database.query('update load set layout = null');
    expect((await retry()).leftAlone[0].reason).toMatch(/load the file again/);
    expect(await quarantined(database)).toHaveLength(3);
  });

  it('of two ways to read a file as one input, by the one of then; what is left out stays refused', async () => {
    const partners = (kind: string, type: string, where: string = kind) => ({
      to: 'partners',
      where: { kind: where },
      columns: { partner_id: 'id', name: 'name', employees: 'n' },
      constants: { type },
    });
    const both = (...tables: object[]) => parseMapping({ source: 'crm', tables }, 'crm.json');
    const text = 'id,name,kind,n\na,Acme,A,x\nb,Bolt,B,y\n';
    await load('x.csv', text, both(partners('A', 'reseller'), partners('B', 'msp')));
    await database.query("update quarantine set raw = replace(replace(raw, ',x', ',1'), ',y', ',2')");
    await retry(both(partners('A', 'reseller'), partners('B', 'msp')));
    expect(await database.query('select partner_id, type from partner order by 1')).toEqual([
      { partner_id: 'a', type: 'reseller' },
      { partner_id: 'b', type: 'msp' },
    ]);
    await load('y.csv', 'id,name,kind,n\nc,Coda,A,z\n', both(partners('A', 'reseller')));
    const report = await retry(both(partners('A', 'reseller', 'C')));
    expect(report.leftAlone).toMatchObject([{ reason: '1 rows are no partners by the mapping' }]);
    expect(await quarantined(database)).toMatchObject([{ raw: 'c,Coda,A,z' }]);
  });

  it('with days and months in the order that the whole file had', async () => {
    const rows = ['p,stage,at', 'a,Won,13/1/2024', 'a,Lost,5/1/2024', ''];
    await load('x.csv', rows.join('\n'), mapping({ Won: 'deal.won' }));
    await retry(mapping({ Won: 'deal.won', Lost: 'deal.lost' }));
    expect(await database.query('select happened_at from event order by 1')).toEqual([
      { happened_at: new Date('2024-01-05') },
      { happened_at: new Date('2024-01-13') },
    ]);
  });

  it('not where they could not be kept as they were', async () => {
    await load('partners.csv', `partner_id,name,tier\np\u00001,One,\np2,${'x'.repeat(150_000)},\np3,Three,\n`);
    const report = await retry();
    expect(report).toMatchObject({ files: [], leftAlone: [{ reason: expect.stringMatching(/load the file again/) }] });
    expect(await quarantined(database)).toHaveLength(2);
    expect(await database.query('select partner_id from partner')).toEqual([{ partner_id: 'p3' }]);
  });

  it('of nothing, nothing is told', async () => {
    expect(await retry()).toEqual({ files: [], leftAlone: [] });
  });
});
