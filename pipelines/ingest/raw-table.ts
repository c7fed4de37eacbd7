import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type ColumnNames, readArrow } from '../../features/index.ts';
import { readCsv, splitCsv } from './csv.ts';
import { parseRecord, readJsonLines } from './json-lines.ts';
import { readParquet } from './parquet.ts';
import type { Dialect, RawBatch, RawRow, RawTable } from './raw-rows.ts';
import { headerUnder, layOut, type RecordHeader, type SourceRecord, writeRecord } from './records.ts';

/** What is declared of a source, and the columns that are wanted of it. */
export interface Reading {
  delimiter?: string | undefined;
  encoding?: string | undefined;
  wanted: readonly string[];
}

/** Bytes as they come, and how far into their source they are. */
export interface ByteSource {
  bytes: AsyncIterable<Uint8Array>;
  at(): number;
}

/** Endings of the files that are looked for in directories. */
export const ENDINGS = /\.(csv|tsv|txt|jsonl|ndjson|json|parquet|arrow|feather|ipc|gz)$/i;

/** Endings of files that have no header line. */
const JSON_ENDINGS = /\.(jsonl|ndjson|json)$/i;

/** Bytes that are fetched at once: many, for the disk's sake. */
const FETCHED_TOGETHER = 1 << 18;
/** Bytes that are taken apart at once: few, so that rows die before the garbage collector has to move them. */
const READ_TOGETHER = 1 << 14;
/** How files begin (their magic numbers). */
const PARQUET = [0x50, 0x41, 0x52, 0x31];
const GZIP = [0x1f, 0x8b];
const ARROW_FILE = [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31];
const ARROW_STREAM = [0xff, 0xff, 0xff, 0xff];

/**
 * Opens a file as what its first bytes say it is: Parquet, Arrow IPC, JSON Lines, or else CSV; all but Parquet may be
 * gzipped.
 * @throws RangeError, now or while reading, when it is not what it begins as, is cut off, or shrinks meanwhile
 */
export async function openFile(path: string, reading: Reading): Promise<RawTable> {
  const { size, begin } = await firstBytes(path);
  if (size === 0 && JSON_ENDINGS.test(path)) throw new RangeError('it is empty');
  if (begins(begin, PARQUET)) return { dialect: { format: 'parquet' }, batches: parquet(path, size, reading) };
  const file = createReadStream(path, { highWaterMark: FETCHED_TOGETHER });
  const at = () => file.bytesRead;
  if (begins(begin, GZIP)) {
    // What goes wrong is told by the stream that is read.
    return openBytes({ bytes: unpacked(pipeline(file, createGunzip(), () => {})), at }, reading);
  }
  return openBytes({ bytes: unshrunk(file, at, size), at }, reading);
}

/** Opens bytes as what the first of them say they are: Arrow IPC, JSON Lines, or else CSV. */
export async function openBytes({ bytes, at }: ByteSource, reading: Reading): Promise<RawTable> {
  const { first, all } = await peek(inPieces(bytes));
  if (begins(first, ARROW_FILE) || begins(first, ARROW_STREAM)) {
    return { dialect: { format: 'arrow' }, batches: arrow(all, at, reading) };
  }
  if (beginsAsJson(first)) return { dialect: { format: 'json' }, batches: jsonLines(all, at, reading) };
  const dialect: Dialect = { format: 'csv', delimiter: reading.delimiter };
  return { dialect, batches: csv(all, at, dialect, reading.encoding) };
}

/** A row of a source from its text, as it was kept. */
export function rowFromText(text: string, line: number, header: readonly string[], dialect: Dialect): RawRow {
  if (dialect.format === 'csv') {
    const fields = splitCsv(text, dialect.delimiter ?? ',');
    return fields
      ? { line, fields, raw: text }
      : { line, fields, fault: 'the quotes of this row do not match', raw: text };
  }
  const record = parseRecord(text);
  return record
    ? { line, fields: layOut(header)(record), raw: text }
    : { line, fields: null, fault: 'this line is no JSON object', raw: text };
}

