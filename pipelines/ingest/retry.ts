import type { Instant } from '../../features/index.ts';
import {
  beginLoad,
  beginStaging,
  type Database,
  type LoadLayout,
  mergeStaged,
  type Reconciliation,
  type RefusingLoad,
  refusedRows,
  refusingLoads,
  releaseRefused,
} from '../../store/index.ts';
import type { FileReport } from './ingest.ts';
import { type Mapping, restoreTable, type TableMapping, tablesFor, writeTable } from './mapping.ts';
import type { Dialect } from './raw-rows.ts';
import { rowFromText } from './raw-table.ts';
import { RowReader } from './rows.ts';
import { Stager } from './stager.ts';

/** What became of the refused rows of the loads. */
export interface RetryReport {
  files: Omit<FileReport, 'understood' | 'hasKnownAt'>[];
  /** Files whose refused rows cannot be tried again, and why. */
  leftAlone: { file: string; reason: string }[];
}

/**
 * Tries all refused rows again, as they were read then or by a mended mapping. Those that pass are stored, the others
 * are refused again with the reason of today; all or nothing.
 * @param mapping the mended one: it is used for the files it matches
 */
export async function retryRefused(database: Database, now: Instant, mapping?: Mapping): Promise<RetryReport> {
  return database.transaction(async (transaction) => {
    await beginLoad(transaction);
    const report: RetryReport = { files: [], leftAlone: [] };
    for (const load of await refusingLoads(transaction)) {
      const table = tableOf(load, mapping);
      if (typeof table === 'string') report.leftAlone.push({ file: load.file, reason: table });
      else report.files.push(await retryLoad(transaction, load, load.layout as LoadLayout, table, now));
    }
    return report;
  });
}

/** How to read the rows of a load, or why they cannot be read. */
function tableOf({ file, target, source, layout }: RefusingLoad, mapping: Mapping | undefined): TableMapping | string {
  if (layout === null) return 'it was loaded before this was kept; load the file again';
  if (mapping === undefined) return restoreTable(layout.table);
  if (mapping.source !== source) return `it is of the source "${source}", and the mapping is of "${mapping.source}"`;
  const table = tablesFor(mapping, file).find(({ to }) => to.name === target);
  return table ?? `the mapping does not say how to read it as ${target}`;
}

async function retryLoad(
  transaction: Database,
  load: RefusingLoad,
  layout: LoadLayout,
  table: TableMapping,
  now: Instant,
): Promise<RetryReport['files'][number]> {
  const { source, file, target } = load;
  const { header, asHappened, lagDays } = layout;
  const dialect = layout.dialect as Dialect;
  await beginStaging(transaction, target);
  const reader = new RowReader({ header }, table, { source, now, lagDays, asHappened });
  const stager = new Stager(transaction, target);
  let leftOut = 0;
  for await (const refused of refusedRows(transaction, load.loadId)) {
    const rows = reader.read(refused.map(({ line, raw }) => rowFromText(raw, line, header, dialect)));
    leftOut += rows.leftOut;
    await stager.add(rows);
    // The next page is read by the same connection.
    await stager.pause();
  }
  const staged = await stager.pause();
  await releaseRefused(transaction, load.loadId);
  const counts: Reconciliation = await mergeStaged(transaction, staged, {
    source,
    input: target,
    file,
    backfill: false,
    lagDays: asHappened ? lagDays : null,
    now: new Date(now),
    layout: { ...layout, table: writeTable(table), retryOf: layout.retryOf ?? load.loadId },
  });
  return { file, table: target, ...counts, left_out: leftOut };
}
