import type { ArrowBatch } from './arrow.ts';
import type { FeatureTable } from './feature-table.ts';
import type { TableNotes } from './table-notes.ts';

/*
 * Arrow and Parquet at the door of this folder: their packages are loaded when a file is first read or written. Most
 * commands and every thread that computes features do neither, and loading them would take half of a thread's start.
 */

/** A feature table as an Arrow file: see `arrow.ts`. */
export async function* arrowBytes(
  tables: AsyncIterable<FeatureTable>,
  notes: TableNotes,
): AsyncGenerator<Uint8Array, void> {
  yield* (await import('./arrow.ts')).arrowBytes(tables, notes);
}

/** The rows of an Arrow file or stream: see `arrow.ts`. */
export async function* readArrow(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ArrowBatch> {
  yield* (await import('./arrow.ts')).readArrow(bytes);
}

/** A feature table as a Parquet file: see `parquet.ts`. */
export async function* parquetBytes(
  tables: AsyncIterable<FeatureTable>,
  notes: TableNotes,
): AsyncGenerator<Uint8Array, void> {
  yield* (await import('./parquet.ts')).parquetBytes(tables, notes);
}
