import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as arrow from 'apache-arrow';
import { parquetWriteBuffer } from 'hyparquet-writer';
import lz4 from 'lz4js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalMapping, ingest } from '../../pipelines/index.ts';
import { parseMapping } from '../../pipelines/ingest/mapping.ts';
import { openBytes, openFile } from '../../pipelines/ingest/raw-table.ts';
import { type Database, quarantined } from '../../store/index.ts';
import { openDatabase } from '../helpers/databases.ts';

const NOW = Date.parse('2024-07-01');
const EVENTS = [
  {
    event_id: 'e1',
    partner_id: 'p1',
    kind: 'deal.won',
    happened_at: '2024-01-05T10:11:12Z',
    value: 1250,
    currency: 'USD',
  },
  {
    event_id: 'e2',
    partner_id: 'p "2", Ltd',
    kind: 'portal.login',
    happened_at: '2024-02-29',
    value: null,
    currency: null,
  },
  {
    event_id: 'e3',
    partner_id: 'p3 😀',
    kind: 'survey.answered',
    happened_at: '2024-03-01T00:00:00.250Z',
    value: -7.5,
    currency: null,
  },
];
type Name = keyof (typeof EVENTS)[number];
const NAMES = Object.keys(EVENTS[0]) as Name[];

const quote = (value: unknown) => (value === null ? '' : `"${String(value).replaceAll('"', '""')}"`);
const asCsv = (delimiter = ',') =>
  [NAMES.join(delimiter), ...EVENTS.map((row) => NAMES.map((name) => quote(row[name])).join(delimiter)), ''].join(
    '\r\n',
  );
const asJsonLines = () => EVENTS.map((row) => `${JSON.stringify(row)}\n`).join('');
const times = EVENTS.map((row) => new Date(row.happened_at));
const texts = (name: Name) => EVENTS.map((row) => row[name] as string | null);

function asParquet(codec: 'UNCOMPRESSED' | 'SNAPPY' = 'SNAPPY'): Buffer {
  return Buffer.from(
    parquetWriteBuffer({
      codec,
      rowGroupSize: 2,
      columnData: [
        { name: 'event_id', data: texts('event_id'), type: 'STRING' },
        { name: 'partner_id', data: texts('partner_id'), type: 'STRING' },
        { name: 'kind', data: texts('kind'), type: 'STRING' },
        { name: 'happened_at', data: times, type: 'TIMESTAMP' },
        { name: 'value', data: EVENTS.map((row) => row.value), type: 'DOUBLE' },
        { name: 'currency', data: texts('currency'), type: 'STRING' },
      ],
    }),
  );
}

function asArrow(kind: 'file' | 'stream'): Buffer {
  const table = new arrow.Table({
    event_id: arrow.vectorFromArray(texts('event_id')),
    partner_id: arrow.vectorFromArray(texts('partner_id'), new arrow.Utf8()),
    kind: arrow.vectorFromArray(texts('kind')),
    happened_at: arrow.vectorFromArray(times, new arrow.TimestampMicrosecond('UTC')),
    value: arrow.vectorFromArray(
      EVENTS.map((row) => row.value),
      new arrow.Float64(),
    ),
    currency: arrow.vectorFromArray(texts('currency'), new arrow.Utf8()),
  });
  return Buffer.from(arrow.tableToIPC(table, kind));
}

const FORMATS: [file: string, bytes: string | Buffer, format: string][] = [
  ['events.csv', asCsv(), 'csv'],
  ['events.tsv', asCsv('\t'), 'csv'],
  ['events.csv.gz', gzipSync(`\ufeff${asCsv(';')}`), 'csv'],
  ['events.jsonl', asJsonLines(), 'json'],
  ['events-1700000000.gz', gzipSync(`\n ${asJsonLines()}`), 'json'],
  ['events.parquet', asParquet(), 'parquet'],
  ['events-plain.parquet', asParquet('UNCOMPRESSED'), 'parquet'],
  ['events.arrow', asArrow('file'), 'arrow'],
  ['events-stream.arrow', asArrow('stream'), 'arrow'],
];

