import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { Command, CommanderError } from 'commander';
import type { Context } from '../pipelines/index.ts';
import { type Database, inputsLoaded, openScratch, openStore, type ProblemCode, problem } from '../store/index.ts';
import { auditVerb } from './audit.ts';
import { backtestVerb } from './backtest.ts';
import { checkVerb } from './check.ts';
import { type Config, loadConfig } from './config.ts';
import { configVerb } from './config-verb.ts';
import { deliverVerb } from './deliver.ts';
import { demoVerb } from './demo.ts';
import { detectVerb } from './detect.ts';
import { doctorVerb } from './doctor.ts';
import { featuresVerb } from './features.ts';
import { ingestVerb } from './ingest.ts';
import { ippVerb } from './ipp.ts';
import { listVerb } from './list.ts';
import { modelsVerb } from './models.ts';
import { harmless, openOutput } from './output.ts';
import { propensityVerb } from './propensity.ts';
import { prospectsVerb } from './prospects.ts';
import { quarantineVerb } from './quarantine.ts';
import { reportVerb } from './report.ts';
import { runVerb } from './run.ts';
import { runsVerb } from './runs.ts';
import { scoreVerb } from './score.ts';
import type { Session } from './session.ts';
import { simulateVerb } from './simulate.ts';
import { startVerb } from './start.ts';
import { trainVerb } from './train.ts';
import { version } from './version.ts';

const VERBS = [
  demoVerb,
  startVerb,
  simulateVerb,
  checkVerb,
  ingestVerb,
  quarantineVerb,
  featuresVerb,
  backtestVerb,
  trainVerb,
  scoreVerb,
  runVerb,
  listVerb,
  propensityVerb,
  prospectsVerb,
  ippVerb,
  reportVerb,
  runsVerb,
  modelsVerb,
  auditVerb,
  deliverVerb,
  detectVerb,
  configVerb,
  doctorVerb,
];
const EXIT_CODES: Record<ProblemCode, number> = {
  USAGE: 2,
  DATA_REFUSED: 3,
  NOT_ENOUGH_DATA: 3,
  STORE_HELD: 4,
  LEASE_LOST: 4,
};
/** The directory within the data directory that facts are kept in as columns, whichever store they are of. */
const COLUMNS = 'columns';
const FAILURE = 1;
const USAGE = 2;
const INTERRUPTED = 130;

interface GlobalFlags {
  data?: string;
  config?: string;
  json?: boolean;
  csv?: boolean;
}

/** @param done resolves when the verb has ended and the store is closed */
function openSession(program: Command, done: Promise<void>): Session {
  const output = openOutput(process.stdout, process.stderr, process.env);
  const clock = () => Date.now();
  const config = () => loadConfig(program.opts<GlobalFlags>(), process.env);
  const what = `partnercast ${process.argv.slice(2).join(' ')}`;
  const within = async <Result>(
    database: Database,
    configured: Config,
    cacheDirectory: string | null,
    work: (context: Context, config: Config) => Promise<Result>,
  ) => {
    const { settings } = configured;
    try {
      return await work({ database, settings, cacheDirectory, clock, step, say: output.say }, configured);
    } finally {
      await database.close();
    }
  };
  const step: Context['step'] = async (name, work) => {
    const from = performance.now();
    const result = await work();
    output.say(`${name}: ${((performance.now() - from) / 1000).toFixed(1)} s`);
    return result;
  };
  return {
    output,
    clock,
    config,
    async withStore(work) {
      const configured = config();
      const location = { databaseUrl: configured.databaseUrl, directory: configured.data };
      return within(await openStore(location, what), configured, join(configured.data, COLUMNS), work);
    },
    async loadedBefore(source) {
      const { databaseUrl, data } = config();
      return inputsLoaded({ databaseUrl, directory: data }, source, what);
    },
    async withScratch(work) {
      const configured = config();
      return within(await openScratch(), configured, null, work);
    },
    untilStopped: (close) =>
      new Promise((resolve) => {
        process.off('SIGINT', interrupt);
        closeWithGrace({ delay: 10_000, logger: { error: output.say } }, async ({ err, signal }) => {
          if (err) output.say(`Stopping after an error: ${err.message}`);
          await close();
          resolve();
          await done;
          if (signal === 'SIGINT') process.exit(INTERRUPTED);
        });
      }),
  };
}

function interrupt(): void {
  process.exit(INTERRUPTED);
}

function buildProgram(done: Promise<void>): Command {
  const program = new Command('partnercast')
    .description('Which channel partners are about to leave, why, and what to do about it.')
    .version(version)
    .option('--data <directory>', 'where the embedded store lives (default ./.partnercast)')
    .option('--config <file>', 'another file than ./partnercast.config.json')
    .option('--json', 'results as one JSON document')
    .option('--csv', 'results as CSV with a header')
    .option('--no-input', 'never ask anything; nothing is asked yet')
    .showSuggestionAfterError()
    .showHelpAfterError('(partnercast --help lists the verbs)')
    .exitOverride();
  const session = openSession(program, done);
  program.hook('preAction', () => {
    const { json, csv } = program.opts<GlobalFlags>();
    if (json && csv) throw problem('USAGE', 'Choose one of --json and --csv.');
    session.output.format = json ? 'json' : csv ? 'csv' : 'text';
  });
  for (const verb of VERBS) verb(program, session);
  inheritExit(program);
  return program;
}

/** Errors in the words of a verb are thrown as well, so that they all end with the same code. */
function inheritExit(command: Command): void {
  for (const child of command.commands) {
    child.exitOverride().showSuggestionAfterError();
    inheritExit(child);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  const { code, message } = error as Error & { code?: string };
  process.stderr.write(`${harmless(message)}\n`);
  return EXIT_CODES[code as ProblemCode] ?? FAILURE;
}

/** Runs a command line; the exit code is left in `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  process.once('SIGINT', interrupt);
  let ended = () => {};
  const done = new Promise<void>((resolve) => {
    ended = resolve;
  });
  // Whoever reads the output may stop early; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    await buildProgram(done).parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  } finally {
    ended();
  }
}
