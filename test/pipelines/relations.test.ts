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

  it('by a watermark under two conditions: each reads its own rows', async () => {
    await createActivity();
    await fill(9);
    const two = ['p0', 'p1'].map((partner) => ({
      to: 'events',
      columns,
      table: 'activity',
      watermark: 'version',
      where: { partner },
    }));
    const mapping = (tables: object[]) => parseMapping({ source: 'crm', tables }, 'crm.json');
    expect((await load(mapping(two))).total).toMatchObject({ stored: 6 });
    expect((await load(mapping(two))).remarks.join()).toMatch(/nothing new.*nothing new/);
  });

  it('by a watermark, by a mapping that changed since: all is read again, and what it says newly is news', async () => {
    await createActivity();
    await fill(9);
    await load(mapped({ table: 'activity', watermark: 'version', where: { partner: 'p0' } }));
    const report = await load(mapped({ table: 'activity', watermark: 'version' }), NOW + 1000);
    expect(report.total).toEqual({ read: 9, stored: 6, duplicate: 3, quarantined: 0 });
    expect(await store.query('select count(*) as n from event where known_at > $1', [new Date(NOW)])).toEqual([
      { n: 6 },
    ]);
  });

  it('by a watermark, from two databases by one mapping: each from its beginning, as history', async () => {
    await createActivity();
    await fill(4);
    const mapping = mapped({ table: 'activity', watermark: 'version' });
    await load(mapping);
    const other = `other_${randomBytes(6).toString('hex')}`;
    await crm.query(`create database ${other}`);
    const url = new URL(address);
    url.pathname = other;
    url.searchParams.delete('options');
    const second = await openPostgres(url.href);
    await second.query(
      "create table activity as select 9 as id, 'p9' as partner, 'portal.login' as what, timestamptz '2024-01-01' as at, 0::bigint as version",
    );
    await second.close();
    const load2 = await ingest(store, [url.href], { mapping, backfill: false, maxBad: 5, now: NOW + 1000 });
    expect(load2.total).toMatchObject({ stored: 1 });
    expect(await store.query("select known_at from event where event_id = '9'")).toEqual([
      { known_at: new Date('2024-01-01') },
    ]);
    await crm.query(`drop database ${other}`);
  });

  it('by a watermark that more rows bear, or changed ones, since it was read last: those are read', async () => {
    await crm.query('create table activity (id int, partner text, what text, at date, version date)');
    const add = (id: number) =>
      crm.query(`insert into activity values (${id}, 'p1', 'portal.login', '2024-01-05', '2024-01-05')`);
    const mapping = mapped({ table: 'activity', watermark: 'version' });
    await add(1);
    await load(mapping);
    await add(2);
    expect((await load(mapping, NOW + 1000)).total).toMatchObject({ read: 2, stored: 1, duplicate: 1 });
    expect((await load(mapping)).remarks.join()).toMatch(/nothing new/);
    await crm.query("update activity set what = 'deal.won' where id = 1");
    await crm.query("insert into activity values (3, 'p1', 'portal.login', '2024-01-05', '2024-01-06')");
    expect((await load(mapping, NOW + 2000)).total).toMatchObject({ read: 3, stored: 2, duplicate: 1 });
    await crm.query("delete from activity where version >= '2024-01-06'");
    expect((await load(mapping)).remarks.join()).toMatch(/nothing new/);
  });

  it('a watermark without an end is none', async () => {
    await crm.query('create table activity (id int, partner text, what text, at date, version timestamptz)');
    const add = (id: number, version: string) =>
      crm.query(`insert into activity values (${id}, 'p1', 'portal.login', '2024-01-05', '${version}')`);
    const mapping = mapped({ table: 'activity', watermark: 'version' });
    await add(1, 'infinity');
    await add(2, '-infinity');
    await add(3, '2024-01-05');
    const report = await load(mapping);
    expect(report.total).toMatchObject({ read: 1, stored: 1 });
    expect(report.remarks.join()).toMatch(/2 rows have no version/);
    await add(4, '2024-01-06');
    expect((await load(mapping)).total).toMatchObject({ read: 1, stored: 1 });
  });

  it('booleans are true and false', async () => {
    await crm.query('create table account (id text, "Is ""Deleted" boolean)');
    await crm.query("insert into account values ('a', true), ('b', false), ('c', null)");
    const mapping = parseMapping(
      {
        source: 'crm',
        tables: [
          {
            to: 'partners',
            table: 'account',
            where: { 'Is "Deleted': { not: 'true' } },
            columns: { partner_id: 'id', name: 'id', tier: 'Is "Deleted' },
          },
        ],
      },
      'crm.json',
    );
    expect((await load(mapping)).total).toMatchObject({ read: 2, stored: 2 });
    expect(await store.query('select partner_id, tier from partner order by 1')).toEqual([
      { partner_id: 'b', tier: 'false' },
      { partner_id: 'c', tier: null },
    ]);
  });

  it('dates are ISO 8601, whatever the address says', async () => {
    await createActivity();
    await fill(2);
    const url = new URL(address);
    url.searchParams.set('options', `${url.searchParams.get('options')} -c DateStyle=German -c TimeZone=Asia/Tokyo`);
    const settings = { mapping: mapped({ table: 'activity' }), backfill: false, maxBad: 5, now: NOW };
    expect((await ingest(store, [url.href], settings)).total).toMatchObject({ stored: 2, quarantined: 0 });
    expect(await store.query('select happened_at from event order by 1 limit 1')).toEqual([
      { happened_at: new Date('2024-01-01') },
    ]);
  });

  it('a field of thousands of lines is one field', async () => {
    await crm.query('create table account (id text, note text)');
    await crm.query(`insert into account values ('a', repeat(E'a,"b"\n', 1500)), ('b', 'x')`);
    const mapping = parseMapping(
      { source: 'crm', tables: [{ to: 'partners', table: 'account', columns: { partner_id: 'id', name: 'id' } }] },
      'crm.json',
    );
    expect((await load(mapping)).total).toEqual({ read: 2, stored: 2, duplicate: 0, quarantined: 0 });
  });

  it('by a select that ends with semicolons', async () => {
    await createActivity();
    await fill(3);
    expect((await load(mapped({ query: 'select * from activity ;\n; ' }))).total).toMatchObject({ stored: 3 });
  });

  it('an index is no table', async () => {
    await createActivity();
    await crm.query('create index events on activity (id)');
    await expect(load()).rejects.toThrow(/nothing to read in/);
  });

  it.each(['me:12/secret@h/db', 'me:12?secret@h/db', 'me:12#secret@h/db', 'me:x/secret@h/db'])(
    'an address whose password is not encoded is refused unseen: postgres://%s',
    async (rest) => {
      const opening = openRelations(`postgres://${rest}`);
      await expect(opening).rejects.toMatchObject({ code: 'USAGE' });
      await expect(opening).rejects.not.toThrow(/secret|12/);
    },
  );

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
