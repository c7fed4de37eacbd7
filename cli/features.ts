import { extname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import {
  arrowBytes,
  csvBytes,
  type Described,
  describedFeatures,
  type FeatureTable,
  type FeatureView,
  formatDay,
  type Instant,
  parquetBytes,
  rowCount,
  type TableNotes,
  views,
  wordedViews,
} from '../features/index.ts';
import {
  type Context,
  featureBatches,
  nearest,
  programFacts,
  prospectFeatures,
  QualitySample,
  settledOutcomes,
} from '../pipelines/index.ts';
import { problem } from '../store/index.ts';
import { days } from './arguments.ts';
import { listFeatures } from './feature-list.ts';
import { qualityJson, sayWhatIsOdd, tellQuality } from './feature-quality.ts';
import type { Output } from './output.ts';
import type { Session } from './session.ts';
import { writeWhole } from './whole-file.ts';

interface Options {
  asOf?: Instant[];
  view?: string;
  out?: string;
  quality?: boolean;
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
    .option('--view <name>', `which features: ${views.map(({ name }) => name).join(', ')} (default) or prospects`)
    .option('--out <file>', 'a .csv, .arrow or .parquet file', outFile)
    .option('--quality', 'how good the features are: what is unknown, constant, has drifted, or knows the outcome')
    .option('--list', 'what the features are, without looking at any data')
    .action(async ({ list, ...options }: Options) => {
      if (list) listOf(session.output, options);
      else await buildFor(session, options);
    });
}

function listOf(output: Output, { view: name, ...others }: Options): void {
  if (Object.keys(others).length > 0) throw problem('USAGE', '--list looks at no data and goes with --view only.');
  const wanted = name === undefined ? wordedViews : wordedViews.filter((view) => view.name === name);
  if (wanted.length === 0) throw noView(name ?? '');
  listFeatures(output, wanted);
}

async function buildFor(session: Session, { asOf, out, quality = false, view: name }: Options): Promise<void> {
  if (!asOf) throw problem('USAGE', 'Say which days with --as-of, for example --as-of 2026-01-01; or use --list.');
  if (!out && !quality) throw problem('USAGE', 'Say where to with --out, for example --out features.parquet.');
  const cutoffs = [...new Set(asOf)].sort((a, b) => a - b);
  if (name === PROSPECTS) {
    if (quality) throw problem('USAGE', 'The quality of features is told of partners only; leave out --quality.');
    await session.withStore((context) => buildProspects(session.output, context, cutoffs, out));
    return;
  }
  const view = name === undefined ? views[0] : viewNamed(name);
  await session.withStore((context) => build(session.output, context, view, { cutoffs, file: out, quality }));
}

/** The view of prospects: its features depend on the words that are in use, so that it is none of the fixed ones. */
const PROSPECTS = 'prospects';

async function buildProspects(
  output: Output,
  context: Context,
  cutoffs: readonly Instant[],
  file: string | undefined,
): Promise<void> {
  if (file === undefined) throw problem('USAGE', 'Say where to with --out, for example --out prospects.parquet.');
  if (cutoffs.length !== 1) throw problem('USAGE', 'Traits of prospects are those of one day: give one with --as-of.');
  const { view, table } = await context.step('build features', () => prospectFeatures(context.database, cutoffs[0]));
  if (rowCount(table) === 0) {
    throw problem(
      'NOT_ENOUGH_DATA',
      `No prospect was known before ${formatDay(cutoffs[0])}. Load some with "partnercast ingest prospects.csv".`,
    );
  }
  async function* tables() {
    yield table;
  }
  await writeWhole(file, bytesOf(file, tables(), view, cutoffs, context.settings));
  const summary = { view: view.name, file, rows: rowCount(table), features: view.features.length };
  if (output.format === 'json') output.json(summary);
  else if (output.format === 'csv') output.csv(Object.keys(summary), [Object.values(summary)]);
  output.print(`${summary.rows} prospects with ${summary.features} features in ${file}`);
}

/** What is to be built. */
interface Wanted {
  /** Ascending, each once. */
  cutoffs: readonly Instant[];
  /** Where the table goes; undefined when only its quality is asked for. */
  file: string | undefined;
  quality: boolean;
}

async function build(output: Output, context: Context, view: FeatureView, wanted: Wanted): Promise<void> {
  const { cutoffs, file, quality } = wanted;
  const source = await programFacts(context);
  const beyond = cutoffs.filter((cutoff) => cutoff > source.latestAsOf).map(formatDay);
  if (beyond.length > 0) {
    context.say(
      `The facts reach to ${formatDay(source.latestAsOf)}: on ${beyond.join(', ')} silence may only be records that are missing.`,
    );
  }
  const sample = new QualitySample(cutoffs);
  const summary = { view: view.name, file: file ?? null, rows: 0, features: describedFeatures(view).length };
  async function* tables() {
    for await (const table of featureBatches(view, source, cutoffs)) {
      summary.rows += rowCount(table);
      sample.add(table);
      yield table;
    }
  }
  await context.step('build features', async () => {
    if (file !== undefined) return writeWhole(file, bytesOf(file, tables(), view, cutoffs, context.settings));
    for await (const _ of tables());
  });
  // Outcomes take another pass over the facts: only who asks for the quality waits for them.
  const settled = quality
    ? await context.step('hold them against what came after', () => settledOutcomes(view, source, cutoffs))
    : null;
  const report = await sample.report(settled);
  if (output.format === 'json') output.json({ ...summary, quality: qualityJson(report) });
  else if (quality) tellQuality(output, view, report);
  else if (output.format === 'csv') output.csv(Object.keys(summary), [Object.values(summary)]);
  if (file !== undefined) output.print(`${summary.rows} rows with ${summary.features} features in ${file}`);
  if (!quality) sayWhatIsOdd(output, report);
}

function bytesOf(
  file: string,
  tables: AsyncIterable<FeatureTable>,
  view: { name: string; features: readonly Described[]; relative: readonly Described[] },
  cutoffs: readonly Instant[],
  { reporting_currency: currency }: Context['settings'],
): AsyncIterable<Uint8Array> {
  const write = WRITERS[extname(file).toLowerCase()];
  return write(tables, { view: view.name, cutoffs, currency, features: [...view.features, ...view.relative] });
}

function viewNamed(name: string): FeatureView {
  const view = views.find((each) => each.name === name);
  if (!view) throw noView(name);
  return view;
}

function noView(name: string): Error {
  const names = wordedViews.map((each) => each.name);
  return problem('USAGE', `There is no view "${name}"${nearest(name, names)}; there are ${names.join(', ')}.`);
}

function outFile(text: string): string {
  if (extname(text).toLowerCase() in WRITERS) return text;
  throw new InvalidArgumentError(`Name a file that ends in ${Object.keys(WRITERS).join(', ')}.`);
}
