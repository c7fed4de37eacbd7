import type { Command } from 'commander';
import { tellClaims } from '../models/index.ts';
import { type CheckReport, check } from '../pipelines/index.ts';
import { COUNTS, counted, MAX_BAD, mappingOf, reconciliation, tellBeside } from './ingest.ts';
import { table } from './output.ts';
import type { Session } from './session.ts';

const EXAMPLES = 10;

/** `check`: what files hold and suffice for; writes nothing. */
export function checkVerb(program: Command, session: Session): void {
  program
    .command('check')
    .description('say what would be read, what would be refused and what the data suffices for; writes nothing')
    .argument('<paths...>', 'files, directories that hold them, or the address of a database (postgres://…)')
    .option('--map <file>', 'how foreign files are to be read: a mapping file, or the name of one that ships')
    .action(async (paths: string[], options: { map?: string }) => {
      const mapping = mappingOf(options.map, session);
      const before = await loadedBefore(session, mapping.source);
      await session.withScratch(async (context) => tell(session, await check(context, paths, mapping, before)));
    });
}

/** What the store has of the source; while another process holds it, nothing can be said of that. */
async function loadedBefore(session: Session, source: string): Promise<string[]> {
  return session.loadedBefore(source).catch((error: Error & { code?: string }) => {
    if (error.code !== 'STORE_HELD') throw error;
    session.output.say(`${error.message} Whether the source was loaded before is not known.`);
    return [];
  });
}

function tell(session: Session, report: CheckReport): void {
  const { output } = session;
  const { files, total, sufficient, refused, kinds, stubs } = report;
  if (output.format === 'json') {
    output.json({ files, total, sufficient, refused, kinds, stubs, known_from_today: report.knownFromToday });
    return;
  }
  if (output.format === 'csv') output.csv(COUNTS, counted(report));
  const parts = [reconciliation(report), ...files.map(understanding), ...whatIsThere(report), ...verdicts(report)];
  output.print(parts.join('\n'));
  tellBeside(session, { ...report, total: { ...total, quarantined: 0 } });
}

/** What the rows hold, and which would be refused. */
function whatIsThere({ files, total, kinds, stubs, refused }: CheckReport): string[] {
  const lines: string[] = [];
  if (kinds.length > 0) {
    const rows = kinds.map(({ kind, events, qualifying }) => [kind, events, qualifying ? 'yes' : 'no'] as const);
    lines.push('\nEvents understood:', table([['kind', 'events', 'counts as business'], ...rows]));
  }
  if (stubs > 0)
    lines.push(`\n${stubs} partners are named and defined by no partner row; they would be kept as stubs.`);
  if (refused.length > 0) {
    const more = total.quarantined > EXAMPLES ? `, the first ${EXAMPLES} of ${total.quarantined}` : '';
    lines.push(`\nWould be refused${more}:`);
    for (const { file, line, column, reason } of refused.slice(0, EXAMPLES)) {
      lines.push(`  ${file}, line ${line}${column === null ? '' : `, ${column}`}: ${reason}`);
    }
  }
  for (const { file, read, quarantined } of files) {
    if (quarantined > (read * MAX_BAD) / 100)
      lines.push(
        `${file} would be refused whole: more than ${MAX_BAD} % of its rows are bad (see --max-bad of ingest).`,
      );
  }
  return lines;
}

function verdicts({ sufficient }: CheckReport): string[] {
  // What is said of several scores alike is said once.
  const models = new Map<string, string[]>();
  for (const { model, verdict, missing, claims } of sufficient) {
    const more = missing.length > 0 ? ` (for more: ${missing.join('; ')})` : '';
    const told = verdict === 'nothing' ? [] : tellClaims(claims);
    const said = [`${VERDICTS[verdict]}${more}`, ...told.map((each) => `    ${each}`)].join('\n');
    models.set(said, [...(models.get(said) ?? []), model]);
  }
  return ['\nThe data suffices for:', ...[...models].map(([said, names]) => `  ${names.join(', ')}: ${said}`)];
}

/** How a file was understood: what it is, and which of our columns its columns become. */
function understanding({ file, table: input, understood }: CheckReport['files'][number]): string {
  const { format, delimiter, columns, dates } = understood;
  const kind =
    delimiter === undefined
      ? FORMATS[format]
      : `${FORMATS[format]}, ${DELIMITERS[delimiter] ?? delimiter} between fields`;
  const pairs = Object.entries(columns).map(([ours, theirs]) => (ours === theirs ? ours : `${ours} ← ${theirs}`));
  const written = Object.entries(dates).map(([column, pattern]) => `${column} as ${pattern}`);
  return [
    `\n${file} is read as ${input} (${kind}):`,
    `  ${pairs.join(', ')}`,
    ...(written.length > 0 ? [`  dates: ${written.join(', ')}`] : []),
  ].join('\n');
}

const FORMATS = { csv: 'CSV', json: 'JSON Lines', parquet: 'Parquet', arrow: 'Arrow IPC' };
const DELIMITERS: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

const VERDICTS = {
  nothing: 'not enough data yet',
  rule: 'a rule of thumb with a probability',
  model: 'a model that learns',
};
