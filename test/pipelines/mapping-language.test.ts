import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalMapping, ingest } from '../../pipelines/index.ts';
import { detectDateFormat } from '../../pipelines/ingest/date-formats.ts';
import { isFault, number, plainNumber } from '../../pipelines/ingest/fields.ts';
import { instantFormatted, writeInstant } from '../../pipelines/ingest/instants.ts';
import { parseMapping } from '../../pipelines/ingest/mapping.ts';
import { type Database, quarantined } from '../../store/index.ts';
import { openDatabase } from '../helpers/databases.ts';

const NOW = Date.parse('2024-07-01');

describe('dates', () => {
  const at = (format: string, text: string) => {
    const value = instantFormatted(format)(text);
    return isFault(value) ? value.reason : writeInstant(value);
  };

  it.each([
    ['dd.MM.yyyy', '31.01.2024', '2024-01-31T00:00:00.000Z'],
    ['d/M/yy', '1/2/24', '2024-02-01T00:00:00.000Z'],
    ['d/M/yy', '1/2/69', '1969-02-01T00:00:00.000Z'],
    ['M/d/yyyy h:mm a', '1/31/2024 12:05 AM', '2024-01-31T00:05:00.000Z'],
    ['M/d/yyyy h:mm a', '1/31/2024 12:05 pm', '2024-01-31T12:05:00.000Z'],
    ['M/d/yyyy h:mm:ss a', '1/31/2024 11:59:58 PM', '2024-01-31T23:59:58.000Z'],
    ['d MMM yyyy', '3 September 2024', '2024-09-03T00:00:00.000Z'],
    ['MMM d, yyyy', 'Feb 29, 2024', '2024-02-29T00:00:00.000Z'],
    ['yyyyMMdd', '20240229', '2024-02-29T00:00:00.000Z'],
    ['epoch_s', '1700000000', '2023-11-14T22:13:20.000Z'],
    ['epoch_ms', '1700000000123', '2023-11-14T22:13:20.123Z'],
    ['dd.MM.yyyy', '2024-01-31T10:00:00+02:00', '2024-01-31T08:00:00.000Z'],
  ])('%s reads %s', (format, text, instant) => expect(at(format, text)).toBe(instant));

  it.each([
    ['dd.MM.yyyy', '31.02.2024', /no day or time that exists/],
    ['M/d/yyyy h:mm a', '1/31/2024 13:05 AM', /no day or time that exists/],
    ['M/d/yyyy h:mm a', '1/31/2024 0:05 AM', /no day or time that exists/],
    ['M/d/yyyy', '31/1/2024', /no day or time that exists/],
    ['dd.MM.yyyy', 'yesterday', /not a date of the format dd\.MM\.yyyy/],
    ['yyyy-MM-dd', '2024-01-05T24:00:00Z', /no day or time that exists/],
    ['yyyy-MM-dd', '2024-1a-05T10:00:00Z', /is not a date/],
    ['yyyy-MM-dd', '2023-02-29T10:00:00Z', /no day or time that exists/],
  ])('%s refuses %s', (format, text, reason) => expect(at(format, text)).toMatch(reason));

  it('are written as JavaScript writes them', () => {
    const instants = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2200, 0, 1) - 1 });
    fc.assert(fc.property(instants, (instant) => writeInstant(instant) === new Date(instant).toISOString()));
  });

  it('the usual form is read as any other', () => {
    const whole = fc.integer({ min: Date.UTC(1900, 0, 1) / 1000, max: Date.UTC(2199, 0, 1) / 1000 });
    fc.assert(
      fc.property(whole, (second) => {
        const text = new Date(second * 1000).toISOString();
        const read = instantFormatted('yyyy-MM-dd');
        return read(text) === second * 1000 && read(text.replace('.000Z', 'Z')) === second * 1000;
      }),
    );
  });

  it.each([
    [['31.01.2024', '1.2.2024'], 'd.M.yyyy'],
    [['1/31/2024', '2/1/2024'], 'M/d/yyyy'],
    [['31/01/2024 9:05', '01/02/2024 19:05'], 'd/M/yyyy H:mm'],
    [['1/31/2024, 9:05:00 PM'], 'M/d/yyyy, h:mm:ss a'],
    [['31-Jan-24'], 'd-MMM-yy'],
    [['1700000000000'], 'epoch_ms'],
    [['20240131'], 'yyyyMMdd'],
    [['2024-01-31', '2024-01-31T10:00:00Z'], 'yyyy-MM-dd'],
    [['nonsense'], 'yyyy-MM-dd'],
    // Where most are ISO 8601, a stray one does not make the format.
    [['2024-01-31', '2024-02-01', '1/2/2024'], 'yyyy-MM-dd'],
    // One mistake among many does not either.
    [[...Array.from({ length: 40 }, (_, i) => `${(i % 28) + 1}/1/2024`), '1/31/2024'], 'd/M/yyyy'],
  ])('%j are found to be %s', (texts, format) => expect(detectDateFormat(texts)).toBe(format));

  it('that can be read in two ways are not guessed', () => {
    expect(() => detectDateFormat(['1/2/2024', '3/4/2024'])).toThrow(
      /"1\/2\/2024" can be read as d\/M\/yyyy and as M\/d\/yyyy.*"date_format": "M\/d\/yyyy"/,
    );
  });

  it('a format is found again for whatever it writes', () => {
    const day = fc.record({
      y: fc.integer({ min: 1970, max: 2060 }),
      m: fc.integer({ min: 1, max: 12 }),
      d: fc.integer({ min: 13, max: 28 }),
    });
    fc.assert(
      fc.property(fc.array(day, { minLength: 1, maxLength: 20 }), fc.constantFrom('/', '-'), (days, by) => {
        const american = days.map(({ y, m, d }) => [m, d, y].join(by));
        const european = days.map(({ y, m, d }) => [d, m, y].join(by));
        expect(detectDateFormat(american)).toBe(`M${by}d${by}yyyy`);
        expect(detectDateFormat(european)).toBe(`d${by}M${by}yyyy`);
      }),
    );
  });
});

