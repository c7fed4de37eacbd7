import type { LateColumns } from './records.ts';

/** One row as its source has it. */
export interface RawRow {
  /** Line of the text, or number of the record, counted from 1. */
  line: number;
  /** One text per column of the header, empty for nothing; null when the row cannot be taken apart. */
  fields: readonly string[] | null;
  /** Why it cannot. */
  fault?: string;
  /** The row as text; put together only when it is wanted. */
  raw: string | (() => string);
}

/** Rows that were read together. */
export interface RawBatch {
  /** The same for every batch of a source. */
  header: readonly string[];
  /** Columns of the header that no record so far has, and later ones may. */
  absent?: LateColumns | undefined;
  rows: readonly RawRow[];
  /** How far into the source the reader is. */
  bytes: number;
}

/** What a source turned out to be. */
export interface Dialect {
  format: 'csv' | 'json' | 'parquet' | 'arrow';
  /** What stands between the fields of CSV. */
  delimiter?: string | undefined;
}

/** A source that is being read; `dialect` holds from the first batch on. */
export interface RawTable {
  dialect: Dialect;
  batches: AsyncGenerator<RawBatch>;
}

/** The text of a row. */
export function rawText(row: RawRow): string {
  return typeof row.raw === 'string' ? row.raw : row.raw();
}
