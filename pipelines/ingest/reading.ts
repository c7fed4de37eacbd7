import { problem } from '../../store/index.ts';
import { theirColumns } from './columns.ts';
import type { InputSource } from './files.ts';
import type { Dialect } from './raw-rows.ts';
import { type Knowing, type ReadRows, RowReader, type Understood } from './rows.ts';

/** Rows of one source that were read together. */
export interface ReadBatch extends ReadRows {
  /** How far into the source the reader is. */
  bytes: number;
  header: readonly string[];
  dialect: Dialect;
  understood: Understood;
}

/**
 * Reads one source in batches; memory is bounded by a batch.
 * @throws a problem `DATA_REFUSED` naming the source when it cannot be decoded, is empty, ends early, or its columns do
 *   not fit
 */
export async function* readSource(source: InputSource, knowing: Knowing): AsyncGenerator<ReadBatch> {
  let reader: RowReader | undefined;
  try {
    const { dialect, batches } = await source.open(theirColumns(source.table));
    for await (const { header, absent, rows, bytes } of batches) {
      reader ??= new RowReader({ header, absent, format: dialect.format }, source.table, knowing, source.countsBroken);
      yield { ...reader.read(rows), bytes, header, dialect, understood: reader.understood };
    }
  } catch (error) {
    throw refusal(source.name, error);
  }
  if (!reader)
    throw problem('DATA_REFUSED', `${source.name} is refused: it is empty, where a header line was expected.`);
}

/** An error of reading in words, with the name of what was read. */
export function refusal(name: string, error: unknown): unknown {
  if (error instanceof RangeError) return problem('DATA_REFUSED', `${name} is refused: ${error.message}.`);
  if (error instanceof Error && 'syscall' in error) {
    return problem('DATA_REFUSED', `${name} cannot be read: ${error.message}.`);
  }
  return error;
}
