import type { Instant } from '../../features/index.ts';
import {
  beginLoad,
  beginStaging,
  type Database,
  hasLoaded,
  type InputName,
  mergeStaged,
  problem,
  type Reconciliation,
  type Refusal,
  stage,
  stageRefused,
} from '../../store/index.ts';
import { findFiles, type InputFile } from './files.ts';
import type { Mapping } from './mapping.ts';
import { type ReadBatch, readFile } from './reading.ts';

/** How to load. */
export interface IngestSettings {
  mapping: Mapping;
  /** Old history that is loaded late: it counts as known when it happened, not from today. */
  backfill: boolean;
  /** A file with a larger share of bad rows is refused whole: a percentage. */
  maxBad: number;
  now: Instant;
  progress?(file: string, bytes: number, total: number): void;
}

/** What became of one file. */
export interface FileReport extends Reconciliation {
  file: string;
  table: string;
}

/** What became of a whole load. */
export interface IngestReport {
  files: FileReport[];
  total: Reconciliation;
  passedOver: string[];
  /** Columns that nothing reads, by file. */
  ignored: Record<string, readonly string[]>;
  /** Files whose facts count as known only from today, though they may be old. */
  knownFromToday: string[];
}

/**
 * Loads files, all or nothing: a kill at any moment, or one refused file, leaves the store as it was.
 * @throws a problem `DATA_REFUSED` when a file cannot be decoded or has too many bad rows
 */
export async function ingest(
  database: Database,
  paths: readonly string[],
  settings: IngestSettings,
): Promise<IngestReport> {
  const { files, passedOver } = findFiles(paths, settings.mapping);
  return database.transaction(async (transaction) => {
    await beginLoad(transaction);
    const first = await firstLoads(transaction, files, settings.mapping.source);
    const report: IngestReport = { files: [], total: sum([]), passedOver, ignored: {}, knownFromToday: [] };
    for (const file of files) {
      const asHappened = settings.backfill || first.has(file.table.to.name);
      const { counts, ignored, assumed } = await load(transaction, file, asHappened, settings);
      report.files.push({ file: file.path, table: file.table.to.name, ...counts });
      if (ignored.length > 0) report.ignored[file.path] = ignored;
      if (assumed && !asHappened && counts.stored > 0) report.knownFromToday.push(file.path);
    }
    report.total = sum(report.files);
    return report;
  });
}

/** The inputs of a source that have never been loaded, decided before the first file of the command is. */
async function firstLoads(transaction: Database, files: readonly InputFile[], source: string): Promise<Set<string>> {
  const first = new Set<string>();
  for (const { table } of files) if (!(await hasLoaded(transaction, source, table.to.name))) first.add(table.to.name);
  return first;
}

async function load(transaction: Database, file: InputFile, asHappened: boolean, settings: IngestSettings) {
  const { mapping, now, maxBad, backfill, progress } = settings;
  const input = file.table.to.name;
  await beginStaging(transaction, input);
  const tally = { rows: 0, bad: 0, examples: [] as Refusal[] };
  let ignored: readonly string[] = [];
  let assumed = false;
  let writing: Promise<void> = Promise.resolve();
  for await (const batch of readFile(file, { source: mapping.source, now, lagDays: mapping.lagDays, asHappened })) {
    await writing;
    writing = write(transaction, input, batch);
    // Told when it is awaited, in the next round; the rows after it are read in the meantime.
    writing.catch(() => {});
    tally.rows += batch.rows.length + batch.refusals.length;
    tally.bad += batch.refusals.length;
    tally.examples.push(...batch.refusals.slice(0, EXAMPLES - tally.examples.length));
    ignored = batch.ignored;
    assumed ||= batch.rows.some((row) => !row.explicit);
    progress?.(file.path, batch.bytes, file.bytes);
  }
  await writing;
  if (tally.bad > (tally.rows * maxBad) / 100) throw tooMuch(file, tally, maxBad);
  const counts = await mergeStaged(transaction, {
    source: mapping.source,
    input,
    file: file.path,
    backfill,
    lagDays: asHappened ? mapping.lagDays : null,
    now: new Date(now),
  });
  return { counts, ignored, assumed };
}

async function write(transaction: Database, input: InputName, { rows, refusals }: ReadBatch): Promise<void> {
  if (rows.length > 0) await stage(transaction, input, rows);
  if (refusals.length > 0) await stageRefused(transaction, refusals);
}

const EXAMPLES = 5;

function tooMuch(
  file: InputFile,
  { rows, bad, examples }: { rows: number; bad: number; examples: Refusal[] },
  maxBad: number,
) {
  const shown = examples.map(
    ({ line, column, reason }) => `  line ${line}${column === null ? '' : `, ${column}`}: ${reason}`,
  );
  return problem(
    'DATA_REFUSED',
    `${file.name} is refused: ${bad} of ${rows} rows are bad, more than ${maxBad} %. Nothing was stored. The first:\n` +
      `${shown.join('\n')}\nMend the file or the mapping, or allow more with --max-bad.`,
  );
}

function sum(reports: readonly Reconciliation[]): Reconciliation {
  const total = { read: 0, stored: 0, duplicate: 0, quarantined: 0 };
  for (const report of reports) {
    total.read += report.read;
    total.stored += report.stored;
    total.duplicate += report.duplicate;
    total.quarantined += report.quarantined;
  }
  return total;
}
