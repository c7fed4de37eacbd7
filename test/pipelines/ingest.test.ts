import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, formatDay, parseDay } from '../../features/index.ts';
import { canonicalMapping, ingest, type Mapping, readMapping } from '../../pipelines/index.ts';
import { inputs } from '../../pipelines/ingest/inputs.ts';
import { parseMapping } from '../../pipelines/ingest/mapping.ts';
import { type Database, factsIn, inputTables, loads, quarantined, stubPartners } from '../../store/index.ts';
import { drivers } from '../helpers/databases.ts';

const NOW = parseDay('2024-07-01') + 9 * 3_600_000;
const HEADER = 'event_id,partner_id,kind,happened_at,value,currency';

it('inputs and their tables have the same columns in the same order', () => {
  for (const { name, columns, id, ofPartner } of inputs) {
    expect(inputTables[name].ofPartner).toBe(ofPartner);
    expect(columns.map((column) => column.stored ?? column.name)).toEqual(
      inputTables[name].columns.map(([column]) => column),
    );
    expect(inputTables[name].id).toBe(id);
  }
});

describe.each(drivers.map((driver) => [driver.name, driver] as const))('ingest into %s', (_, driver) => {
  let database: Database;
  let directory: string;

  beforeEach(async () => {
    database = await driver.open();
    directory = mkdtempSync(join(tmpdir(), 'partnercast-ingest-'));
  });
  afterEach(async () => {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function write(name: string, content: string | Buffer): string {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  }

  function load(path: string, more: { mapping?: Mapping; backfill?: boolean; maxBad?: number; now?: number } = {}) {
    return ingest(database, [path], { mapping: canonicalMapping(), backfill: false, maxBad: 5, now: NOW, ...more });
  }

  const lines = (...rows: string[]) => `${[HEADER, ...rows].join('\n')}\n`;
  const good = (count: number, from = 0) =>
    Array.from({ length: count }, (__, i) => `e${from + i},p1,portal.login,2024-01-05,,`);
  const versions = () =>
    database.query<{ event_id: string; value: number | null; known_at: Date }>(
      'select event_id, value, known_at from event order by event_id, known_at',
    );

  describe('good input', () => {
    it('loaded twice changes nothing', async () => {
      const file = write('events.csv', lines(...good(3)));
      expect((await load(file)).total).toEqual({ read: 3, stored: 3, duplicate: 0, quarantined: 0 });
      expect((await load(file, { now: NOW + DAY })).total).toEqual({
        read: 3,
        stored: 0,
        duplicate: 3,
        quarantined: 0,
      });
      expect(await versions()).toHaveLength(3);
    });

    it('rows that repeat without an id are all facts, and still loaded once', async () => {
      const text =
        'partner_id,kind,happened_at\np,contribution.made,2024-01-05\np,contribution.made,2024-01-05\nq,contribution.made,2024-01-05\n';
      const file = write('events.csv', text);
      expect((await load(file)).total).toMatchObject({ stored: 3, duplicate: 0 });
      expect((await load(file)).total).toMatchObject({ stored: 0, duplicate: 3 });
      const longer = write('events-2.csv', `${text}p,contribution.made,2024-01-05\n`);
      expect((await load(longer)).total).toMatchObject({ stored: 1, duplicate: 3 });
    });

    it('is known when it happened on the first load of a source, from the load on later ones, as happened with backfill', async () => {
      await load(write('events.csv', lines(...good(1))));
      const second = await load(write('events-2.csv', lines(...good(1, 10))));
      const third = await load(write('events-3.csv', lines(...good(1, 20))), { backfill: true });
      const known = await versions();
      expect(known.map(({ known_at }) => known_at.getTime())).toEqual([
        parseDay('2024-01-05'),
        NOW,
        parseDay('2024-01-05'),
      ]);
      expect([second.knownFromToday.length, third.knownFromToday.length]).toEqual([1, 0]);
    });

    it('a file of two versions of a key loaded again changes nothing, nor does it move the watermark', async () => {
      const file = write('events.csv', lines('e1,p1,deal.won,2024-01-05,1,', 'e1,p1,deal.won,2024-01-05,2,'));
      const watermark = () => factsIn(database, 'USD').watermark(new Set(['deal.won']));
      await load(file);
      const before = await watermark();
      for (const days of [1, 2]) {
        const again = await load(file, { now: NOW + days * DAY });
        expect(again.total).toEqual({ read: 2, stored: 0, duplicate: 2, quarantined: 0 });
      }
      expect(await versions()).toHaveLength(2);
      expect(before).toBe(parseDay('2024-01-05') + 1);
      expect(await watermark()).toBe(before);
    });

    it('a first file without rows leaves the next one the first', async () => {
      await load(write('events-none.csv', lines()));
      await load(write('events.csv', lines(...good(1))), { now: NOW + DAY });
      expect((await versions())[0].known_at.getTime()).toBe(parseDay('2024-01-05'));
    });

    it('two loads at once follow one another', async () => {
      const file = write('events.csv', lines(...good(50)));
      const both = await Promise.all([load(file), load(file)]);
      expect(both.map(({ total }) => total.stored).sort()).toEqual([0, 50]);
    });

    it('has the declared lag', async () => {
      const mapping = { ...canonicalMapping(), source: 'slow', lagDays: 3 };
      await load(write('events.csv', lines(...good(1))), { mapping });
      expect((await versions()).map(({ known_at }) => formatDay(known_at.getTime()))).toEqual(['2024-01-08']);
    });

    it('a repeated key with new content is a new version, and the old one stays', async () => {
      await load(write('events.csv', lines('e1,p1,deal.won,2024-01-05,100,USD')));
      const again = await load(write('events-2.csv', lines('e1,p1,deal.won,2024-01-05,250,USD')));
      expect(again.total).toMatchObject({ stored: 1, duplicate: 0 });
      expect((await versions()).map(({ value, known_at }) => [value, known_at.getTime()])).toEqual([
        [100, parseDay('2024-01-05')],
        [250, NOW],
      ]);
      const back = await load(write('events-3.csv', lines('e1,p1,deal.won,2024-01-05,100,USD')), { now: NOW + DAY });
      expect(back.total).toMatchObject({ stored: 1 });
    });

    it('within one file the later row of a key stands', async () => {
      await load(
        write(
          'events.csv',
          lines(
            'e1,p1,deal.won,2024-01-05,1,USD',
            'e1,p1,deal.won,2024-01-05,2,USD',
            'e1,p1,deal.won,2024-01-05,2,USD',
          ),
        ),
      );
      const known = await versions();
      expect(known.map(({ value }) => value)).toEqual([1, 2]);
      expect(known[1].known_at.getTime() - known[0].known_at.getTime()).toBe(1);
    });

    it('explicit known_at makes versions in any order of arrival', async () => {
      const header = 'event_id,partner_id,kind,happened_at,known_at,value';
      const row = (known: string, value: number) => `e1,p1,survey.answered,2024-01-05,${known},${value}`;
      await load(write('events.csv', `${header}\n${row('2024-03-01', 7)}\n${row('2024-02-01', 5)}\n`));
      const more = await load(write('events-2.csv', `${header}\n${row('2024-02-15', 5)}\n${row('2024-03-01', 7)}\n`));
      // What is said again of a later day is kept: it stands against what may still come between.
      expect(more.total).toEqual({ read: 2, stored: 1, duplicate: 1, quarantined: 0 });
      expect((await versions()).map(({ value }) => value)).toEqual([5, 5, 7]);
    });

    it('partners, agreements and events come together, and who is named only is a stub', async () => {
      write('partners.csv', 'partner_id,name,type,employees,signed_on\np1,"Ünï, Inc.",MSP,120,2023-05-01\n');
      write('agreements.csv', 'agreement_id,partner_id,starts_on,renews_on\na1,p1,2023-05-01,2025-05-01\n');
      write(
        'events.csv',
        lines('e1,p1,portal.login,2024-01-05T10:00:00+02:00,,', 'e2,stranger,portal.login,2024-01-05,,'),
      );
      const report = await load(directory);
      expect(report.files.map(({ table }) => table)).toEqual(['partners', 'agreements', 'events']);
      expect(await stubPartners(database)).toBe(1);
      const [event] = await database.query<{ happened_at: Date }>(
        "select happened_at from event where event_id = 'e1'",
      );
      expect(event.happened_at.toISOString()).toBe('2024-01-05T08:00:00.000Z');
      expect(await database.query('select name, type, employees, signed_on from partner')).toEqual([
        { name: 'Ünï, Inc.', type: 'msp', employees: 120, signed_on: '2023-05-01' },
      ]);
    });

    it('foreign files come in by a mapping: joined columns, translated values, constants, own dates, whole money', async () => {
      const mapping = parseMapping(
        {
          source: 'crm',
          tables: [
            {
              to: 'events',
              columns: { partner_id: ['region', 'no'], kind: 'stage', happened_at: 'when', value: 'amount' },
              joined_by: '-',
              constants: { currency: 'EUR' },
              values: { kind: { 'Closed Won': 'deal.won', '*': 'deal.registered' } },
              attributes: ['note'],
              date_format: 'd.M.yyyy HH:mm',
              delimiter: ';',
              money: 'major',
            },
          ],
        },
        'test',
      );
      const file = write(
        'export.csv',
        'region;no;stage;when;amount;note\nEU;7;Closed Won;5.1.2024 13:45;1234.5;hello\nEU;7;Qualified;15.01.2024 08:00;;\n',
      );
      expect((await load(file, { mapping })).total).toMatchObject({ stored: 2, quarantined: 0 });
      expect(
        await database.query(
          'select partner_id, kind, happened_at, value, currency, attributes from event order by happened_at',
        ),
      ).toEqual([
        {
          partner_id: 'EU-7',
          kind: 'deal.won',
          happened_at: new Date('2024-01-05T13:45:00Z'),
          value: 123_450,
          currency: 'EUR',
          attributes: { note: 'hello' },
        },
        {
          partner_id: 'EU-7',
          kind: 'deal.registered',
          happened_at: new Date('2024-01-15T08:00:00Z'),
          value: null,
          currency: 'EUR',
          attributes: null,
        },
      ]);
    });
  });

  describe('several versions of a key without known_at', () => {
    const tiers = () => database.query<{ tier: string }>('select tier from partner order by known_at');
    const snapshot = (tier: string) => `partner_id,name,tier\np1,One,${tier}\n`;

    it.each([
      [['bronze', 'silver', 'gold']],
      [['bronze', 'silver', 'bronze']],
      [['bronze', 'silver', 'bronze', 'silver', 'bronze']],
    ])('%j, a snapshot each, all in one directory: one version each, the last one stands', async (versions) => {
      for (const [i, tier] of versions.entries()) write(`partners-${i}.csv`, snapshot(tier));
      expect((await load(directory)).total).toMatchObject({ stored: versions.length, duplicate: 0 });
      expect(await tiers()).toEqual(versions.map((tier) => ({ tier })));
    });

    const instants = ['10:00:00.000Z,1', '10:00:00.000Z,2', '10:00:00.001Z,3'];
    const undated = [
      'event_id,partner_id,kind,happened_at,value',
      ...instants.map((each) => `e1,p1,a,2024-02-05T${each}`),
      '',
    ];

    it('of nearly one instant do not collide', async () => {
      const file = write('events.csv', undated.join('\n'));
      expect((await load(file)).total).toMatchObject({ stored: 3 });
      expect((await versions()).map(({ value }) => value)).toEqual([1, 2, 3]);
      expect((await load(file, { now: NOW + DAY })).total).toMatchObject({ stored: 0, duplicate: 3 });
    });

    it('newest first are history in the order in which they happened, and say nothing new when loaded again', async () => {
      const rows = ['e1,p1,a,2024-02-05,2', 'e1,p1,a,2024-01-05,1'];
      const file = write('events.csv', ['event_id,partner_id,kind,happened_at,value', ...rows, ''].join('\n'));
      await load(file);
      expect((await versions()).map(({ value }) => value)).toEqual([1, 2]);
      expect((await load(file, { now: NOW + DAY })).total).toMatchObject({ stored: 0, duplicate: 2 });
    });

    it('that go back to what stood are kept, up to the last word of the file', async () => {
      const file = (name: string, ...values: number[]) => {
        const rows = values.map((value) => `e1,p1,a,2024-02-05,${value}`);
        return write(name, ['event_id,partner_id,kind,happened_at,value', ...rows, ''].join('\n'));
      };
      await load(file('events-1.csv', 2));
      await load(file('events-2.csv', 2, 0, 2), { now: NOW + DAY });
      expect((await versions()).map(({ value }) => value)).toEqual([2, 0, 2]);
    });

    it('beside dated ones: what meets a dated row of the same instant and contradicts it is refused', async () => {
      const header = 'event_id,partner_id,kind,happened_at,known_at,value';
      const rows = ['e1,p1,a,2024-01-05,2024-02-05,1', 'e1,p1,a,2024-02-05,,2', 'e1,p1,a,2024-01-05,2024-02-05,1'];
      const report = await load(write('events.csv', [header, ...rows, ''].join('\n')), { maxBad: 50 });
      expect(report.total).toEqual({ read: 3, stored: 1, duplicate: 1, quarantined: 1 });
    });
  });

  it('what breaks off late is refused with its reason, and the store goes on', async () => {
    const rows = good(30_000).join('\n');
    const broken = write('events.csv', Buffer.concat([Buffer.from(`${HEADER}\n${rows}\n`), Buffer.from([0xff, 0x0a])]));
    await expect(load(broken)).rejects.toThrow(/the file is not UTF-8: there is an invalid byte after byte \d{6}/);
    expect((await load(write('events.csv', lines(...good(3))))).total).toMatchObject({ stored: 3 });
  });

  it('tables of the same names as those of its work are left alone', async () => {
    for (const name of ['staged', 'refused', 'held']) await database.query(`create table ${name} (precious int)`);
    await load(write('events.csv', lines(...good(3), good(1)[0])));
    for (const name of ['staged', 'refused', 'held']) {
      expect(await database.query('select 1 as there where to_regclass($1) is not null', [name])).toEqual([
        { there: 1 },
      ]);
    }
  });

  it('an amount in whole units is refused where its cents are too many to be exact', async () => {
    const mapping = parseMapping(
      {
        source: 's',
        tables: [
          {
            to: 'events',
            columns: { partner_id: 'p', kind: 'k', happened_at: 'w', value: 'v' },
            constants: { currency: 'USD' },
            money: 'major',
          },
        ],
      },
      'test',
    );
    const rows = Array.from({ length: 30 }, (_, i) => `p,deal.won,2024-01-05,${i}`);
    const file = write('export.csv', ['p,k,w,v', ...rows, 'p,deal.won,2024-01-05,900719925474099', ''].join('\n'));
    expect((await load(file, { mapping })).total).toMatchObject({ stored: 30, quarantined: 1 });
    expect(await database.query('select "column", reason from quarantine')).toEqual([
      { column: 'v', reason: '900719925474099 is too large to be exact' },
    ]);
  });

  it('of a refused row of any size the first 100,000 characters are kept', async () => {
    const long = `e1,p1,portal.login,${'x'.repeat(200_000)},,`;
    await load(write('events.csv', lines(long, ...good(30))));
    expect(await database.query('select length(raw) as kept, whole from quarantine')).toEqual([
      { kept: 100_000, whole: false },
    ]);
  });

  describe('bad rows are quarantined, each with file, line, column, reason and text', () => {
    it.each([
      ['e1,p1,portal.login', null, /3 fields, where the header has 6/],
      ['e1,p1,portal.login,2024-01-05,,,more', null, /7 fields, where the header has 6/],
      ['e1,p1,"portal.login,2024-01-05,,', null, /quotes of this row do not match/],
      ['e1,,portal.login,2024-01-05,,', 'partner_id', /is empty, and must not be/],
      ['e1,p1,portal.login,05/01/2024,,', 'happened_at', /"05\/01\/2024" is not a date: expected yyyy-MM-dd/],
      ['e1,p1,portal.login,2024-02-30,,', 'happened_at', /no day or time that exists/],
      ['e1,p1,portal.login,9999-01-01,,', 'happened_at', /lies outside/],
      ['e1,p1,portal.login,2024-07-02,,', 'happened_at', /lies after now/],
      ['e1,p1,deal.won,2024-01-05,NaN,USD', 'value', /"NaN" is not a number/],
      ['e1,p1,deal.won,2024-01-05,1e308,USD', 'value', /too large to be exact/],
      ['e1,p1,deal.won,2024-01-05,12.5,USD', 'value', /no whole number of minor units .* "money": "major"/],
      ['e1,p1,deal.won,2024-01-05,"1,200",USD', 'value', /"1,200" is not a number/],
      ['e1,p1,deal.won,2024-01-05,12,XXZ', 'currency', /not an ISO 4217/],
      ['e1,p1,Deal Won,2024-01-05,,', 'kind', /"Deal Won" is no kind: write dotted lower-case words/],
      ['e1,p1\u0000,portal.login,2024-01-05,,', 'partner_id', /control character/],
      [`e1,${'p'.repeat(600)},portal.login,2024-01-05,,`, 'partner_id', /id of 600 bytes/],
      [`e1,${'宇'.repeat(200)},portal.login,2024-01-05,,`, 'partner_id', /id of 600 bytes/],
      ['e1,p1,portal.login,0024-01-05,,', 'happened_at', /no day or time that exists/],
      ['e1,p1,portal.login,2024-03-01T00:00:00+99:00,,', 'happened_at', /offset from UTC that no place has/],
      ['e1,p1\u009b31m,portal.login,2024-01-05,,', 'partner_id', /control character/],
    ])('%s', async (row, column, reason) => {
      const report = await load(write('events.csv', lines(row, ...good(30))));
      expect(report.total).toEqual({ read: 31, stored: 30, duplicate: 0, quarantined: 1 });
      const [refused] = await quarantined(database);
      expect(refused).toMatchObject({ file: join(directory, 'events.csv'), line: 2, column });
      expect(refused.reason).toMatch(reason);
      expect(refused.raw).toBe(row.replace('\0', '␀'));
    });

    it.each([String.raw`{"a":"\u0000"}`, String.raw`{"a":"\ud800"}`, '[1]', '{'])('attributes %s', async (json) => {
      const quoted = `"${json.replaceAll('"', '""')}"`;
      const row = (id: number, attributes: string) => `e${id},p1,portal.login,2024-01-05,${attributes}`;
      const rows = [row(0, quoted), ...Array.from({ length: 30 }, (__, i) => row(i + 1, ''))];
      const text = `event_id,partner_id,kind,happened_at,attributes\n${rows.join('\n')}\n`;
      expect((await load(write('events.csv', text))).total).toMatchObject({ stored: 30, quarantined: 1 });
      expect((await quarantined(database))[0].column).toBe('attributes');
    });

    it('a NUL where nothing reads it does no harm', async () => {
      const text = 'event_id,partner_id,kind,happened_at,known_at,note\ne1,p,portal.login,2024-01-05,2024-01-06,a\0b\n';
      expect((await load(write('events.csv', text))).total).toMatchObject({ stored: 1 });
    });

    it('odd but good ids and numbers are kept as they are', async () => {
      const report = await load(
        write(
          'events.csv',
          lines('1,"o\'brien ""& co"" 😀 עברית",deal.won,2024-01-05,-0,USD', '2,p,deal.won,2024-01-05,-500,USD'),
        ),
      );
      expect(report.total).toMatchObject({ stored: 2 });
      expect(await database.query('select partner_id, value from event order by event_id')).toEqual([
        { partner_id: 'o\'brien "& co" 😀 עברית', value: 0 },
        { partner_id: 'p', value: -500 },
      ]);
    });

    it('two truths of the same key and known_at: the first stands, the other is refused', async () => {
      const header = 'event_id,partner_id,kind,happened_at,known_at,value';
      const row = (value: number) => `e1,p1,survey.answered,2024-01-05,2024-01-06,${value}`;
      const report = await load(write('events.csv', `${header}\n${row(7)}\n${row(8)}\n${row(7)}\n`), { maxBad: 50 });
      expect(report.total).toEqual({ read: 3, stored: 1, duplicate: 1, quarantined: 1 });
      expect(await quarantined(database)).toMatchObject([{ line: 3, column: 'known_at', raw: row(8) }]);
    });
  });

  describe('a file is refused whole, and nothing of the load is stored', () => {
    const refusals: [string, string | Buffer, RegExp][] = [
      ['is empty', '', /events\.csv is refused: it is empty, where a header line was expected/],
      [
        'is in another encoding',
        Buffer.from(`${HEADER}\ne1,Müller,portal.login,2024-01-05,,\n`, 'latin1'),
        /is refused: the file is not UTF-8/,
      ],
      ['has a column twice', 'partner_id,kind,kind,happened_at\n', /has the column "kind" twice/],
      [
        'lacks a column',
        'partner_id,kind,happend_at\np,portal.login,2024-01-05\n',
        /no column "happened_at" \(did you mean "happend_at"\?\)/,
      ],
      ['has too many bad rows', lines('x', ...good(10)), /1 of 11 rows are bad, more than 5 %.*line 2: 1 fields/s],
    ];

    it.each(refusals)('when it %s', async (_what, content, message) => {
      write('partners.csv', 'partner_id,name\np1,One\n');
      write('events.csv', content);
      const loading = load(directory);
      await expect(loading).rejects.toThrow(message);
      await expect(loading).rejects.toMatchObject({ code: 'DATA_REFUSED' });
      expect(await loads(database)).toEqual([]);
      expect(await database.query('select 1 from partner')).toEqual([]);
    });

    it('but more may be allowed, and a header alone is no fault', async () => {
      expect((await load(write('events.csv', lines('x', ...good(10))), { maxBad: 10 })).total.quarantined).toBe(1);
      expect((await load(write('events-none.csv', lines()))).total.read).toBe(0);
    });
  });

  it('a kill half-way leaves nothing behind: one load is one transaction', async () => {
    write('partners.csv', 'partner_id,name\np1,One\n');
    write('events.csv', lines(...good(10)));
    const killed = {
      ...database,
      transaction: (work: (t: Database) => Promise<unknown>) =>
        database.transaction(async (transaction) => {
          await work(transaction);
          throw new Error('killed');
        }),
    } as Database;
    const settings = { mapping: canonicalMapping(), backfill: false, maxBad: 5, now: NOW };
    await expect(ingest(killed, [directory], settings)).rejects.toThrow('killed');
    expect(await loads(database)).toEqual([]);
    expect((await load(directory)).total).toMatchObject({ stored: 11 });
  });
});

describe('what to read', () => {
  it.each([
    [{ source: 'x', tables: [{ to: 'event', columns: {} }] }, /maps to "event" \(did you mean "events"\?\)/],
    [
      { source: 'x', tables: [{ to: 'events', columns: { partner: 'p' } }] },
      /events has no column "partner" \(did you mean "partner_id"\?\)/,
    ],
    [
      { source: 'x', tables: [{ to: 'events', columns: {}, dateformat: 'x' }] },
      /there is no "dateformat" \(did you mean "date_format"\?\)/,
    ],
    [{ source: 'x', lag: 1, tables: [{ to: 'events', columns: {} }] }, /there is no "lag"/],
    [{ source: 'x', tables: [{ to: 'events', columns: {}, date_format: 'dd.MM.y' }] }, /"y" is none of yyyy/],
    [{ source: 'x', tables: [{ to: 'events', columns: {}, date_format: 'dd.MM' }] }, /has no year/],
    [{ source: 'x', tables: [{ to: 'partners', columns: {}, attributes: ['a'] }] }, /only events keep attributes/],
    [{ tables: [] }, /source/],
    [[], /expected object/],
  ])('the mapping %j is refused with what to do', (json, message) => {
    expect(() => parseMapping(json, 'my.json')).toThrow(message);
    expect(() => parseMapping(json, 'my.json')).toThrow(/The mapping my\.json/);
  });

  it('the preset that ships is valid', () => {
    expect(readMapping('openstack', 'USD')).toMatchObject({ source: 'openstack', lagDays: 0 });
  });

  it('a preset or file that is not there is an error that names it', () => {
    expect(() => readMapping('openstak', 'USD')).toThrow(
      /No mapping called "openstak" ships \(did you mean "openstack"\?\)/,
    );
    expect(() => readMapping('./nope.json', 'USD')).toThrow(/nope\.json cannot be read/);
  });
});
