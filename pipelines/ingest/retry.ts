import type { Instant } from '../../features/index.ts';
import {
  beginLoad,
  beginStaging,
  type Database,
  type LoadLayout,
  mergeStaged,
  type RefusingLoad,
  refusedRows,
  refusingLoads,
  releaseRefused,
} from '../../store/index.ts';
import { theirColumns } from './columns.ts';
import type { FileReport } from './ingest.ts';
import { type Mapping, restoreTable, type TableMapping, tablesFor, writeTable } from './mapping.ts';
import type { Dialect } from './raw-rows.ts';
import { rowFromText } from './raw-table.ts';
import { refusal } from './reading.ts';
import { RowReader } from './rows.ts';
import { Stager } from './stager.ts';

/** What became of the refused rows of the loads. */
export interface RetryReport {
  files: Omit<FileReport, 'understood' | 'has_known_at'>[];
  /** Files whose refused rows, or some of them, were not tried again, and why; they stay refused. */
  leftAlone: { file: string; reason: string }[];
}

/**
 * Tries all refused rows again, as they were read then or by a mended mapping. Those that pass are stored, the others
 * are refused again with the reason of today; all or nothing.
 * @param mapping the mended one: it is used for the files it matches
 * @throws a problem `DATA_REFUSED` when the mended mapping does not fit the columns of a file
 */
export async function retryRefused(database: Database, now: Instant, mapping?: Mapping): Promise<RetryReport> {
  return database.transaction(async (transaction) => {
    await beginLoad(transaction);
    const report: RetryReport = { files: [], leftAlone: [] };
    for (const load of await refusingLoads(transaction)) {
      const table = tableOf(load, mapping);
      if (typeof table === 'string') report.leftAlone.push({ file: load.file, reason: table });
      else await retryLoad(transaction, load, table, now, report);
    }
    return report;
  });
}

/** How to read the rows of a load, or why they cannot be read. */
function tableOf(
  { file, target, source, layout, whole }: RefusingLoad,
  mapping: Mapping | undefined,
): TableMapping | string {
  if (layout === null) return 'it was loaded before this was kept; load the file again';
  if (whole === 0)
    return 'its refused rows were too long to be kept, or could not be kept as they were; load the file again';
  const before = restoreTable(layout.table);
  if (mapping === undefined) return before;
  if (mapping.source !== source) return `it is of the source "${source}", and the mapping is of "${mapping.source}"`;
  const tables = tablesFor(mapping, file).filter(({ to }) => to.name === target);
  const alike = tables.filter(({ where }) => JSON.stringify(where) === JSON.stringify(before.where));
  const table = tables.length === 1 ? tables[0] : alike[0];
  if (tables.length === 0) return `the mapping does not say how to read it as ${target}`;
  if (table === undefined)
    return `the mapping reads it as ${target} in several ways, none of them for the rows of then`;
  return { ...table, date_format: datesOf(table, before) };
}

/** Dates are read as the mended mapping says, or else as they were found to be written in the whole file. */
function datesOf({ date_format }: TableMapping, before: TableMapping): TableMapping['date_format'] {
  if (typeof date_format === 'string' || typeof before.date_format === 'string') return date_format;
  return { ...before.date_format, ...date_format };
}

async function retryLoad(
  transaction: Database,
  load: RefusingLoad,
  table: TableMapping,
  now: Instant,
  report: RetryReport,
): Promise<void> {
  const { source, file, target, loadId } = load;
  const layout = load.layout as LoadLayout;
  const { asHappened, lagDays } = layout;
  await beginStaging(transaction, target);
  const { staged, leftOut } = await restage(transaction, load, layout, table, now);
  await releaseRefused(transaction, loadId, leftOut);
  const counts = await mergeStaged(transaction, staged, {
    source,
    input: target,
    file,
    backfill: false,
    lagDays: asHappened ? lagDays : null,
    now: new Date(now),
    layout: { ...layout, table: writeTable(table), retryOf: layout.retryOf ?? loadId },
  });
  report.files.push({ file, table: target, ...counts, left_out: leftOut.length });
  const rest = load.rows - load.whole;
  if (leftOut.length > 0)
    report.leftAlone.push({ file, reason: `${leftOut.length} rows are no ${target} by the mapping` });
  if (rest > 0) report.leftAlone.push({ file, reason: `${rest} rows were not kept whole; load the file again` });
}

/** Reads the refused rows of a load anew; those the mapping leaves out stay where they are. */
async function restage(
  transaction: Database,
  load: RefusingLoad,
  layout: LoadLayout,
  table: TableMapping,
  now: Instant,
): Promise<{ staged: number; leftOut: number[] }> {
  const dialect = layout.dialect as Dialect;
  const isText = dialect.format === 'csv';
  const header = isText ? layout.header : [...new Set([...layout.header, ...theirColumns(table)])];
  const stager = new Stager(transaction, load.target);
  const leftOut: number[] = [];
  try {
    const reader = new RowReader({ header, format: dialect.format }, table, {
      source: load.source,
      now,
      lagDays: layout.lagDays,
    });
    for await (const refused of refusedRows(transaction, load.loadId)) {
      for (const { line, raw } of refused) {
        const read = reader.read([rowFromText(raw, line, header, dialect)]);
        if (read.leftOut > 0) leftOut.push(line);
        await stager.add(read);
      }
      // The next page is read by the same connection.
      await stager.pause();
    }
  } catch (error) {
    throw refusal(load.file, error);
  }
  return { staged: await stager.pause(), leftOut };
}
