import type { Command } from 'commander';
import { type CheckReport, canonicalMapping, check, readMapping } from '../pipelines/index.ts';
import { COUNTS, counted, reconciliation, tellBeside } from './ingest.ts';
import { table } from './output.ts';
import type { Session } from './session.ts';

const EXAMPLES = 10;

/** `check`: what files hold and suffice for; writes nothing. */
export function checkVerb(program: Command, session: Session): void {
  program
    .command('check')
    .description('say what would be read, what would be refused and what the data suffices for; writes nothing')
    .argument('<paths...>', 'CSV files, or directories that hold them')
    .option('--map <file>', 'how foreign files are to be read: a mapping file, or the name of one that ships')
    .action(async (paths: string[], options: { map?: string }) => {
      const mapping = options.map === undefined ? canonicalMapping() : readMapping(options.map);
      await session.withScratch(async (context) => tell(session, await check(context, paths, mapping)));
    });
}

function tell(session: Session, report: CheckReport): void {
  const { output } = session;
  const { files, total, sufficient, refused, kinds, stubs } = report;
  if (output.format === 'json') {
    output.json({ files, total, sufficient, refused: refused.slice(0, 1000), kinds, stubs });
    return;
  }
  if (output.format === 'csv') output.csv(COUNTS, counted(report));
  output.print(reconciliation(report));
  if (kinds.length > 0) {
    output.print('\nEvents understood:');
    output.print(
      table([
        ['kind', 'events', 'counts as business'],
        ...kinds.map(({ kind, events, qualifying }) => [kind, events, qualifying ? 'yes' : 'no']),
      ]),
    );
  }
  if (stubs > 0)
    output.print(`\n${stubs} partners are named and defined by no partner row; they would be kept as stubs.`);
  if (refused.length > 0) {
    output.print(
      `\nWould be refused${refused.length > EXAMPLES ? `, the first ${EXAMPLES} of ${refused.length}` : ''}:`,
    );
    for (const { file, line, column, reason } of refused.slice(0, EXAMPLES)) {
      output.print(`  ${file}, line ${line}${column === null ? '' : `, ${column}`}: ${reason}`);
    }
  }
  output.print('\nThe data suffices for:');
  for (const { model, verdict, missing } of sufficient) {
    const more = missing.length > 0 ? ` (for more: ${missing.join('; ')})` : '';
    output.print(`  ${model}: ${VERDICTS[verdict]}${more}`);
  }
  tellBeside(session, { ...report, total: { ...total, quarantined: 0 } });
}

const VERDICTS = {
  nothing: 'not enough data yet',
  rule: 'a rule of thumb with a probability',
  model: 'a model that learns',
};
