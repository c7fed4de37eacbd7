import {
  Bool,
  CompressionType,
  compressionRegistry,
  DataType,
  Float32,
  makeData,
  makeVector,
  type RecordBatch,
  RecordBatchReader,
  Table,
  TimestampMillisecond,
  tableToIPC,
  Utf8,
  util,
  vectorFromArray,
} from 'apache-arrow';
import { decompress as decodeZstd } from 'fzstd';
import lz4 from 'lz4js';
import type { FeatureTable } from './feature-table.ts';

/**
 * A feature table as an Arrow IPC file: `entity_id` (utf8), `cutoff` (timestamp in milliseconds, UTC), `at_risk`
 * (bool), then one float32 column per feature; unknown is null.
 */
export function toArrow(table: FeatureTable): Uint8Array {
  const columns = Object.fromEntries(table.names.map((name, i) => [name, nullable(table.columns[i])]));
  return tableToIPC(
    new Table({
      entity_id: vectorFromArray([...table.entities], new Utf8()),
      cutoff: vectorFromArray(Array.from(table.cutoffs), new TimestampMillisecond('UTC')),
      at_risk: vectorFromArray(Array.from(table.atRisk, Boolean), new Bool()),
      ...columns,
    }),
    'file',
  );
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

/**
 * The rows of an Arrow IPC file or stream (Feather 2 included, compressed or not) as plain records, in batches; memory
 * is bounded by a record batch. Points in time become Dates, nested values plain objects and lists.
 * @throws RangeError when the bytes are no Arrow
 */
export async function* readArrow(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Record<string, unknown>[]> {
  for await (const batch of recordBatches(bytes)) {
    for (let from = 0; from < batch.numRows; from += ROWS_TOGETHER) {
      yield recordsOf(batch.slice(from, Math.min(from + ROWS_TOGETHER, batch.numRows)));
    }
  }
}

async function* recordBatches(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<RecordBatch> {
  try {
    yield* await RecordBatchReader.from(bytes);
  } catch (error) {
    throw new RangeError(`it cannot be read as Arrow IPC (${(error as Error).message})`);
  }
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
  if (DataType.isDecimal(type)) return decimal(value as Uint32Array, type.scale);
  if (typeof value === 'object' && !(value instanceof Uint8Array)) return JSON.parse(JSON.stringify(value, unquoted));
  return value;
}

function unquoted(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** The digits of a decimal with its point. */
function decimal(words: Uint32Array, scale: number): string {
  const unscaled = String(util.BN.decimal(words));
  const digits = unscaled.replace('-', '').padStart(scale + 1, '0');
  const point = digits.length - scale;
  const sign = unscaled.startsWith('-') ? '-' : '';
  return scale > 0 ? `${sign}${digits.slice(0, point)}.${digits.slice(point)}` : `${sign}${digits}`;
}
