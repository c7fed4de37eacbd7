import type { Instant } from '../../features/index.ts';
import {
  beginLoad,
  beginStaging,
  type Database,
  hasLoaded,
  type LoadLayout,
  mergeStaged,
  openRelations,
  problem,
  type Reconciliation,
  type Refusal,
} from '../../store/index.ts';
import { findFiles, type InputSource } from './files.ts';
import { ISO } from './instants.ts';
import { type Mapping, writeTable } from './mapping.ts';
import type { Dialect } from './raw-rows.ts';
import { type ReadBatch, readSource } from './reading.ts';
import { findRelations, isAddress, type RelationSource, readPieces } from './relation-sources.ts';
import type { Understood } from './rows.ts';
import { Stager } from './stager.ts';

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
  /** Rows that the mapping leaves to other inputs, or to none. */
  left_out: number;
  understood: Understood & Dialect;
  /** Whether every row says itself when it became known. */
  has_known_at: boolean;
}

/** What became of a whole load. */
export interface IngestReport {
  files: FileReport[];
  total: Reconciliation;
  /** Files and tables that nothing says how to read. */
  passedOver: string[];
  /** Sources whose facts count as known only from today, though they may be old. */
  knownFromToday: string[];
  /** What else is worth knowing. */
  remarks: string[];
}

/**
 * Loads files, all or nothing: a kill at any moment, or one refused file, leaves the store as it was. Tables of another
 * database (`postgres://…` among the paths) are loaded after them, each all or nothing, or piece by piece where the
 * mapping names a watermark.
 * @throws a problem `DATA_REFUSED` when a source cannot be decoded, breaks off, or has too many bad rows
 */
export async function ingest(
  database: Database,
  paths: readonly string[],
  settings: IngestSettings,
): Promise<IngestReport> {
  const report: IngestReport = { files: [], total: sum([]), passedOver: [], knownFromToday: [], remarks: [] };
  const files = paths.filter((path) => !isAddress(path));
  if (files.length > 0) await ingestFiles(database, files, settings, report);
  for (const address of paths.filter(isAddress)) await ingestRelations(database, address, settings, report);
  report.total = sum(report.files);
  return report;
}

async function ingestFiles(
  database: Database,
  paths: readonly string[],
  settings: IngestSettings,
  report: IngestReport,
): Promise<void> {
  const { files, passedOver } = findFiles(paths, settings.mapping);
  report.passedOver.push(...passedOver);
  await database.transaction(async (transaction) => {
    await beginLoad(transaction);
    const first = await firstLoads(transaction, files, settings.mapping.source);
    for (const file of files) {
      const asHappened = settings.backfill || first.has(file.table.to.name);
      report.files.push(await load(transaction, file, asHappened, settings, report));
    }
  });
}

async function ingestRelations(
  database: Database,
  address: string,
  settings: IngestSettings,
  report: IngestReport,
): Promise<void> {
  const relations = await openRelations(address);
  try {
    const sources = await findRelations(relations, settings.mapping);
    const { source } = settings.mapping;
    const first = await firstLoads(database, sources, source);
    for (const each of sources) {
      const isFirst = settings.backfill || first.has(each.table.to.name);
      await ingestPieces(database, each, isFirst, settings, report);
    }
  } finally {
    await relations.close();
  }
}

async function ingestPieces(
  database: Database,
  relation: RelationSource,
  isFirst: boolean,
  settings: IngestSettings,
  report: IngestReport,
): Promise<void> {
  let whole: FileReport | undefined;
  for await (const piece of readPieces(database, relation, settings.mapping.source)) {
    const asHappened = isFirst || piece.isHistory;
    const part = await database.transaction(async (transaction) => {
      await beginLoad(transaction);
      const part = await load(transaction, piece.source, asHappened, settings, report);
      await piece.keep(transaction);
      return part;
    });
    whole = whole === undefined ? part : { ...part, ...sum([whole, part]), left_out: whole.left_out + part.left_out };
  }
  if (whole) report.files.push(whole);
  else report.remarks.push(`${relation.path}: nothing new since it was last read.`);
  report.remarks.push(...(await relation.remarks()));
}

/** The inputs of a source that have never been loaded, as the store is when it is asked. */
async function firstLoads(
  database: Database,
  sources: readonly Pick<InputSource, 'table'>[],
  source: string,
): Promise<Set<string>> {
  const first = new Set<string>();
  for (const { table } of sources) if (!(await hasLoaded(database, source, table.to.name))) first.add(table.to.name);
  return first;
}

/** Reads one source and stores its rows. */
async function load(
  transaction: Database,
  source: InputSource,
  asHappened: boolean,
  settings: IngestSettings,
  report: Pick<IngestReport, 'knownFromToday'>,
): Promise<FileReport> {
  const { mapping, now, maxBad, backfill, progress } = settings;
  const input = source.table.to.name;
  await beginStaging(transaction, input);
  const tally = new Tally();
  const stager = new Stager(transaction, input);
  const knowing = { source: mapping.source, now, lagDays: mapping.lagDays };
  for await (const batch of readSource(source, knowing)) {
    await stager.add(batch);
    tally.add(batch);
    progress?.(source.path, batch.bytes, source.bytes);
  }
  const staged = await stager.pause();
  if (tally.bad > (tally.rows * maxBad) / 100) throw tooMuch(source, tally, maxBad);
  const { header, dialect, understood } = tally.last as ReadBatch;
  const counts = await mergeStaged(transaction, staged, {
    source: mapping.source,
    input,
    file: source.path,
    backfill,
    lagDays: asHappened ? mapping.lagDays : null,
    now: new Date(now),
    layout: layoutOf(source, { header, dialect, understood }, asHappened, mapping.lagDays),
  });
  if (tally.assumed && !asHappened && counts.stored > 0) report.knownFromToday.push(source.path);
  return {
    file: source.path,
    table: input,
    ...counts,
    left_out: tally.leftOut,
    understood: { ...dialect, ...understood },
    has_known_at: !tally.assumed,
  };
}

const EXAMPLES = 5;

/** What has been read of a source so far. */
class Tally {
  rows = 0;
  bad = 0;
  leftOut = 0;
  /** Whether some rows do not say when they became known. */
  assumed = false;
  readonly examples: Refusal[] = [];
  last: ReadBatch | undefined;

  add(batch: ReadBatch): void {
    this.rows += batch.rows.length + batch.refusals.length;
    this.bad += batch.refusals.length;
    this.leftOut += batch.leftOut;
    this.assumed ||= batch.rows.some((row) => !row.explicit);
    this.examples.push(...batch.refusals.slice(0, EXAMPLES - this.examples.length));
    this.last = batch;
  }
}

/** What it takes to read refused rows again; dates are then read as they were found to be written. */
function layoutOf(
  { table }: InputSource,
  { header, dialect, understood }: Pick<ReadBatch, 'header' | 'dialect' | 'understood'>,
  asHappened: boolean,
  lagDays: number,
): LoadLayout {
  const formats = Object.fromEntries(Object.keys(understood.columns).map((name) => [name, ISO]));
  const written = writeTable({ ...table, date_format: { ...formats, ...understood.dates } });
  return { header, dialect, table: written, asHappened, lagDays };
}

function tooMuch(source: InputSource, { rows, bad, examples }: Tally, maxBad: number) {
  const shown = examples.map(
    ({ line, column, reason }) => `  line ${line}${column === null ? '' : `, ${column}`}: ${reason}`,
  );
  return problem(
    'DATA_REFUSED',
    `${source.name} is refused: ${bad} of ${rows} rows are bad, more than ${maxBad} %. Nothing was stored. The first:\n` +
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