describe('how dates are written is found out', () => {
  let database: Database;
  let directory: string;
  beforeEach(async () => {
    database = await openDatabase();
    directory = mkdtempSync(join(tmpdir(), 'partnercast-dates-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function load(dates: readonly string[]) {
    const path = join(directory, 'events.csv');
    const rows = dates.map((date, i) => `e${i},p1,portal.login,${date}`);
    writeFileSync(path, ['event_id,partner_id,kind,happened_at', ...rows, ''].join('\n'));
    return ingest(database, [path], { mapping: canonicalMapping(), backfill: false, maxBad: 30, now: NOW });
  }

  it('by the first dates that can be read, not by what is none', async () => {
    const dates = [...new Array(800).fill('n/a'), ...new Array(2000).fill('31.12.2023')];
    const report = await load(dates);
    expect(report.files[0].understood.dates).toEqual({ happened_at: 'd.M.yyyy' });
    expect(report.total).toMatchObject({ stored: 2000, quarantined: 800 });
  });

  it('by the first that are met: where they do not tell, an error says of how many', async () => {
    const dates = [...new Array(2000).fill('1/2/2024'), ...new Array(3000).fill('13/2/2024')];
    await expect(load(dates)).rejects.toThrow(
      /happened_at: "1\/2\/2024" can be read as .*, and the first \d+ dates do not tell which is meant/,
    );
  });
});

describe('numbers', () => {
  it.each([
    [',', '1.234.567,89', 1234567.89],
    [',', '1 234,5', 1234.5],
    [',', '-0,5', -0.5],
    [',', '1234', 1234],
    ['.', '1,234.5', 1234.5],
    ['.', "1'234'567", 1234567],
    ['.', '+12', 12],
  ] as const)('with a decimal %s: %s', (decimal, text, value) =>
    expect(number(plainNumber(text, decimal))).toBe(value),
  );

  it.each([
    [',', '1.5'],
    [',', '1.23.456'],
    ['.', '1,23'],
    ['.', '1,2345'],
    [',', '1,2,3'],
  ] as const)('with a decimal %s, %s is none', (decimal, text) =>
    expect(isFault(number(plainNumber(text, decimal)))).toBe(true),
  );
});

describe('a mapping', () => {
  let database: Database;
  let directory: string;
  beforeEach(async () => {
    database = await openDatabase();
    directory = mkdtempSync(join(tmpdir(), 'partnercast-mapping-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function load(name: string, text: string, tables: unknown[], reportingCurrency = 'USD') {
    const path = join(directory, name);
    writeFileSync(path, text);
    const mapping = parseMapping({ source: 'crm', tables }, 'crm.json', reportingCurrency);
    return ingest(database, [path], { mapping, backfill: false, maxBad: 50, now: NOW });
  }

  const FILE = ['Id;Name;Kind;Since', 'a;Acme;Partner;31.01.2020', 'b;Bolt;customer;', 'c;Coda;;1.2.2021', ''].join(
    '\n',
  );
  const partners = {
    to: 'partners',
    where: { kind: 'partner' },
    columns: { partner_id: 'Id', name: 'name', signed_on: 'Since' },
  };
  const accounts = {
    to: 'accounts',
    where: { Kind: { not: ['partner', ''] } },
    columns: { account_id: 'ID', name: 'Name' },
  };

  it('reads several inputs from one file, each its own rows, whatever the case of names and values', async () => {
    const report = await load('x.csv', FILE, [partners, accounts]);
    expect(report.files.map(({ table, read, left_out }) => [table, read, left_out])).toEqual([
      ['partners', 1, 2],
      ['accounts', 1, 2],
    ]);
    expect(report.files[0].understood).toMatchObject({
      delimiter: ';',
      dates: { signed_on: 'd.M.yyyy' },
      columns: { name: 'Name' },
    });
    expect(await database.query('select partner_id, signed_on from partner')).toEqual([
      { partner_id: 'a', signed_on: '2020-01-31' },
    ]);
    expect(await database.query('select account_id from account')).toEqual([{ account_id: 'b' }]);
  });

  it('quarantines a row that cannot be taken apart once, not for each input', async () => {
    await load('x.csv', `${FILE}d;Dune\n`, [partners, accounts]);
    expect(await quarantined(database)).toMatchObject([{ line: 5, raw: 'd;Dune' }]);
  });

  it('takes a column only when conditions hold', async () => {
    const deals = {
      to: 'deals',
      columns: {
        deal_id: 'Id',
        submitted_at: 'Created',
        closed_at: { from: 'Close', when: { Closed: ['true', '1'] } },
        outcome: ['Closed', 'Won'],
        amount: 'Amount',
      },
      values: { outcome: { 'true true': 'won', 'true false': 'lost', '*': 'open' } },
      defaults: { currency: 'reporting_currency' },
      money: 'major',
      decimal: ',',
    };
    const text = [
      'Id|Created|Close|Closed|Won|Amount',
      'a|2024-01-01|2031-01-01|false|false|1.200,50',
      'b|2024-01-01|2024-02-01|TRUE|true|7',
      '',
    ];
    const report = await load('x.csv', text.join('\n').replace('TRUE|true', 'true|true'), [deals], 'EUR');
    expect(report.total).toMatchObject({ stored: 2, quarantined: 0 });
    expect(await database.query('select deal_id, closed_at, outcome, amount, currency from deal order by 1')).toEqual([
      { deal_id: 'a', closed_at: null, outcome: 'open', amount: 120_050, currency: 'EUR' },
      { deal_id: 'b', closed_at: new Date('2024-02-01'), outcome: 'won', amount: 700, currency: 'EUR' },
    ]);
  });

  it('makes kinds of event names', async () => {
    const events = {
      to: 'events',
      columns: { partner_id: 'p', kind: 'event', happened_at: 'at' },
      values: { kind: { 'Signed In': 'portal.login' } },
      kind_style: 'dotted',
    };
    const rows = ['p1,Signed In,2024-01-01', 'p1,Course  Completed!,2024-01-02', 'p1,"—",2024-01-03'];
    await load('x.csv', ['p,event,at', ...rows, ''].join('\n'), [events]);
    expect(await database.query('select kind from event order by happened_at')).toEqual([
      { kind: 'portal.login' },
      { kind: 'course.completed' },
    ]);
    expect(await quarantined(database)).toMatchObject([{ line: 4, column: 'event' }]);
  });

  it('says which columns it may lack, and does', async () => {
    const optional = {
      ...partners,
      where: {},
      columns: { partner_id: 'Id', name: 'Name', tier: 'Tier' },
      optional: ['Tier'],
    };
    const report = await load('x.csv', FILE, [optional]);
    expect(report.files[0].understood).toMatchObject({ missing: ['Tier'], ignored: ['Kind', 'Since'] });
    await expect(load('x.csv', FILE, [{ ...optional, optional: [] }])).rejects.toThrow(
      /no column "Tier".*there are Id, Name/,
    );
  });

  it('a decimal comma is how text is written, not numbers that are some already', async () => {
    const events = {
      to: 'events',
      columns: { event_id: 'id', partner_id: 'p', happened_at: 'at', value: 'v' },
      constants: { kind: 'survey.answered' },
      decimal: ',',
    };
    await load('x.csv', 'id;p;at;v\na;p;2024-01-01;1.234\n', [events]);
    await load('x.jsonl', '{"id":"b","p":"p","at":"2024-01-01","v":1.234}\n', [events]);
    expect(await database.query('select event_id, value from event order by 1')).toEqual([
      { event_id: 'a', value: 1234 },
      { event_id: 'b', value: 1.234 },
    ]);
  });

  it.each([
    ['x.csv', 'partner_id,name,no\0te\np1,One,x\n'],
    ['x.jsonl', '{"partner_id":"p1","name":"One","\\ud800":1}\n'],
  ])('a header that no database can keep is refused: %s', async (name, text) => {
    const columns = { partner_id: 'partner_id', name: 'name' };
    const loading = load(name, text, [{ to: 'partners', columns }]);
    await expect(loading).rejects.toMatchObject({ code: 'DATA_REFUSED' });
    await expect(loading).rejects.toThrow(/is refused: the name of column 3 .* holds a NUL or half a character/);
  });

  it('what stands between the parts of an id cannot be taken for a part', async () => {
    const table = { to: 'market', columns: { segment: 's', region: 'r', companies: 'n', day: 'd' } };
    const rows = ['a|;b', 'a;|b', '["a|;b"]', 'a\\;b', 'a\\|;b', 'a\\;|b', 'a;b'].map((each) => `${each};1;2024-01-01`);
    const report = await load(
      'x.csv',
      ['s;r;n;d', ...rows, ''].join('\n').replaceAll('["', '[').replaceAll('"]', ']'),
      [table],
    );
    expect(report.total).toMatchObject({ stored: 7, duplicate: 0, quarantined: 0 });
    const ids = (await database.query<{ id: string }>('select market_id as id from market')).map(({ id }) => id);
    expect(new Set(ids).size).toBe(7);
    expect(ids).toContain('a|b|2024-01-01');
    expect(ids).toContain('a\\|b|2024-01-01');
  });

  it('history was known when the last of what it tells had happened: an end, an opt-out, the end of a month', async () => {
    const same = (...names: string[]) => Object.fromEntries(names.map((name) => [name, name]));
    const contacts = {
      to: 'contacts',
      columns: same('partner_id', 'contact_id', 'active_from', 'active_to', 'opted_out_at'),
    };
    const subscriptions = {
      to: 'subscriptions',
      columns: same('account_id', 'product', 'mrr', 'starts_on', 'ends_on'),
    };
    const costs = { to: 'costs', columns: same('cost_id', 'amount', 'month') };
    const known = async (table: string) =>
      (await database.query<{ known_at: Date }>(`select known_at from ${table} order by 1`)).map(({ known_at }) =>
        known_at.toISOString().slice(0, 10),
      );
    const people = [
      'p,1,2020-01-01,,',
      'p,2,2020-01-01,2021-05-01,',
      'p,3,2020-01-01,2021-05-01,2022-02-02T00:00:00Z',
      'p,4,2020-01-01,2030-01-01,',
    ];
    const head = 'partner_id,contact_id,active_from,active_to,opted_out_at';
    await load('contacts.csv', [head, ...people, ''].join('\n'), [contacts]);
    expect(await known('contact')).toEqual(['2020-01-01', '2021-05-01', '2022-02-02', '2024-07-01']);
    const terms = ['a,x,1,2020-01-01,', 'b,x,1,2020-01-01,2021-01-01', 'c,x,1,2020-01-01,2031-01-01'];
    await load('s.csv', ['account_id,product,mrr,starts_on,ends_on', ...terms, ''].join('\n'), [subscriptions]);
    expect(await known('subscription')).toEqual(['2020-01-01', '2021-01-01', '2024-07-01']);
    const months = ['a,1,2023-12', 'b,1,2023-12-31', 'c,1,2024-02', 'd,1,2024-07'];
    await load('costs.csv', ['cost_id,amount,month', ...months, ''].join('\n'), [costs]);
    expect(await known('cost')).toEqual(['2024-01-01', '2024-01-01', '2024-03-01', '2024-07-01']);
  });

  it('a month is its first day, whatever day it is given as', async () => {
    const costs = { to: 'costs', columns: { cost_id: 'id', amount: 'n', month: 'm' } };
    await load('x.csv', 'id,n,m\na,1,2024-03\nb,1,2024-03-17\n', [costs]);
    expect(await database.query('select month from cost')).toEqual([{ month: '2024-03-01' }, { month: '2024-03-01' }]);
  });

  it.each([
    [{ to: 'partners', columns: {}, kind_style: 'dotted' }, /only events have kinds/],
    [{ to: 'partners', columns: {}, table: 't', query: 'select 1' }, /names a table and a query/],
    [{ to: 'events', columns: { attributes: 'a' }, attributes: ['b'] }, /"attributes" twice/],
    [{ to: 'events', columns: {}, defaults: { attributes: '{}' }, attributes: ['b'] }, /"attributes" twice/],
    [{ to: 'events', columns: {}, watermark: 'at' }, /must say what their event_id is/],
    [
      { to: 'events', columns: {}, date_format: { happend_at: 'd.M.yyyy' } },
      /no column "happend_at" \(did you mean "happened_at"\?\)/,
    ],
    [{ to: 'events', columns: {}, date_format: { happened_at: 'd.M' } }, /has no year/],
    [{ to: 'events', columns: { kind: { from: 'a', when: { b: { nott: 'c' } } } } }, /columns\.kind/],
  ])('%j is refused', (table, message) => {
    expect(() => parseMapping({ source: 's', tables: [table] }, 'm.json')).toThrow(message);
  });
});
