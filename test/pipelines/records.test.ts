import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as arrow from 'apache-arrow';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canonicalMapping, ingest } from '../../pipelines/index.ts';
import { parseMapping, readMapping } from '../../pipelines/ingest/mapping.ts';
import { rawText } from '../../pipelines/ingest/raw-rows.ts';
import { openFile, rowFromText } from '../../pipelines/ingest/raw-table.ts';
import { writeRecord } from '../../pipelines/ingest/records.ts';
import { type Database, quarantined } from '../../store/index.ts';
import { openDatabase } from '../helpers/databases.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'partnercast-records-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** The rows of a file by their columns, as texts, and the text of each. */
async function readAll(name: string, content: string | Uint8Array, wanted: string[] = []) {
  const { batches, dialect } = await openFile(write(name, content), { wanted });
  const rows: Record<string, string>[] = [];
  const raws: string[] = [];
  let header: readonly string[] = [];
  for await (const batch of batches) {
    header = batch.header;
    for (const row of batch.rows) {
      rows.push(Object.fromEntries(batch.header.map((column, at) => [column, row.fields?.[at] ?? ''])));
      raws.push(rawText(row));
    }
  }
  return { rows, raws, header, dialect };
}

const jsonLines = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');

type ParquetColumns = Parameters<typeof parquetWriteBuffer>[0];
const parquet = (options: ParquetColumns) => Buffer.from(parquetWriteBuffer(options));

function arrowOf(columns: Record<string, arrow.Vector>, kind: 'file' | 'stream' = 'file'): Buffer {
  return Buffer.from(arrow.tableToIPC(new arrow.Table(columns), kind));
}

function words(type: arrow.Decimal, ...data: number[]): arrow.Vector {
  const length = (data.length * 32) / type.bitWidth;
  return arrow.makeVector(arrow.makeData({ type, length, nullCount: 0, data: Uint32Array.from(data) }));
}

describe('numbers keep what they say', () => {
  it('decimals of Arrow, of 128 and 256 bits, below zero too', async () => {
    const minus = 0xffffffff;
    const bytes = arrowOf({
      small: words(new arrow.Decimal(2, 10, 128), minus - 34, minus, minus, minus, 123_456, 0, 0, 0),
      large: words(
        new arrow.Decimal(3, 60, 256),
        ...[minus - 4, minus, minus, minus, minus, minus, minus, minus],
        ...[0, 0, 0, 0, 1, 0, 0, 0],
      ),
    });
    expect((await readAll('decimals.arrow', bytes)).rows).toEqual([
      { small: '-0.35', large: '-0.005' },
      { small: '1234.56', large: '340282366920938463463374607431768211.456' },
    ]);
  });

  it('decimals of Parquet, whatever they are stored as', async () => {
    const decimal = { converted_type: 'DECIMAL', repetition_type: 'OPTIONAL' } as const;
    const bytes = parquet({
      columnData: [
        { name: 'cents', data: [35n, -7n, null] },
        { name: 'long', data: [12_345_678_901_234_567n, -1n, null] },
        { name: 'id', data: [12_345_678_901_234_567_890_123n, -5n, null] },
      ],
      schema: [
        { name: 'root', num_children: 3 },
        { name: 'cents', type: 'INT32', scale: 2, precision: 9, ...decimal },
        { name: 'long', type: 'INT64', scale: 2, precision: 18, ...decimal },
        { name: 'id', type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, scale: 0, precision: 38, ...decimal },
      ],
    });
    expect((await readAll('decimals.parquet', bytes)).rows).toEqual([
      { cents: '0.35', long: '123456789012345.67', id: '12345678901234567890123' },
      { cents: '-0.07', long: '-0.01', id: '-5' },
      { cents: '', long: '', id: '' },
    ]);
  });

  it('32-bit floats are of the fewest digits', async () => {
    const floats = [1234.56, 0.1, -3, 16_777_216, Number.NaN];
    const texts = ['1234.56', '0.1', '-3', '16777216', 'NaN'];
    const inArrow = arrowOf({ f: arrow.vectorFromArray(floats, new arrow.Float32()) });
    const inParquet = parquet({ columnData: [{ name: 'f', data: floats, type: 'FLOAT' }] });
    expect((await readAll('f.arrow', inArrow)).rows.map(({ f }) => f)).toEqual(texts);
    expect((await readAll('f.parquet', inParquet)).rows.map(({ f }) => f)).toEqual(texts);
  });

  it('integers of JSON that no double holds', async () => {
    const lines = [
      '{"id":12345678901234567890,"n":[-9007199254740993],"text":"a \\" 12345678901234567890","f":0.12345678901234567890}',
      '{"id":12345678901234567891,"n":9007199254740991,"text":"12345678901234567890\\\\","f":1234567890123456.75}',
      '{"id": 12345678901234567 ,"n":-12345678901234567,"text":"","f":1e+22}',
    ];
    const { rows } = await readAll('ids.jsonl', lines.join('\n'));
    expect(rows).toEqual([
      {
        id: '12345678901234567890',
        n: '-9007199254740993',
        text: 'a " 12345678901234567890',
        f: '0.12345678901234568',
      },
      { id: '12345678901234567891', n: '9007199254740991', text: '12345678901234567890\\', f: '1234567890123456.8' },
      { id: '12345678901234567', n: '-12345678901234567', text: '', f: '1e+22' },
    ]);
    const long = `{"text":"${'x\\n'.repeat(8_000_000 / 4)}","id":12345678901234567890}`;
    expect(rowFromText(long, 1, ['id'], { format: 'json' }).fields).toEqual(['12345678901234567890']);
  });
});