async function* csv(
  bytes: AsyncIterable<Uint8Array>,
  at: () => number,
  dialect: Dialect,
  encoding?: string,
): AsyncGenerator<RawBatch> {
  let header: readonly string[] | undefined;
  for await (const batch of readCsv(bytes, dialect, encoding)) {
    const rows = header ? batch : batch.slice(1);
    if (header === undefined) {
      if (batch[0].fields === null) throw new RangeError('the quotes of its header do not match');
      header = batch[0].fields.map((name) => name.trim());
    }
    yield { header, rows, bytes: at() };
  }
}

async function* jsonLines(bytes: AsyncIterable<Uint8Array>, at: () => number, { wanted, encoding }: Reading) {
  for await (const batch of readJsonLines(bytes, wanted, encoding)) yield { ...batch, bytes: at() };
}

async function* arrow(bytes: AsyncIterable<Uint8Array>, at: () => number, { wanted }: Reading) {
  const laidOut = new LaidOut(wanted);
  for await (const { columns, records } of readArrow(bytes)) yield { ...laidOut.add(columns, records), bytes: at() };
  laidOut.end();
}

async function* parquet(path: string, size: number, { wanted }: Reading) {
  const laidOut = new LaidOut(wanted);
  for await (const { columns, records, share } of readParquet(path)) {
    yield { ...laidOut.add(columns, records), bytes: share * size };
  }
  laidOut.end();
}

/** Records laid out under the header that their schema and the first of them give, numbered from 1. */
class LaidOut {
  readonly #wanted: readonly string[];
  #columns: RecordHeader | undefined;
  #count = 0;

  constructor(wanted: readonly string[]) {
    this.#wanted = wanted;
  }

  add(schema: ColumnNames, records: readonly SourceRecord[]): RecordHeader & { rows: RawRow[] } {
    this.#columns ??= headerUnder(schema, records, this.#wanted);
    const fieldsOf = layOut(this.#columns.header);
    const rows = records.map((record) => {
      this.#count++;
      return { line: this.#count, fields: fieldsOf(record), raw: () => writeRecord(record) };
    });
    this.#columns.absent.look(rows);
    return { ...this.#columns, rows };
  }

  /** @throws RangeError when a required column has not come */
  end(): void {
    this.#columns?.absent.end();
  }
}

async function firstBytes(path: string): Promise<{ size: number; begin: Uint8Array }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(new Uint8Array(8), 0, 8, 0);
    return { size, begin: buffer.subarray(0, bytesRead) };
  } finally {
    await file.close();
  }
}

function begins(bytes: Uint8Array | undefined, magic: readonly number[]): boolean {
  return bytes !== undefined && magic.every((byte, i) => bytes[i] === byte);
}

/** A header of CSV may begin with a name in brackets, `[partner_id]` or `{Partner}`: no JSON does. */
const BRACKETED_NAME = /^[{[][^"'{}[\]:,]*\p{L}[^"'{}[\]:,]*[}\]]/u;

/** Whether the first thing that is no blank, after a byte order mark, opens an object or a list. */
function beginsAsJson(bytes: Uint8Array | undefined): boolean {
  if (bytes === undefined) return false;
  const text = Buffer.from(bytes.subarray(0, 1024))
    .toString('latin1')
    .replace(/^(?:ï»¿)?\s*/, '');
  return /^[{[]/.test(text) && !BRACKETED_NAME.test(text);
}

async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length; at += READ_TOGETHER) yield piece.subarray(at, at + READ_TOGETHER);
  }
}

async function peek(bytes: AsyncIterable<Uint8Array>) {
  const iterator = bytes[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      for (let next = first; !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { first: first.done ? undefined : first.value, all: all() };
}

async function* unshrunk(bytes: AsyncIterable<Uint8Array>, at: () => number, size: number) {
  yield* bytes;
  if (at() < size) throw new RangeError(`it ended after ${at()} of ${size} bytes: it shrank while it was read`);
}

async function* unpacked(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw new RangeError(`it cannot be unpacked to its end (${(error as Error).message})`);
  }
}
