import { renameSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type FeatureTable, formatDay, rowCount, toArrow, toParquet, views } from '../features/index.ts';
import { buildFeatures, nearest, programFacts } from '../pipelines/index.ts';
import { problem } from '../store/index.ts';
import { days } from './arguments.ts';
import { toCsv } from './output.ts';
import type { Session } from './session.ts';

/** How each kind of file is written. */
const WRITERS: Record<string, (table: FeatureTable) => string | Uint8Array> = {
  '.csv': writeCsv,
  '.arrow': toArrow,
  '.parquet': toParquet,
};

/** `features`: a point-in-time feature table. */
export function featuresVerb(program: Command, session: Session): void {
  program
    .command('features')
    .description('write what was known of every partner on given days, as features')
    .requiredOption('--as-of <dates>', 'one day, or several with commas between', days)
    .option('--view <name>', 'which features', views[0].name)
    .requiredOption('--out <file>', 'a .csv, .arrow or .parquet file', outFile)
    .action(async (options: { asOf: number[]; view: string; out: string }) => {
      const view = views.find(({ name }) => name === options.view);
      if (!view) {
        const names = views.map(({ name }) => name);
        throw problem(
          'USAGE',
          `There is no view "${options.view}"${nearest(options.view, names)}; there are ${names.join(', ')}.`,
        );
      }
      await session.withStore(async (context) => {
        const source = await programFacts(context);
        const table = await context.step('build features', () => buildFeatures(view, source, options.asOf));
        writeWhole(options.out, WRITERS[extname(options.out).toLowerCase()](table));
        const summary = { view: view.name, file: options.out, rows: rowCount(table), features: table.names.length };
        if (session.output.format === 'json') session.output.json(summary);
        else if (session.output.format === 'csv') session.output.csv(Object.keys(summary), [Object.values(summary)]);
        else session.output.print(`${summary.rows} rows with ${summary.features} features in ${options.out}`);
      });
    });
}

function outFile(text: string): string {
  if (extname(text).toLowerCase() in WRITERS) return text;
  throw new InvalidArgumentError(`Name a file that ends in ${Object.keys(WRITERS).join(', ')}.`);
}

/** Under its name a file is always complete. */
function writeWhole(file: string, content: string | Uint8Array): void {
  writeFileSync(`${file}.part`, content);
  renameSync(`${file}.part`, file);
}

/** `entity_id,cutoff,` then one column per feature; unknown is empty. Whether the row is at risk comes last. */
function writeCsv(table: FeatureTable): string {
  const rows = Array.from(table.cutoffs, (cutoff, row) => [
    table.entities[row],
    formatDay(cutoff),
    ...table.columns.map((values) => (Number.isNaN(values[row]) ? '' : values[row])),
    table.atRisk[row],
  ]);
  return toCsv(['entity_id', 'cutoff', ...table.names, 'at_risk'], rows, false);
}
