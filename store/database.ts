/**
 * PostgreSQL as the rest of the store sees it, whatever runs it. One contract, two drivers: `openPglite`, embedded,
 * and `openPostgres`. Sessions run in UTC; bigint and numeric arrive as numbers, dates as `yyyy-MM-dd`.
 */
export interface Database {
  /** Rows of one statement; parameters are `$1`, `$2` … */
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** @returns how many rows one statement inserted, updated or deleted */
  execute(sql: string, parameters?: readonly unknown[]): Promise<number>;
  /** Rows in COPY's text format (see `copyLine`) into the columns of a table. */
  copyIn(table: string, columns: readonly string[], lines: string | Uint8Array): Promise<void>;
  /** The rows of a select in COPY's binary format, in pieces of any size (see `readCopyBinary`). */
  copyOut(select: string): AsyncIterable<Uint8Array>;
  /** All or nothing: what `work` did is undone when it throws. */
  transaction<Result>(work: (transaction: Database) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** A piece of text as an SQL literal, for statements that take no parameters (COPY). */
export function literal(text: string): string {
  if (text.includes('\0')) throw new RangeError('PostgreSQL text cannot hold a NUL character');
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
