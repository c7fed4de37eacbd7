import { createReadStream } from 'node:fs';
import { problem, type Refusal, type StagedRow } from '../../store/index.ts';
import { readCsv } from './csv.ts';
import type { InputFile } from './files.ts';
import { type Knowing, rowReader } from './rows.ts';

/** Rows of one file that were read together. */
export interface ReadBatch {
  rows: StagedRow[];
  refusals: Refusal[];
  /** How far into the file the reader is. */
  bytes: number;
  /** Columns of the file that nothing reads. */
  ignored: readonly string[];
}

/**
 * Reads one file in batches; memory is bounded by a batch.
 * @throws a problem `DATA_REFUSED` naming the file when it cannot be decoded, is empty, or its header does not fit
 */
export async function* readFile(file: InputFile, knowing: Knowing): AsyncGenerator<ReadBatch> {
  const stream = createReadStream(file.path, { highWaterMark: 1 << 18 });
  let reader: ReturnType<typeof rowReader> | undefined;
  try {
    for await (const batch of readCsv(stream, file.table.delimiter)) {
      const rows = reader ? batch : batch.slice(1);
      reader ??= rowReader(headerOf(batch[0].fields), file.table, knowing);
      const { read, ignored } = reader;
      const results = rows.map(read);
      yield {
        rows: results.filter((result): result is StagedRow => 'content' in result),
        refusals: results.filter((result): result is Refusal => 'reason' in result),
        bytes: stream.bytesRead,
        ignored,
      };
    }
  } catch (error) {
    if (error instanceof RangeError) throw problem('DATA_REFUSED', `${file.name} is refused: ${error.message}.`);
    throw error;
  } finally {
    stream.destroy();
  }
  if (!reader) throw problem('DATA_REFUSED', `${file.name} is refused: it is empty, where a header line was expected.`);
}

function headerOf(fields: string[] | null): string[] {
  if (fields === null) throw new RangeError('the quotes of its header do not match');
  return fields;
}
