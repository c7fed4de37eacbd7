import type { Command } from 'commander';
import { canonicalMapping, type IngestReport, ingest, type Mapping, readMapping } from '../pipelines/index.ts';
import { stubPartners } from '../store/index.ts';
import { percentage } from './arguments.ts';
import { requireNoDemo } from './demo.ts';
import { harmless, table } from './output.ts';
import type { Session } from './session.ts';

/** The share of bad rows, in percent, beyond which a file is refused whole unless more is allowed. */
export const MAX_BAD = 5;

/** `ingest`: files or directories into the store. */
export function ingestVerb(program: Command, session: Session): void {
  program
    .command('ingest')
    .description('load files, directories or tables of another database into the store')
    .argument('<paths...>', 'files, directories that hold them, or the address of a database (postgres://…)')
    .option('--map <file>', 'how foreign files are to be read: a mapping file, or the name of one that ships')
    .option('--backfill', 'old history loaded late: it counts as known when it happened', false)
    .option('--max-bad <percent>', 'refuse a file with a larger share of bad rows', percentage, MAX_BAD)
    .action(async (paths: string[], options: { map?: string; backfill: boolean; maxBad: number }) => {
      requireNoDemo(session.config());
      const mapping = mappingOf(options.map, session);
      await session.withStore(async (context) => {
        let bar: ReturnType<Session['output']['progress']> | undefined;
        let current: string | undefined;
        const report = await ingest(context.database, paths, {
          mapping,
          backfill: options.backfill,
          maxBad: options.maxBad,
          now: context.clock(),
          progress(file, bytes, total) {
            if (file !== current) {
              bar?.end();
              bar = session.output.progress(file, total);
              current = file;
            }
            bar?.at(bytes);
          },
        }).finally(() => bar?.end());
        tell(session, report);
        const stubs = await stubPartners(context.database);
        if (stubs > 0)
          context.say(
            `${stubs} partners are named by events or agreements and defined by no partner row; they are kept as stubs.`,
          );
      });
    });
}

/** The mapping that is asked for; without one, files are in our own words. */
export function mappingOf(name: string | undefined, session: Session): Mapping {
  return name === undefined ? canonicalMapping() : readMapping(name, session.config().settings.reporting_currency);
}

function tell({ output }: Session, report: IngestReport): void {
  const { files, total } = report;
  if (output.format === 'json') output.json({ files, total });
  else if (output.format === 'csv') output.csv(COUNTS, counted(report));
  else output.print(reconciliation(report));
  tellBeside({ output }, report);
}

/** What is told of each file, in a machine's table. */
export const COUNTS = ['file', 'table', 'read', 'stored', 'duplicate', 'quarantined', 'left_out'] as const;

/** @returns a row of `COUNTS` per file */
export function counted({
  files,
}: {
  files: readonly Record<(typeof COUNTS)[number], string | number>[];
}): (string | number)[][] {
  return files.map((file) => COUNTS.map((column) => file[column]));
}

/** What was done with every row, as a table; rows that a mapping leaves to other inputs only where there are any. */
export function reconciliation({ files, total }: Pick<IngestReport, 'files' | 'total'>): string {
  const isSome = files.some((file) => file.left_out > 0);
  const more = (cell: string | number) => (isSome ? [cell] : []);
  const counts = ({ read, stored, duplicate, quarantined }: IngestReport['total']) => [
    read,
    stored,
    duplicate,
    quarantined,
  ];
  return table([
    ['file', 'table', 'read', 'stored', 'duplicate', 'quarantined', ...more('left out')],
    ...files.map((file) => [harmless(file.file), file.table, ...counts(file), ...more(file.left_out)]),
    ...(files.length > 1 ? [['total', '', ...counts(total), ...more('')]] : []),
  ]);
}

/** What is worth knowing beside the counts. */
export function tellBeside({ output }: Pick<Session, 'output'>, report: IngestReport): void {
  for (const file of report.passedOver) output.say(`${file}: passed over, nothing says how to read it.`);
  for (const [file, columns] of unread(report)) output.say(`${file}: not read: ${columns.join(', ')}.`);
  for (const { file, table, understood } of report.files) {
    const { missing } = understood;
    if (missing.length > 0) output.say(`${file}: has no ${missing.join(', ')}; its ${table} are read without.`);
  }
  for (const file of report.knownFromToday) {
    output.say(
      `${file}: its new facts count as known only from now, since the source was loaded before. ` +
        'If they are old history, load them with --backfill.',
    );
  }
  for (const remark of report.remarks) output.say(remark);
  if (report.total.quarantined > 0) {
    output.say(
      `${report.total.quarantined} rows were refused; "partnercast quarantine list" shows each with its reason.`,
    );
  }
}

/** By file, the columns that none of its tables reads. */
function unread({ files }: IngestReport): [file: string, columns: readonly string[]][] {
  const unread = new Map<string, readonly string[]>();
  for (const { file, understood } of files) {
    const others = unread.get(file) ?? understood.ignored;
    unread.set(
      file,
      others.filter((column) => understood.ignored.includes(column)),
    );
  }
  return [...unread].filter(([, columns]) => columns.length > 0);
}
