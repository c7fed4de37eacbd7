import type { Command } from 'commander';
import { formatDay, type Instant, startOfDay } from '../features/index.ts';
import { tellWhiteSpace } from '../insights/index.ts';
import { toWhiteSpaceShape, whiteSpaceAsOf, whiteSpaceCsv } from '../serve/index.ts';
import { day } from './arguments.ts';
import { table } from './output.ts';
import type { Session } from './session.ts';

/** `report NAME`: facts that are measured, not foretold. */
export function reportVerb(program: Command, session: Session): void {
  const report = program.command('report').description('facts about the program');
  report
    .command('whitespace')
    .description("share of the market minus share of the partners' capacity, by segment and region")
    .option('--as-of <date>', 'only what was known before this day counts; today by default', day)
    .action(({ asOf = startOfDay(session.clock()) }: { asOf?: Instant }) =>
      session.withStore(async ({ database }) => {
        const { output } = session;
        const found = await whiteSpaceAsOf(database, asOf);
        if (output.format === 'json') output.json(toWhiteSpaceShape(found, asOf));
        else if (output.format === 'csv') output.raw(whiteSpaceCsv(found));
        else {
          output.print(output.colour.bold(`White space as of ${formatDay(asOf)}`));
          output.print(tellWhiteSpace(found));
          if (found.cells.length > 0) output.print(`\n${whiteSpaceTable(found)}`);
        }
      }),
    );
}

function whiteSpaceTable({ cells }: Awaited<ReturnType<typeof whiteSpaceAsOf>>): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return table([
    ['segment', 'region', 'companies', 'of the market', 'partners', 'capacity', 'of all capacity', 'white space'],
    ...cells.map((cell) => [
      cell.segment,
      cell.region,
      cell.companies,
      percent(cell.marketShare),
      cell.partners,
      Math.round(cell.capacity),
      percent(cell.coverageShare),
      cell.whiteSpace === null ? 'too small to tell' : points(cell.whiteSpace),
    ]),
  ]);
}

function points(share: number): string {
  return `${share > 0 ? '+' : share < 0 ? '−' : ''}${Math.abs(100 * share).toFixed(1)} points`;
}