describe('what is nested', () => {
  it('in Arrow is as it is at the top', async () => {
    const day = new arrow.DateDay();
    const at = new arrow.TimestampMicrosecond('UTC');
    const when = new Date('2024-01-05T10:11:12Z');
    const type = new arrow.Struct([
      new arrow.Field('at', at, true),
      new arrow.Field('f', new arrow.Float32(), true),
      new arrow.Field('days', new arrow.List(new arrow.Field('item', day, true)), true),
    ]);
    const bytes = arrowOf({ deal: arrow.vectorFromArray([{ at: when, f: 0.1, days: [when, when] }, null], type) });
    const { rows, raws } = await readAll('nested.arrow', bytes, ['deal.at']);
    const midnight = '2024-01-05T00:00:00.000Z';
    expect(rows[0]).toEqual({
      'deal.at': when.toISOString(),
      'deal.f': '0.1',
      'deal.days': `${midnight};${midnight}`,
    });
    expect(JSON.parse(raws[0])).toEqual({ deal: { at: when.toISOString(), f: 0.1, days: [midnight, midnight] } });
    expect(Object.values(rows[1])).toEqual(['', '', '']);
  });

  it('in Parquet too', async () => {
    const bytes = parquet({
      columnData: [{ name: 'deal', data: [{ f: Math.fround(0.1), list: [Math.fround(0.2)], text: 'x' }, null] }],
      schema: [
        { name: 'root', num_children: 1 },
        { name: 'deal', num_children: 3, repetition_type: 'OPTIONAL' },
        { name: 'f', type: 'FLOAT', repetition_type: 'OPTIONAL' },
        { name: 'list', num_children: 1, converted_type: 'LIST', repetition_type: 'OPTIONAL' },
        { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
        { name: 'element', type: 'FLOAT', repetition_type: 'OPTIONAL' },
        { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      ],
    });
    expect((await readAll('nested.parquet', bytes)).rows).toEqual([
      { 'deal.f': '0.1', 'deal.list': '0.2', 'deal.text': 'x' },
      { 'deal.f': '', 'deal.list': '', 'deal.text': '' },
    ]);
  });

  it('is found under keys with dots', async () => {
    const { rows } = await readAll('dots.jsonl', jsonLines([{ a: { 'b.c': 1, b: { d: 2 } }, 'x.y': { z: 3 } }]));
    expect(rows).toEqual([{ 'a.b.c': '1', 'a.b.d': '2', 'x.y.z': '3' }]);
  });

  it('a refused record is written as it was understood', () => {
    const record = {
      n: Number.NaN,
      i: [Number.POSITIVE_INFINITY],
      d: new Date(Number.NaN),
      t: new Date(0),
      b: Uint8Array.of(1, 255),
      big: 7n,
    };
    expect(JSON.parse(writeRecord(record))).toEqual({
      n: 'NaN',
      i: ['Infinity'],
      d: 'an invalid date',
      t: '1970-01-01T00:00:00.000Z',
      b: '01ff',
      big: '7',
    });
  });
});

describe('forms of files', () => {
  it('a CSV whose header begins with a bracket is CSV', async () => {
    for (const header of ['[partner_id],[name]', '{Partner},{Name}', '[1st contact],[Größe (neu)]']) {
      const { dialect, rows } = await readAll('brackets.csv', `${header}\np1,One\n`);
      expect(dialect.format).toBe('csv');
      expect(Object.keys(rows[0])).toEqual(header.split(','));
    }
  });

  it('an object over several lines is not JSON Lines', async () => {
    const pretty = JSON.stringify({ partner_id: 'p1', name: 'One' }, null, 2);
    for (const text of [pretty, `${pretty}\n${pretty}\n`, pretty.replace('{\n', '{')]) {
      await expect(readAll('pretty.jsonl', text)).rejects.toThrow(/JSON Lines has one object per line/);
    }
    const { rows } = await readAll('broken.jsonl', '{"partner_id":\n{"partner_id":"p1"}\n');
    expect(rows).toEqual([{ partner_id: '' }, { partner_id: 'p1' }]);
  });

  it('a column that Arrow has twice is refused', async () => {
    const schema = new arrow.Schema(['x', 'x'].map((name) => new arrow.Field(name, new arrow.Utf8(), true)));
    const bytes = arrow.tableToIPC(new arrow.Table(schema), 'file');
    await expect(readAll('twice.arrow', bytes)).rejects.toThrow(/it has the column "x" twice/);
  });
});

describe('files and their columns', () => {
  let database: Database;
  beforeEach(async () => {
    database = await openDatabase();
  });

  const load = (path: string, mapping = canonicalMapping(), maxBad = 5) =>
    ingest(database, [path], { mapping, backfill: false, maxBad, now: Date.parse('2024-07-01') });
  const partners = (columns: Record<string, string>, more: object = {}) =>
    parseMapping(
      { source: 's', tables: [{ to: 'partners', columns: { partner_id: 'id', name: 'n', ...columns }, ...more }] },
      'm',
    );
  const inArrow = () => arrowOf({ id: arrow.vectorFromArray(['p1']), n: arrow.vectorFromArray(['One']) });
  const inParquet = (rows = 1) =>
    parquet({
      columnData: [
        { name: 'id', data: ['p1'].slice(0, rows), type: 'STRING' },
        { name: 'n', data: ['One'].slice(0, rows), type: 'STRING' },
      ],
    });

  it('one that a schema does not have is refused unless optional', async () => {
    const files = [write('x.arrow', inArrow()), write('x.parquet', inParquet())];
    for (const file of files) {
      await expect(load(file, partners({ owner: 'nonexistent' }))).rejects.toThrow(
        /there is no column "nonexistent"; there are id, n/,
      );
      const report = await load(file, partners({ owner: 'nonexistent' }, { optional: ['nonexistent'] }));
      expect(report.files[0].understood).toMatchObject({ missing: ['nonexistent'], columns: { name: 'n' } });
      expect(report.files[0].understood.columns).not.toHaveProperty('owner');
    }
  });

  it('one that no line of JSON has is said to be missing; one that comes late is not', async () => {
    const records: object[] = Array.from({ length: 2000 }, (_, i) => ({ id: `p${i}`, n: 'Some' }));
    const mapping = partners({ owner: 'nonexistent', tier: 'Tier' });
    const path = write('late.jsonl', jsonLines([...records, { id: 'last', n: 'Last', Tier: 'gold' }]));
    const report = await load(path, mapping);
    expect(report.files[0].understood.missing).toEqual(['nonexistent']);
    expect(await database.query("select tier from partner where partner_id = 'last'")).toEqual([{ tier: 'gold' }]);
  });

  it('names are found without regard to case', async () => {
    const columns = { partner_id: 'Id', name: 'n', owner: 'Owner.Name' };
    const mapping = partners({}, { columns, where: { IsDeleted: { not: 'true' } } });
    const records = [
      { id: 'p1', n: 'One', owner: { name: 'Ann' }, isdeleted: false },
      { id: 'p2', n: 'Two', owner: { name: 'Bob' }, isdeleted: true },
      { id: 'p3', n: '', owner: { name: 'Cem' }, isdeleted: false },
    ];
    const report = await load(write('case.jsonl', jsonLines(records)), mapping, 50);
    expect(report.files[0]).toMatchObject({ stored: 1, quarantined: 1, left_out: 1 });
    expect(report.files[0].understood).toMatchObject({ missing: [], columns: { owner: 'owner.name' } });
    expect(await database.query('select owner from partner')).toEqual([{ owner: 'Ann' }]);
  });

  const CALL = { messageId: 'm', context: { groupId: 'p1' }, timestamp: '2024-01-05T00:00:00Z' };
  const identify = Array.from({ length: 400 }, (_, i) => ({ ...CALL, messageId: `i${i}`, type: 'identify' }));

  it('one that is required may come after many records that are not meant', async () => {
    const mapping = readMapping('segment', 'EUR');
    const report = await load(
      write('calls.jsonl', jsonLines([...identify, { ...CALL, type: 'track', event: 'Signed In' }])),
      mapping,
    );
    expect(report.files[0]).toMatchObject({ stored: 1, quarantined: 0, left_out: 400 });
    expect(report.files[0].understood.missing).not.toContain('event');
    expect(await load(write('calls.jsonl', jsonLines(identify)), mapping)).toMatchObject({ total: { read: 0 } });
  });

  it('rows without one that is required are refused one by one', async () => {
    const records = [...identify.slice(0, 3), { ...CALL, type: 'track', event: 'Signed In' }];
    const track = records.map((record) => ({ ...record, type: 'track' }));
    const path = write('calls.jsonl', jsonLines(track));
    expect((await load(path, readMapping('segment', 'EUR'), 90)).total).toMatchObject({ stored: 1, quarantined: 3 });
    expect(await quarantined(database)).toMatchObject([{ column: 'event' }, {}, {}]);
  });

  it('a file of another make is refused whole', async () => {
    await expect(load(write('partners.jsonl', jsonLines([{ foo: 1, bar: 2 }])))).rejects.toThrow(
      /there is no column "partner_id"; there are foo, bar/,
    );
  });

  it('one without rows has none', async () => {
    const none = new arrow.Table(
      new arrow.Schema(['partner_id', 'name'].map((name) => new arrow.Field(name, new arrow.Utf8(), true))),
    );
    const files: [string, Uint8Array, ReturnType<typeof partners> | undefined][] = [
      ['partners.arrow', arrow.tableToIPC(none, 'file'), undefined],
      ['partners.ipc', arrow.tableToIPC(none, 'stream'), undefined],
      ['none.parquet', inParquet(0), partners({})],
    ];
    for (const [name, bytes, mapping] of files) {
      const report = await load(write(name, bytes), mapping);
      expect(report.total).toEqual({ read: 0, stored: 0, duplicate: 0, quarantined: 0 });
    }
    await expect(load(write('other.parquet', inParquet(0)), partners({ owner: 'o' }))).rejects.toThrow(/no column "o"/);
    await expect(load(write('partners.jsonl', ''))).rejects.toThrow(/partners\.jsonl is refused: it is empty\.$/);
  });
});
