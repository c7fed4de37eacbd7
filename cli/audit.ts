import type { Command } from 'commander';
import { formatDay, type Instant } from '../features/index.ts';
import { type Audit, auditLeakage } from '../pipelines/index.ts';
import { problem } from '../store/index.ts';
import { anyModel } from './any-model.ts';
import { day } from './arguments.ts';
import type { Session } from './session.ts';

const COLUMNS = ['model', 'as_of', 'version', 'verdict', 'rows', 'because'] as const;

/** `audit leakage`: whether published scores come out the same from what was then known. */
export function auditVerb(program: Command, session: Session): void {
  const audit = program.command('audit').description('check what was published');
  audit
    .command('leakage')
    .description('derive stored scores again from what was then known; fails on the first difference')
    .option('--model <name>', 'only the lists of one score', anyModel)
    .option('--as-of <date>', 'only the lists of one day', day)
    .option('--run <id>', 'only the lists of one run, as "runs" names it')
    .action(({ model, asOf, run }: { model?: ReturnType<typeof anyModel>; asOf?: Instant; run?: string }) =>
      session.withStore(async (context) => {
        const { output } = session;
        const audits = await auditLeakage(context, { model: model?.name, asOf, run }, (each) => {
          if (output.format === 'text') output.print(inWords(each));
        });
        const rows = audits.map(toRow);
        if (output.format === 'json') output.json(rows);
        if (output.format === 'csv') {
          output.csv(
            COLUMNS,
            rows.map((row) => COLUMNS.map((column) => row[column])),
          );
        }
        if (audits.length === 0) {
          throw problem(
            'USAGE',
            'No list of scores was published that this asks for. "partnercast runs" shows the runs.',
          );
        }
        const differs = audits.find(({ verdict }) => verdict === 'differs');
        if (differs) throw new Error(differs.because ?? 'A list differs.');
      }),
    );
}

function inWords({ model, asOf, version, verdict, rows, because }: Audit): string {
  const list = `${model} as of ${formatDay(asOf)} by ${version}`;
  if (verdict === 'ok') return `${list}: ok, ${rows} scores are the same again`;
  return verdict === 'differs' ? `${list}: differs` : `${list}: not re-derivable. ${because}`;
}

function toRow({ asOf, ...audit }: Audit) {
  return { ...audit, as_of: formatDay(asOf) };
}