let database: Database;
let directory: string;
beforeEach(async () => {
  database = await openDatabase();
  directory = mkdtempSync(join(tmpdir(), 'partnercast-formats-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function load(paths: string[], mapping = canonicalMapping(), maxBad = 5) {
  return ingest(database, paths, { mapping, backfill: false, maxBad, now: NOW });
}

const stored = () =>
  database.query(
    'select event_id, partner_id, kind, happened_at, known_at, value, currency, content from event order by 1',
  );

describe('the same rows in any format', () => {
  it.each(FORMATS)('%s', async (file, bytes, format) => {
    const report = await load([write(file, bytes)]);
    expect(report.total).toEqual({ read: 3, stored: 3, duplicate: 0, quarantined: 0 });
    expect(report.files[0].understood.format).toBe(format);
    expect((await load([write('events.csv', asCsv())])).total).toMatchObject({ stored: 0, duplicate: 3 });
    const rows = await stored();
    expect(rows[2]).toMatchObject({
      partner_id: 'p3 😀',
      happened_at: new Date('2024-03-01T00:00:00.250Z'),
      value: -7.5,
    });
    expect(rows[0]).toMatchObject({ value: 1250, currency: 'USD', happened_at: new Date('2024-01-05T10:11:12Z') });
  });

  it('all of them from a directory, each row once', async () => {
    for (const [file, bytes] of FORMATS) write(file, bytes);
    write('notes.docx', 'nothing');
    expect((await load([directory])).total).toEqual({ read: 27, stored: 3, duplicate: 24, quarantined: 0 });
  });

  it.each([
    ['LZ4', arrow.CompressionType.LZ4_FRAME, (data: Uint8Array) => Uint8Array.from(lz4.compress(data))],
    ['ZSTD', arrow.CompressionType.ZSTD, storedAsZstd],
  ])('Arrow compressed with %s, as pandas writes it', async (_name, compressionType, encode) => {
    const { decode } = arrow.compressionRegistry.get(compressionType) ?? {};
    arrow.compressionRegistry.set(compressionType, { ...(decode && { decode }), encode });
    const table = arrow.tableFromArrays({ partner_id: ['p1', 'p2'], name: ['One'.repeat(200), 'Two'.repeat(200)] });
    const bytes = new arrow.RecordBatchFileWriter({ compressionType }).writeAll(table).finish().toUint8Array(true);
    expect((await load([write('partners.feather', bytes)])).total).toMatchObject({ stored: 2, quarantined: 0 });
    expect(await database.query('select name from partner order by partner_id limit 1')).toEqual([
      { name: 'One'.repeat(200) },
    ]);
  });

  /** A frame of one block that is not compressed (RFC 8878, sections 3.1.1 and 3.1.1.2). */
  function storedAsZstd(data: Uint8Array): Uint8Array {
    const frame = Buffer.alloc(12 + data.length);
    frame.writeUInt32LE(0xfd2fb528, 0);
    frame[4] = 0xa0; // One segment, whose size stands in four bytes.
    frame.writeUInt32LE(data.length, 5);
    frame.writeUIntLE((data.length << 3) | 1, 9, 3); // The last block, raw.
    frame.set(data, 12);
    return Uint8Array.from(frame);
  }
});

describe('what records hold', () => {
  it('nested fields are dotted paths, lists are joined, objects are attributes', async () => {
    const row = {
      partner_id: 'p1',
      kind: 'portal.login',
      happened_at: '2024-01-05',
      contact: { id: 7 },
      attributes: { a: 1, b: { c: [1, 2] } },
      tags: ['x', 'y'],
    };
    const mapping = parseMapping(
      {
        source: 's',
        tables: [
          {
            to: 'events',
            columns: {
              ...Object.fromEntries(['partner_id', 'kind', 'happened_at', 'attributes'].map((name) => [name, name])),
              contact_id: 'contact.id',
              product: 'tags',
            },
          },
        ],
      },
      'm',
    );
    const report = await load([write('x.jsonl', `${JSON.stringify(row)}\n`)], mapping);
    expect(report.files[0].understood.ignored).toEqual([]);
    expect(await database.query('select contact_id, product, attributes from event')).toEqual([
      { contact_id: '7', product: 'x;y', attributes: { a: 1, b: { c: [1, 2] } } },
    ]);
  });

  it('a field that only later records have is read all the same', async () => {
    const records = [
      { partner_id: 'p1', name: 'One' },
      { partner_id: 'p2', name: 'Two', tier: 'gold' },
    ];
    await load([write('partners.jsonl', records.map((each) => JSON.stringify(each)).join('\n'))]);
    expect(await database.query('select tier from partner order by partner_id')).toEqual([
      { tier: null },
      { tier: 'gold' },
    ]);
  });

  it('a required field that no record has is an error with the nearest', async () => {
    const path = write('partners.jsonl', '{"partner":"p1","name":"One"}\n');
    await expect(load([path])).rejects.toThrow(/there is no column "partner_id" \(did you mean "partner"\?\)/);
  });

  it('__proto__ is a name like any other', async () => {
    await load([write('partners.jsonl', '{"partner_id":"p1","name":"One","__proto__":{"tier":"gold"}}\n')]);
    expect(await database.query('select tier from partner')).toEqual([{ tier: null }]);
    await load([write('partners.csv', '__proto__,partner_id,name\nx,p2,Two\n')]);
    expect(await database.query('select name from partner order by partner_id')).toEqual([
      { name: 'One' },
      { name: 'Two' },
    ]);
  });

  it('a line that is no object is quarantined with its text', async () => {
    const lines = ['{"partner_id":"p1","name":"One"}', '{"partner_id":', '[1]', '', '{"partner_id":"p2","name":"Two"}'];
    const report = await load([write('partners.jsonl', lines.join('\n'))], canonicalMapping(), 50);
    expect(report.total).toEqual({ read: 4, stored: 2, duplicate: 0, quarantined: 2 });
    expect(await quarantined(database)).toMatchObject([
      { line: 2, column: null, raw: '{"partner_id":', reason: 'this line is no JSON object' },
      { line: 3, column: null, raw: '[1]' },
    ]);
  });

  it('a refused record of Parquet is kept as JSON', async () => {
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: 'partner_id', data: ['p1', 'p2'], type: 'STRING' },
        { name: 'name', data: ['One', ''], type: 'STRING' },
        { name: 'employees', data: [7n, 8n], type: 'INT64' },
      ],
    });
    await load([write('partners.parquet', Buffer.from(bytes))], canonicalMapping(), 50);
    const [{ raw, line }] = await quarantined(database);
    expect({ line, raw: JSON.parse(raw) }).toEqual({ line: 2, raw: { partner_id: 'p2', name: '', employees: '8' } });
  });
});

