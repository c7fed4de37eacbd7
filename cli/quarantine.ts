import type { Command } from 'commander';
import { type QuarantinedRow, quarantined } from '../store/index.ts';
import { harmless } from './output.ts';
import type { Session } from './session.ts';

const COLUMNS = ['file', 'line', 'column', 'reason', 'raw'] as const;

/** `quarantine list`: the rows that were refused. */
export function quarantineVerb(program: Command, session: Session): void {
  program
    .command('quarantine')
    .description('rows that were refused')
    .command('list')
    .description('each with file, line, column, reason and its text')
    .action(() => session.withStore(async ({ database }) => tell(session, await quarantined(database))));
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
      output.print(harmless(`${file}, line ${line}${column === null ? '' : `, ${column}`}: ${reason}\n    ${raw}`));
    }
}
