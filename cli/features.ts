import { extname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import {
  arrowBytes,
  csvBytes,
  describedFeatures,
  type FeatureTable,
  type FeatureView,
  type Instant,
  parquetBytes,
  rowCount,
  type TableNotes,
  views,
} from '../features/index.ts';
import { type Context, featureBatches, nearest, programFacts } from '../pipelines/index.ts';
import { problem } from '../store/index.ts';
import { days } from './arguments.ts';
import { listFeatures } from './feature-list.ts';
import type { Session } from './session.ts';
import { writeWhole } from './whole-file.ts';

interface Options {
  asOf?: Instant[];
  view?: string;
  out?: string;
  list?: true;
}

/** How each kind of file is written. */
const WRITERS: Record<string, (tables: AsyncIterable<FeatureTable>, notes: TableNotes) => AsyncIterable<Uint8Array>> = {
  '.csv': csvBytes,
  '.arrow': arrowBytes,
  '.parquet': parquetBytes,
};

/** `features`: a point-in-time feature table, or what the features are. */
export function featuresVerb(program: Command, session: Session): void {
  program
    .command('features')
    .description('write what was known of every partner on given days, as features; or list what the features are')
    .option('--as-of <dates>', 'one day, or several with commas between', days)
    .option('--view <name>', `which features (default ${views[0].name}; with --list every view)`)
    .option('--out <file>', 'a .csv, .arrow or .parquet file', outFile)
    .option('--list', 'what the features are, without looking at any data')
    .action(async ({ asOf, view: name, out, list }: Options) => {
      if (list) {
        if (asOf || out) throw problem('USAGE', '--list looks at no data: leave --as-of and --out away.');
        listFeatures(session.output, name === undefined ? views : [viewNamed(name)]);
        return;
      }
      if (!asOf) throw problem('USAGE', 'Say which days with --as-of, for example --as-of 2026-01-01; or use --list.');
      if (!out) throw problem('USAGE', 'Say where to with --out, for example --out features.parquet.');
      const view = name === undefined ? views[0] : viewNamed(name);
      await session.withStore((context) => writeFeatures(session, context, view, asOf, out));
    });
}

async function writeFeatures(
  { output }: Session,
  context: Context,
  view: FeatureView,
  cutoffs: readonly Instant[],
  file: string,
): Promise<void> {
  const source = await programFacts(context);
  const features = describedFeatures(view);
  const notes = { view: view.name, cutoffs, currency: context.settings.reporting_currency, features };
  const summary = { view: view.name, file, rows: 0, features: features.length };
  async function* counted() {
    for await (const table of featureBatches(view, source, cutoffs)) {
      summary.rows += rowCount(table);
      yield table;
    }
  }
  const write = WRITERS[extname(file).toLowerCase()];
  await context.step('build and write features', () => writeWhole(file, write(counted(), notes)));
  if (output.format === 'json') output.json(summary);
  else if (output.format === 'csv') output.csv(Object.keys(summary), [Object.values(summary)]);
  else output.print(`${summary.rows} rows with ${summary.features} features in ${file}`);
}

function viewNamed(name: string): FeatureView {
  const view = views.find((each) => each.name === name);
  if (view) return view;
  const names = views.map((each) => each.name);
  throw problem('USAGE', `There is no view "${name}"${nearest(name, names)}; there are ${names.join(', ')}.`);
}

function outFile(text: string): string {
  if (extname(text).toLowerCase() in WRITERS) return text;
  throw new InvalidArgumentError(`Name a file that ends in ${Object.keys(WRITERS).join(', ')}.`);
}
