import type { Command } from 'commander';
import { type RetryReport, retryRefused } from '../pipelines/index.ts';
import { type QuarantinedRow, quarantined } from '../store/index.ts';
import { COUNTS, counted, mappingOf } from './ingest.ts';
import { table } from './output.ts';
import type { Session } from './session.ts';

const COLUMNS = ['file', 'line', 'column', 'reason', 'raw'] as const;

/** `quarantine list|retry`: the rows that were refused, and another try. */
export function quarantineVerb(program: Command, session: Session): void {
  const verb = program.command('quarantine').description('rows that were refused');
  verb
    .command('list')
    .description('each with file, line, column, reason and its text')
    .action(() => session.withStore(async ({ database }) => tell(session, await quarantined(database))));
  verb
    .command('retry')
    .description('try them again, by a mended mapping where one is given; those that pass are stored')
    .option('--map <file>', 'the mapping, mended')
    .action(async ({ map }: { map?: string }) => {
      const mapping = map === undefined ? undefined : mappingOf(map, session);
      await session.withStore(async ({ database, clock }) =>
        tellRetried(session, await retryRefused(database, clock(), mapping)),
      );
    });
}

function tellRetried({ output }: Session, { files, leftAlone }: RetryReport): void {
  if (output.format === 'json') output.json({ files, left_alone: leftAlone });
  else if (output.format === 'csv') output.csv(COUNTS, counted({ files }));
  else if (files.length === 0) output.print(leftAlone.length === 0 ? 'No row was refused.' : 'No row was tried again.');
  else output.print(table([COUNTS, ...counted({ files })]));
  for (const { file, reason } of leftAlone) output.say(`${file}: ${reason}.`);
}

function tell({ output }: Session, rows: readonly QuarantinedRow[]): void {
  if (output.format === 'json') output.json(rows);
  else if (output.format === 'csv') {
    output.csv(
      COLUMNS,
      rows.map((row) => COLUMNS.map((column) => row[column])),
      true,
    );
  } else if (rows.length === 0) output.print('No row was refused.');
  else
    for (const { file, line, column, reason, raw } of rows) {
      output.print(`${file}, line ${line}${column === null ? '' : `, ${column}`}: ${reason}\n    ${raw}`);
    }
}
