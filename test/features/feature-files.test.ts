import { RecordBatchReader, tableFromIPC } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import {
  arrowBytes,
  csvBytes,
  type FeatureTable,
  parquetBytes,
  parseDay,
  selectRows,
  type TableNotes,
} from '../../features/index.ts';

const table: FeatureTable = {
  names: ['events_30d', 'recency_ratio'],
  entities: ['a', 'ü–"quoted"', 'c'],
  cutoffs: Float64Array.of(parseDay('2024-01-01'), parseDay('2024-01-01'), parseDay('2024-02-01')),
  columns: [Float32Array.of(1, Number.NaN, 3), Float32Array.of(Number.NaN, 0.1, -2)],
  atRisk: Uint8Array.of(1, 0, 1),
  peers: ['', '', ''],
};
const notes: TableNotes = {
  view: 'some',
  cutoffs: [parseDay('2024-01-01'), parseDay('2024-02-01')],
  currency: 'EUR',
  features: [
    { name: 'events_30d', unit: 'events', description: 'Events of the last 30 days.' },
    { name: 'recency_ratio', unit: 'ratio', description: 'Days since over days between.' },
  ],
};
const tenth = Math.fround(0.1);
const expected = [
  { entity_id: 'a', cutoff: parseDay('2024-01-01'), at_risk: true, events_30d: 1, recency_ratio: null },
  { entity_id: 'ü–"quoted"', cutoff: parseDay('2024-01-01'), at_risk: false, events_30d: null, recency_ratio: tenth },
  { entity_id: 'c', cutoff: parseDay('2024-02-01'), at_risk: true, events_30d: 3, recency_ratio: -2 },
];

type Writer = (tables: AsyncIterable<FeatureTable>, notes: TableNotes) => AsyncIterable<Uint8Array>;

async function bytesOf(write: Writer, ...tables: FeatureTable[]): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of write(each(tables), notes)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* each(tables: readonly FeatureTable[]): AsyncGenerator<FeatureTable> {
  yield* tables;
}

type Row = Record<string, unknown>;

function fromArrow(bytes: Uint8Array): Row[] {
  const rows = tableFromIPC(bytes).toArray();
  return rows.map((row) => ({ ...row.toJSON(), cutoff: Number(row.cutoff) }));
}

async function fromParquet(bytes: Uint8Array): Promise<Row[]> {
  const rows = await parquetReadObjects({ file: bufferOf(bytes) });
  return rows.map((row) => ({ ...row, cutoff: Number(row['cutoff']) }));
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

/** What a program that knows the types would read; CSV has none itself. */
async function fromCsv(bytes: Uint8Array): Promise<Row[]> {
  const rows: Record<string, string>[] = parse(Buffer.from(bytes), { columns: true });
  const float = (text: string) => (text === '' ? null : Math.fround(Number(text)));
  return rows.map((row) => ({
    entity_id: row['entity_id'],
    cutoff: parseDay(row['cutoff']),
    at_risk: row['at_risk'] === '1',
    events_30d: float(row['events_30d']),
    recency_ratio: float(row['recency_ratio']),
  }));
}

const NONE = selectRows(table, []);

describe.each([
  ['Arrow', arrowBytes, fromArrow],
  ['Parquet', parquetBytes, fromParquet],
  ['CSV', csvBytes, fromCsv],
] as const)('%s', (_, write, read) => {
  it('reads back as it was written, unknown being null', async () => {
    expect(await read(await bytesOf(write, table))).toEqual(expected);
  });

  it('is the same in several tables, empty ones among them', async () => {
    const tables = [NONE, selectRows(table, [0, 1]), NONE, selectRows(table, [2])];
    expect(await read(await bytesOf(write, ...tables))).toEqual(expected);
  });

  it('without rows has its columns all the same', async () => {
    expect(await read(await bytesOf(write))).toEqual([]);
    expect(await read(await bytesOf(write, NONE))).toEqual([]);
  });

  it('is written table by table: a table is asked for when the one before has left', async () => {
    const told: string[] = [];
    async function* tables() {
      for (const name of ['first', 'second']) {
        told.push(name);
        yield table;
      }
    }
    for await (const piece of write(tables(), notes)) if (piece.length > 0) told.push('bytes');
    expect(told.slice(told.indexOf('first') + 1, told.indexOf('second'))).toContain('bytes');
  });

  it('refuses a table with other columns than announced', async () => {
    const other = { ...table, names: [...table.names].reverse() };
    await expect(bytesOf(write, other)).rejects.toThrow(/the view some has the columns recency_ratio, events_30d/);
  });
});

describe('what a file says of itself', () => {
  it('in Arrow: the schema carries view, cutoffs and currency, each field its unit and description', async () => {
    const { schema } = tableFromIPC(await bytesOf(arrowBytes, table));
    expect(Object.fromEntries(schema.metadata)).toEqual({
      view: 'some',
      cutoffs: '2024-01-01,2024-02-01',
      currency: 'EUR',
    });
    const types = schema.fields.map(({ name, type, nullable }) => [name, String(type), nullable]);
    expect(types).toEqual([
      ['entity_id', 'Utf8', false],
      ['cutoff', 'Timestamp<MILLISECOND, UTC>', false],
      ['at_risk', 'Bool', false],
      ['events_30d', 'Float32', true],
      ['recency_ratio', 'Float32', true],
    ]);
    expect(Object.fromEntries(schema.fields[3].metadata)).toEqual({
      unit: 'events',
      description: 'Events of the last 30 days.',
    });
  });

  it('in Arrow: a record batch per table', async () => {
    const bytes = await bytesOf(arrowBytes, selectRows(table, [0, 1]), selectRows(table, [2]));
    expect([...RecordBatchReader.from(bytes)].map(({ numRows }) => numRows)).toEqual([2, 1]);
  });

  it('in Parquet: key-value metadata, and a row group per table', async () => {
    const bytes = await bytesOf(parquetBytes, selectRows(table, [0, 1]), selectRows(table, [2]));
    const { row_groups, key_value_metadata, num_rows } = parquetMetadata(bufferOf(bytes));
    expect([num_rows, row_groups.map((group) => Number(group.num_rows))]).toEqual([3n, [2, 1]]);
    const said = Object.fromEntries((key_value_metadata ?? []).map(({ key, value }) => [key, value]));
    expect(said).toMatchObject({ view: 'some', cutoffs: '2024-01-01,2024-02-01', currency: 'EUR' });
    expect(JSON.parse(said['features'] ?? '')['recency_ratio']).toEqual({
      unit: 'ratio',
      description: 'Days since over days between.',
    });
  });

  it('in CSV: the header alone; numbers are as short as they can be', async () => {
    expect(Buffer.from(await bytesOf(csvBytes, table)).toString()).toBe(
      'entity_id,cutoff,events_30d,recency_ratio,at_risk\n' +
        'a,2024-01-01,1,,1\n"ü–""quoted""",2024-01-01,,0.1,0\nc,2024-02-01,3,-2,1\n',
    );
  });
});
