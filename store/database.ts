/**
 * PostgreSQL as the rest of the store sees it, whatever runs it. One contract, two drivers: `openPglite`, embedded,
 * and `openPostgres`. Sessions run in UTC; bigint and numeric arrive as numbers, dates as `yyyy-MM-dd`.
 */
export interface Database {
  /** Rows of one statement; parameters are `$1`, `$2` … */
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** @returns how many rows one statement inserted, updated or deleted */
  execute(sql: string, parameters?: readonly unknown[]): Promise<number>;
  /**
   * Rows in COPY's text format (see `copyLine`) into the columns of a table; no other statement until it has ended.
   * Only within a transaction: a server's pool has no one connection to write to.
   */
  copyIn(table: string, columns: readonly string[]): CopySink;
  /** The rows of a select in COPY's binary format, in pieces of any size (see `visitCopyRows`). */
  copyOut(select: string): AsyncIterable<Uint8Array>;
  /** All or nothing: what `work` did is undone when it throws. */
  transaction<Result>(work: (transaction: Database) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** Takes rows, and stores them while the next are made. */
export interface CopySink {
  /** @param lines whole lines, as UTF-8. Resolves when more may be written */
  write(lines: Uint8Array): Promise<void>;
  /** Resolves when all rows are stored. */
  end(): Promise<void>;
}

/** Stores rows that are there already, each made by `copyLine`. */
export async function copyRows(
  transaction: Database,
  table: string,
  columns: readonly string[],
  lines: readonly string[],
): Promise<void> {
  const sink = transaction.copyIn(table, columns);
  await sink.write(Buffer.from(lines.join('')));
  await sink.end();
}

/** A piece of text as an SQL literal, for statements that take no parameters (COPY). */
export function literal(text: string): string {
  if (text.includes('\0')) throw new RangeError('PostgreSQL text cannot hold a NUL character');
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
