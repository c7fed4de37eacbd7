import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { SourceRecord } from './records.ts';

const ROWS_TOGETHER = 4096;

/** Records that were read together, and the share of the file's rows that has been. */
export interface ParquetBatch {
  records: SourceRecord[];
  share: number;
}

/**
 * The rows of a Parquet file in batches; memory is bounded by one of its row groups.
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
  const metadata = await parquetMetadataAsync(file);
  const total = Number(metadata.num_rows);
  let begin = 0;
  for (const group of metadata.row_groups) {
    const end = begin + Number(group.num_rows);
    const columns = new Map<string, { from: number; values: ArrayLike<unknown> }[]>();
    await parquetRead({
      file,
      metadata,
      compressors,
      rowStart: begin,
      rowEnd: end,
      onChunk({ columnName, columnData, rowStart }) {
        const pieces = columns.get(columnName) ?? [];
        pieces.push({ from: rowStart, values: columnData });
        columns.set(columnName, pieces);
      },
    });
    for (let from = begin; from < end; from += ROWS_TOGETHER) {
      const to = Math.min(end, from + ROWS_TOGETHER);
      yield { records: assemble(columns, from, to), share: to / total };
    }
    begin = end;
  }
}

function assemble(
  columns: ReadonlyMap<string, { from: number; values: ArrayLike<unknown> }[]>,
  from: number,
  to: number,
): SourceRecord[] {
  const rows: [string, unknown][][] = Array.from({ length: to - from }, () => []);
  for (const [name, pieces] of columns) {
    for (const { from: begin, values } of pieces) {
      const last = Math.min(to, begin + values.length);
      for (let row = Math.max(from, begin); row < last; row++) rows[row - from].push([name, values[row - begin]]);
    }
  }
  return rows.map((entries) => Object.fromEntries(entries));
}