describe('a file is refused whole', () => {
  const csv = Buffer.from(asCsv());
  const arrowFile = asArrow('file');
  const broken: [what: string, file: string, bytes: Uint8Array, message: RegExp][] = [
    [
      'UTF-16',
      'events.csv',
      Buffer.from(`\ufeff${asCsv()}`, 'utf16le'),
      /not UTF-8: it looks like UTF-16.*"encoding": "utf-16le"/,
    ],
    ['a JSON array', 'events.json', Buffer.from(JSON.stringify(EVENTS)), /one JSON array.*one object per line/],
    [
      'gzip cut off',
      'events.csv.gz',
      gzipSync(csv.toString().repeat(500)).subarray(0, 400),
      /cannot be unpacked to its end/,
    ],
    ['Parquet cut off', 'events.parquet', asParquet().subarray(0, 300), /cannot be read as Parquet/],
    [
      'Parquet with a broken page',
      'events.parquet',
      flipped(asParquet('UNCOMPRESSED'), 30),
      /cannot be read as Parquet/,
    ],
    ['Arrow cut off', 'events.arrow', arrowFile.subarray(0, 200), /cannot be read as Arrow IPC/],
  ];

  it.each(broken)('%s', async (_what, file, bytes, message) => {
    const loading = load([write(file, bytes)]);
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toMatchObject({ code: 'DATA_REFUSED' });
    expect(await stored()).toEqual([]);
  });

  function flipped(bytes: Buffer, at: number): Buffer {
    const copy = Buffer.from(bytes);
    copy.fill(0xff, at, at + 8);
    return copy;
  }

  it('that shrinks while it is read', async () => {
    const path = write('events.csv', asCsv() + 'e9,p,portal.login,2024-01-05,,\n'.repeat(20_000));
    const { batches } = await openFile(path, { wanted: [] });
    await batches.next();
    truncateSync(path, 40_000);
    const rest = async () => {
      for await (const _ of batches);
    };
    await expect(rest()).rejects.toThrow(/ended after \d+ of \d+ bytes: it shrank while it was read/);
  });

  it('that vanishes before it is read', async () => {
    const path = write('events.csv', asCsv());
    const gone = { ...canonicalMapping() };
    const loading = ingest(
      {
        ...database,
        transaction(work) {
          rmSync(path, { force: true });
          return database.transaction(work);
        },
      },
      [path],
      { mapping: gone, backfill: false, maxBad: 5, now: NOW },
    );
    await expect(loading).rejects.toThrow(/events\.csv cannot be read: ENOENT/);
    await expect(loading).rejects.toMatchObject({ code: 'DATA_REFUSED' });
  });
});

