import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type SchemaElement,
  type SchemaTree,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { type ColumnNames, shortest, withPoint } from '../../features/index.ts';
import type { SourceRecord } from './records.ts';

const ROWS_TOGETHER = 4096;

/** Records that were read together, the columns that the schema names, and the share of the file's rows that was read. */
export interface ParquetBatch {
  columns: ColumnNames;
  records: SourceRecord[];
  share: number;
}

/**
 * The rows of a Parquet file in batches, at least one, without records where there are no rows; memory is bounded
 * by one of its row groups.
 * @throws RangeError when the file is no Parquet
 */
export async function* readParquet(path: string): AsyncGenerator<ParquetBatch> {
  try {
    yield* readGroups(path);
  } catch (error) {
    throw new RangeError(`it cannot be read as Parquet (${(error as Error).message})`);
  }
}

async function* readGroups(path: string): AsyncGenerator<ParquetBatch> {
  const file = await asyncBufferFromFile(path);
  const metadata = withRawDecimals(await parquetMetadataAsync(file));
  const schema = parquetSchema(metadata).children;
  const columns = namesOf(schema);
  const readers = new Map(schema.map((node) => [node.element.name, readerOf(node)]));
  const total = Number(metadata.num_rows);
  yield { columns, records: [], share: 0 };
  let begin = 0;
  for (const group of metadata.row_groups) {
    const end = begin + Number(group.num_rows);
    const pieces: Piece[] = [];
    await parquetRead({
      file,
      metadata,
      compressors,
      rowStart: begin,
      rowEnd: end,
      onChunk: ({ columnName, columnData, rowStart }) =>
        pieces.push({ name: columnName, from: rowStart, values: columnData }),
    });
    for (let from = begin; from < end; from += ROWS_TOGETHER) {
      const to = Math.min(end, from + ROWS_TOGETHER);
      yield { columns, records: assemble(pieces, readers, from, to), share: to / total };
    }
    begin = end;
  }
}

/** Values of a column, the first of them that of the row `from`. */
interface Piece {
  name: string;
  from: number;
  values: ArrayLike<unknown>;
}

function assemble(
  pieces: readonly Piece[],
  readers: ReadonlyMap<string, Reader | null>,
  from: number,
  to: number,
): SourceRecord[] {
  const rows: [string, unknown][][] = Array.from({ length: to - from }, () => []);
  for (const { name, from: begin, values } of pieces) {
    const read = readers.get(name) ?? ((value) => value);
    const last = Math.min(to, begin + values.length);
    for (let row = Math.max(from, begin); row < last; row++) rows[row - from].push([name, read(values[row - begin])]);
  }
  return rows.map((entries) => Object.fromEntries(entries));
}

function namesOf(nodes: readonly SchemaTree[]): ColumnNames {
  return nodes.map((node) => ({
    name: node.element.name,
    nested: isStruct(node) ? namesOf(node.children) : [],
  }));
}

/** Whether it is a group of columns, and no list or map. */
function isStruct({ element, children }: SchemaTree): boolean {
  const { converted_type: type, repetition_type: repetition, logical_type: logical } = element;
  return children.length > 0 && type === undefined && repetition !== 'REPEATED' && logical?.type !== 'VARIANT';
}

/** What a value of the library is made into. */
type Reader = (value: unknown) => unknown;

/** Makes values of a column what they say; null where the library has done so. */
function readerOf(node: SchemaTree): Reader | null {
  const whole = readerOfOne(node);
  if (whole === null) return null;
  const read: Reader = (value) => (value === null || value === undefined ? null : whole(value));
  return node.element.repetition_type === 'REPEATED' ? (value) => ofEach(value, read) : read;
}

function readerOfOne({ element, children }: SchemaTree): Reader | null {
  if (children.length === 0) return readerOfLeaf(element);
  const readers = new Map(children.map((child) => [child.element.name, readerOf(child)]));
  if ([...readers.values()].every((read) => read === null)) return null;
  // The library leaves out the groups that lists and maps are wrapped in.
  if (element.converted_type === 'LIST') {
    const [wrapper] = children;
    const read = wrapper.children.length === 1 ? readerOf(wrapper.children[0]) : readerOfOne(wrapper);
    return (value) => ofEach(value, read);
  }
  const values = element.converted_type === 'MAP' ? readerOf(children[0].children[1]) : undefined;
  return (value) => ofFields(value, (name) => (values === undefined ? readers.get(name) : values));
}

function ofEach(value: unknown, read: Reader | null): unknown {
  return Array.isArray(value) && read ? value.map(read) : value;
}

function ofFields(value: unknown, reader: (name: string) => Reader | null | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, (reader(name) ?? ((v) => v))(each)]));
}

function readerOfLeaf(element: SchemaElement): Reader | null {
  const scale = scaleOf(element);
  if (element.type === 'FLOAT') return (value) => shortest(value as number);
  // Of this kind the library gives products of floats; so many digits of them are right.
  if (element.converted_type === 'DECIMAL') return (value) => (value as number).toFixed(scale);
  return isDecimal(element) ? (value) => withPoint(wholeOf(value as number | bigint | Uint8Array), scale) : null;
}

function isDecimal({ converted_type: type, logical_type: logical }: SchemaElement): boolean {
  return type === 'DECIMAL' || logical?.type === 'DECIMAL';
}

/**
 * Metadata by which the library leaves decimals as the whole numbers they are stored as: what it makes of them is a
 * product of floats, and ids of many digits would become one another. It knows no other way to get at them; those of
 * variable length it would take for text.
 */
function withRawDecimals(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element) => {
    if (!isDecimal(element) || element.type === 'BYTE_ARRAY') return element;
    const { converted_type: _, ...raw } = element;
    return { ...raw, logical_type: { type: 'DECIMAL', precision: 0, scale: scaleOf(element) } as const };
  });
  return { ...metadata, schema };
}

function scaleOf({ scale, logical_type: logical }: SchemaElement): number {
  return scale ?? (logical?.type === 'DECIMAL' ? logical.scale : 0);
}

/** A whole number as Parquet stores it: in bytes, the most significant first. */
function wholeOf(stored: number | bigint | Uint8Array): bigint {
  if (!(stored instanceof Uint8Array)) return BigInt(stored);
  return BigInt.asIntN(8 * stored.length, BigInt(`0x${Buffer.from(stored).toString('hex') || '0'}`));
}
