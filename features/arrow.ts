import {
  Bool,
  CompressionType,
  compressionRegistry,
  DataType,
  Field,
  Float32,
  makeData,
  makeVector,
  Precision,
  type RecordBatch,
  RecordBatchFileWriter,
  RecordBatchReader,
  Schema,
  Table,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { decompress as decodeZstd } from 'fzstd';
import lz4 from 'lz4js';
import { withPoint } from './decimal.ts';
import { type FeatureTable, rowCount } from './feature-table.ts';
import { shortest } from './shortest.ts';
import { requireNoted, type TableNotes } from './table-notes.ts';
import { formatDay } from './time.ts';

/**
 * Feature tables as one Arrow IPC file, a record batch each: `entity_id` (utf8), `cutoff` (timestamp in milliseconds,
 * UTC), `at_risk` (bool), then one float32 column per feature; unknown is null. The notes are its schema's metadata,
 * unit and description those of each field. Memory is bounded by a table.
 * @throws RangeError when a table has other columns than the notes
 */
export async function* arrowBytes(
  tables: AsyncIterable<FeatureTable>,
  notes: TableNotes,
): AsyncGenerator<Uint8Array, void> {
  const schema = schemaOf(notes);
  const writer = new RecordBatchFileWriter();
  writer.reset(undefined, schema);
  const bytes = writer[Symbol.asyncIterator]();
  let next = bytes.next();
  for await (const table of tables) {
    for (const batch of batchesOf(table, notes, schema)) writer.write(batch);
    // What was written is there at once; only for what comes next would the iterator wait.
    for (let got = await Promise.race([next, NOT_YET]); got !== undefined; got = await Promise.race([next, NOT_YET])) {
      yield got.value;
      next = bytes.next();
    }
  }
  writer.finish();
  for (let got = await next; !got.done; got = await bytes.next()) yield got.value;
}

const NOT_YET = Promise.resolve(undefined);

function schemaOf({ view, cutoffs, currency, features }: TableNotes): Schema {
  const fields = [
    new Field('entity_id', new Utf8(), false),
    new Field('cutoff', new TimestampMillisecond('UTC'), false),
    new Field('at_risk', new Bool(), false),
    ...features.map(
      ({ name, unit, description }) =>
        new Field(name, new Float32(), true, new Map(Object.entries({ unit, description }))),
    ),
  ];
  const metadata = { view, cutoffs: cutoffs.map(formatDay).join(','), currency };
  return new Schema(fields, new Map(Object.entries(metadata)));
}

/** A table as record batches: one, or none where it has no rows. */
function batchesOf(table: FeatureTable, notes: TableNotes, schema: Schema): readonly RecordBatch[] {
  requireNoted(table, notes);
  if (rowCount(table) === 0) return [];
  return new Table(schema, {
    entity_id: vectorFromArray([...table.entities], new Utf8()),
    cutoff: vectorFromArray(Array.from(table.cutoffs), new TimestampMillisecond('UTC')),
    at_risk: vectorFromArray(Array.from(table.atRisk, Boolean), new Bool()),
    ...Object.fromEntries(table.names.map((name, i) => [name, nullable(table.columns[i])])),
  }).batches;
}

function nullable(values: Float32Array) {
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8));
  let nullCount = 0;
  values.forEach((value, row) => {
    if (Number.isNaN(value)) nullCount++;
    else nullBitmap[row >> 3] |= 1 << (row & 7);
  });
  return makeVector(makeData({ type: new Float32(), length: values.length, nullCount, data: values, nullBitmap }));
}

compressionRegistry.set(CompressionType.ZSTD, { decode: (data) => decodeZstd(data) });
compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: (data) => Uint8Array.from(lz4.decompress(data)) });

const ROWS_TOGETHER = 4096;

/** The names of a schema's columns in their order, each with those that are nested in it. */
export type ColumnNames = readonly { name: string; nested: ColumnNames }[];

/** Rows of Arrow as plain records, and the columns that its schema names. */
export interface ArrowBatch {
  columns: ColumnNames;
  records: Record<string, unknown>[];
}

/**
 * The rows of an Arrow IPC file or stream (Feather 2 included, compressed or not) as plain records, in batches; at least
 * one, without records where there are no rows. Points in time become Dates, decimals their digits, nested values plain
 * objects and lists.
 *
 * A stream is read by the record batch. A file is read whole before its first row, by the library: what it holds is
 * listed at its end.
 * @throws RangeError when the bytes are no Arrow
 */
export async function* readArrow(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ArrowBatch> {
  for await (const { schema, batch } of recordBatches(bytes)) {
    const columns = namesOf(schema.fields);
    if (batch === undefined) yield { columns, records: [] };
    for (let from = 0; batch !== undefined && from < batch.numRows; from += ROWS_TOGETHER) {
      yield { columns, records: recordsOf(batch.slice(from, Math.min(from + ROWS_TOGETHER, batch.numRows))) };
    }
  }
}

/** The schema alone, and then every batch with it. */
async function* recordBatches(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ schema: Schema; batch?: RecordBatch }> {
  try {
    const reader = await (await RecordBatchReader.from(bytes)).open();
    if (reader.schema == null) throw new RangeError('it has no schema');
    yield { schema: reader.schema };
    for await (const batch of reader) yield { schema: batch.schema, batch };
  } catch (error) {
    throw new RangeError(`it cannot be read as Arrow IPC (${(error as Error).message})`);
  }
}

function namesOf(fields: readonly Field[]): ColumnNames {
  return fields.map(({ name, type }) => ({ name, nested: DataType.isStruct(type) ? namesOf(type.children) : [] }));
}

function recordsOf(batch: RecordBatch): Record<string, unknown>[] {
  const records: Record<string, unknown>[] = Array.from({ length: batch.numRows }, () => ({}));
  batch.schema.fields.forEach(({ name, type }, column) => {
    const vector = batch.getChildAt(column);
    for (let row = 0; row < records.length; row++) {
      Object.defineProperty(records[row], name, {
        value: plain(vector?.get(row), type),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
  });
  return records;
}

/** A value of Arrow as JavaScript has it. */
function plain(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null;
  if (DataType.isDictionary(type)) return plain(value, type.dictionary);
  if (DataType.isTimestamp(type) || DataType.isDate(type)) return new Date(Number(value));
  if (DataType.isDecimal(type)) return withPoint(wholeOf(value as Uint32Array), type.scale);
  if (DataType.isFloat(type) && type.precision === Precision.SINGLE) return shortest(value as number);
  if (typeof value !== 'object' || value instanceof Uint8Array) return value;
  return plainNested(value, type);
}

function plainNested(value: object, type: DataType): unknown {
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) {
    return Array.from(value as Iterable<unknown>, (each) => plain(each, type.children[0].type));
  }
  if (DataType.isStruct(type)) {
    const values = Array.from(value as Iterable<[string, unknown]>, ([, each]) => each);
    return Object.fromEntries(type.children.map((field, i) => [field.name, plain(values[i], field.type)]));
  }
  if (DataType.isMap(type)) {
    const valueType = type.children[0].type.children[1].type;
    const entries = Array.from(value as Iterable<[unknown, unknown]>);
    return Object.fromEntries(entries.map(([key, each]) => [String(key), plain(each, valueType)]));
  }
  return JSON.parse(JSON.stringify(value, unquoted));
}

function unquoted(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** The whole number that 32-bit words are, the least first; the highest bit of the last is its sign. */
function wholeOf(words: Uint32Array): bigint {
  const unsigned = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return BigInt.asIntN(32 * words.length, unsigned);
}