describe('other encodings and sizes', () => {
  const inLatin1 = {
    source: 's',
    tables: [{ to: 'partners', columns: { partner_id: 'id', name: 'n' }, encoding: 'windows-1252' }],
  };

  it('a declared encoding is read', async () => {
    await load(
      [write('x.csv', Buffer.from('id,n\np1,Müller €\n'.replace('€', '\x80'), 'latin1'))],
      parseMapping(inLatin1, 'm'),
    );
    expect(await database.query('select name from partner')).toEqual([{ name: 'Müller €' }]);
    const utf16 = { ...inLatin1, tables: [{ ...inLatin1.tables[0], encoding: 'utf-16le' }] };
    await load([write('x.csv', Buffer.from('\ufeffid,n\np2,Łódź\n', 'utf16le'))], parseMapping(utf16, 'm'));
    expect(await database.query("select name from partner where partner_id = 'p2'")).toEqual([{ name: 'Łódź' }]);
  });

  it('an unknown encoding is an error of the mapping', () => {
    const odd = { ...inLatin1, tables: [{ ...inLatin1.tables[0], encoding: 'klingon' }] };
    expect(() => parseMapping(odd, 'm.json')).toThrow(/The mapping m\.json: .*klingon/);
  });

  it('a field of 10 MB is quarantined, its row cut, and the rest is stored', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `p${i},Name ${i}`);
    const report = await load([
      write('partners.csv', ['partner_id,name', `big,${'x'.repeat(10_000_000)}`, ...rows, ''].join('\n')),
    ]);
    expect(report.total).toEqual({ read: 31, stored: 30, duplicate: 0, quarantined: 1 });
    const [{ reason, raw }] = await quarantined(database);
    expect(reason).toMatch(/10000000 characters, where 10000 is the most/);
    expect(raw.length).toBe(100_000);
  });

  it('bytes that come one by one are read as those that come at once', async () => {
    async function* single() {
      for (const byte of Buffer.from(asCsv())) yield Uint8Array.of(byte);
    }
    const { batches } = await openBytes({ bytes: single(), at: () => 0 }, { wanted: [] });
    const fields: unknown[] = [];
    for await (const { rows } of batches) fields.push(...rows.map((row) => row.fields));
    expect(fields).toEqual(EVENTS.map((row) => NAMES.map((name) => (row[name] === null ? '' : String(row[name])))));
  });
});
