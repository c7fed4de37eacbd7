import type { Command } from 'commander';
import { runId, runs } from '../store/index.ts';
import { table } from './output.ts';
import type { Session } from './session.ts';

const COLUMNS = [
  'pipeline',
  'interval_start',
  'interval_end',
  'part',
  'status',
  'attempt',
  'fence',
  'rows',
  'run_id',
] as const;

/** `runs`: the run ledger. */
export function runsVerb(program: Command, session: Session): void {
  program
    .command('runs')
    .description('the run ledger: what was done for which interval')
    .action(() =>
      session.withStore(async ({ database }) => {
        const { output } = session;
        const records = (await runs(database)).map((run) => ({
          ...run,
          interval_start: run.interval_start.toISOString(),
          interval_end: run.interval_end.toISOString(),
          run_id: runId({ pipeline: run.pipeline, start: run.interval_start }),
        }));
        const rows = records.map((record) => COLUMNS.map((column) => record[column]));
        if (output.format === 'json') output.json(records);
        else if (output.format === 'csv') output.csv(COLUMNS, rows);
        else if (rows.length === 0) output.print('Nothing has run yet.');
        else output.print(table([COLUMNS, ...rows.map((row) => row.map((cell) => cell ?? ''))]));
      }),
    );
}
