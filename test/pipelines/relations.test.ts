import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { canonicalMapping, ingest } from '../../pipelines/index.ts';
import { parseMapping } from '../../pipelines/ingest/mapping.ts';
import { readPieces } from '../../pipelines/ingest/relation-sources.ts';
import { type Database, loads, openRelations } from '../../store/index.ts';
import { openPostgres } from '../../store/postgres.ts';
import { openDatabase } from '../helpers/databases.ts';

const NOW = Date.parse('2024-07-01');

describe('tables of another database', () => {
  let store: Database;
  let crm: Database;
  let address: string;
  const opened: Database[] = [];

  beforeEach(async () => {
    store = await openDatabase();
    const url = new URL(inject('postgresUrl'));
    const schema = `crm_${randomBytes(6).toString('hex')}`;
    const admin = await openPostgres(url.href);
    await admin.query(`create schema ${schema}`);
    await admin.close();
    url.searchParams.set('options', `-c search_path=${schema}`);
    address = url.href;
    crm = await openPostgres(address);
    opened.push(crm);
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  async function fill(rows: number, from = 0): Promise<void> {
    await crm.query(
      `insert into activity select i, 'p' || i % 3, 'portal.login', timestamptz '2024-01-01' + i * interval '1 hour', i / 2
       from generate_series($1::int, $2::int) as i`,
      [from, from + rows - 1],
    );
  }
  const createActivity = () =>
    crm.query('create table activity (id int, partner text, what text, at timestamptz, version bigint)');
  const columns = { event_id: 'id', partner_id: 'partner', kind: 'what', happened_at: 'at' };
  const mapped = (more: object) =>
    parseMapping({ source: 'crm', tables: [{ to: 'events', columns, ...more }] }, 'crm.json');
  const load = (mapping = canonicalMapping(), now = NOW) =>
    ingest(store, [address], { mapping, backfill: false, maxBad: 5, now });
  const events = async () => (await store.query<{ n: number }>('select count(*) as n from event'))[0].n;

  it('that are called as our inputs are need no mapping', async () => {
    await crm.query('create table partners (partner_id text, name text, tier text)');
    await crm.query(`insert into partners values ('p1', 'O''Neil "and" sons,\nLtd', null), ('p2', '', 'gold')`);
    await crm.query(
      "create view events as select 1 as event_id, 'p1' as partner_id, 'deal.won' as kind, date '2024-01-05' as happened_at",
    );
    const report = await ingest(store, [address], {
      mapping: canonicalMapping(),
      backfill: false,
      maxBad: 60,
      now: NOW,
    });
    expect(report.total).toEqual({ read: 3, stored: 2, duplicate: 0, quarantined: 1 });
    expect(report.files.map(({ file }) => file)).toEqual([
      expect.stringMatching(/^postgres:\/\/[^@]+ partners$/),
      expect.stringMatching(/ events$/),
    ]);
    expect(await store.query('select name from partner')).toEqual([{ name: 'O\'Neil "and" sons,\nLtd' }]);
  });

  it('by a select, with what the mapping says of it', async () => {
    await createActivity();
    await fill(10);
    const mapping = mapped({ query: "select * from activity where partner <> 'p0' -- the rest" });
    expect((await load(mapping)).total).toMatchObject({ stored: 6 });
    expect((await load(mapping)).total).toMatchObject({ stored: 0, duplicate: 6 });
  });

  it('by a watermark: each time what is new, and the first reading is history', async () => {
    await createActivity();
    await fill(10);
    const mapping = mapped({ table: 'activity', watermark: 'version' });
    expect((await load(mapping)).total).toMatchObject({ read: 10, stored: 10 });
    expect((await load(mapping)).remarks.join()).toMatch(/nothing new since it was last read/);
    await fill(3, 10);
    await crm.query("insert into activity values (99, 'p1', 'portal.login', '2024-01-01', null)");
    const report = await load(mapping, NOW + 1000);
    expect(report.total).toMatchObject({ read: 3, stored: 3 });
    expect(report.remarks.join()).toMatch(/1 rows have no version, and are not read/);
    const known = await store.query('select event_id, known_at from event order by event_id::int desc limit 4');
    expect(known).toEqual([
      ...[12, 11, 10].map((id) => ({ event_id: String(id), known_at: new Date(NOW + 1000) })),
      { event_id: '9', known_at: new Date('2024-01-01T09:00:00Z') },
    ]);
  });

  it('in pieces, none of which parts rows of one watermark; broken off, they go on where they stopped', async () => {
    await createActivity();
    await fill(11);
    const mapping = mapped({ table: 'activity', watermark: 'version' });
    const relations = await openRelations(address);
    const source = { path: 'x', name: 'x', table: mapping.tables[0], relations, remarks: async () => [] };
    const bounds: [string | null, string | null][] = [];
    let pieces = 0;
    for await (const piece of readPieces(store, source, 'crm', 4)) {
      expect(piece.isHistory).toBe(true);
      bounds.push([piece.piece.after, piece.piece.upTo]);
      await piece.keep(store);
      if (++pieces === 2) break;
    }
    // Versions are 0, 0, 1, 1 … 5: four rows end with version 1, the next four with 3.
    expect(bounds).toEqual([
      [null, '1'],
      ['1', '3'],
    ]);
    const rest: (string | null)[] = [];
    for await (const piece of readPieces(store, source, 'crm', 4)) {
      expect(piece.isHistory).toBe(true);
      rest.push(piece.piece.upTo);
      await piece.keep(store);
    }
    expect(rest).toEqual(['5']);
    await relations.close();
    const again = await openRelations(address);
    for await (const _ of readPieces(store, { ...source, relations: again }, 'crm', 4)) expect.unreachable();
    await again.close();
  });

  it('that vanish half-way: what is stored is whole pieces, and the next load goes on', async () => {
    await createActivity();
    await fill(2000);
    const mapping = mapped({
      query:
        'select *, 1 / (case when version < 990 or current_setting($$application_name$$) = $$x$$ then 1 else 0 end) as broken from activity',
      watermark: 'version',
    });
    await expect(load(mapping)).rejects.toThrow(/cannot be read further: division by zero/);
    await expect(load(mapping)).rejects.toMatchObject({ code: 'DATA_REFUSED' });
    expect(await events()).toBe(0);
    expect(await loads(store)).toEqual([]);
  });

  it('cannot be written to, nor be given more than one select', async () => {
    await createActivity();
    await fill(1);
    await expect(load(mapped({ query: 'delete from activity returning *' }))).rejects.toThrow(/cannot be read further/);
    await expect(
      load(mapped({ query: 'select 1) as a; commit; drop table activity; select * from (select 1' })),
    ).rejects.toThrow(/cannot insert multiple commands/);
    await crm.query('create function harm() returns int language sql as $$ delete from activity returning id $$');
    await expect(load(mapped({ query: 'select *, harm() from activity' }))).rejects.toThrow(/read-only transaction/);
    expect(await crm.query('select id from activity')).toEqual([{ id: 0 }]);
  });

  it.each([
    ['nothing', () => canonicalMapping(), /nothing to read in postgres:.*none of its tables is called partners/],
    ['no such table', () => mapped({ table: 'nope' }), /has no table or view "nope"/],
    ['no such column', () => mapped({ query: 'select 1 as id' }), /no column "partner".*there are id/],
  ])('with %s, an error says so', async (_what, mapping, message) => {
    await expect(load(mapping())).rejects.toThrow(message);
  });

  it('that cannot be reached are an error without the password', async () => {
    const failing = ingest(store, ['postgres://me:secret@127.0.0.1:1/crm'], {
      mapping: canonicalMapping(),
      backfill: false,
      maxBad: 5,
      now: NOW,
    });
    await expect(failing).rejects.toThrow(/^postgres:\/\/127\.0\.0\.1:1\/crm cannot be reached/);
    await expect(failing).rejects.not.toThrow(/secret/);
  });
});
