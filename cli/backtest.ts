import type { Command } from 'commander';
import { formatDay, type Instant, type Step } from '../features/index.ts';
import { isClassModel, type ScoringModel } from '../models/index.ts';
import {
  type BacktestRun,
  type ClassBacktestRun,
  runBacktest,
  runClassBacktest,
  runReplay,
} from '../pipelines/index.ts';
import { problem } from '../store/index.ts';
import { anyModel } from './any-model.ts';
import { cutoffs, day, range, step, whole } from './arguments.ts';
import { tellBacktest } from './backtest-report.ts';
import { tellClassBacktest } from './class-backtest-report.ts';
import { toCsv } from './output.ts';
import { tellReplay } from './replay-report.ts';
import type { Session } from './session.ts';
import { writeWhole } from './whole-file.ts';

interface Options {
  train?: [Instant, Instant];
  test?: [Instant, Instant];
  trainEvery: Step;
  testEvery: Step;
  embargo?: number;
  predictions?: string;
  replay?: Instant;
}

const LONGEST_EMBARGO = 3650;

/** `backtest`: every estimator against the trivial rivals; with `--replay` the list of a past day. */
export function backtestVerb(program: Command, session: Session): void {
  program
    .command('backtest')
    .description('fit on one time, judge on a later one: every estimator against the trivial rivals')
    .argument('<model>', 'which score', anyModel)
    .option('--train <from..to>', 'cutoffs to learn from', range)
    .option('--test <from..to>', 'later cutoffs to judge on', range)
    .option('--train-every <step>', 'day, week, month or quarter', step, 'month' as const)
    .option('--test-every <step>', 'day, week, month or quarter', step, 'quarter' as const)
    .option(
      '--embargo <days>',
      'days between what is learnt from and the first test cutoff (default 0)',
      whole(0, LONGEST_EMBARGO),
    )
    .option('--predictions <file>', 'write every prediction of the test to a CSV file')
    .option('--replay <date>', 'the list that would have been seen on a day, and what happened', day)
    .action(async (model: ReturnType<typeof anyModel>, options: Options) => {
      if (options.replay === undefined) await judge(session, model, options);
      else await replay(session, oneOutcome(model), options.replay, options);
    });
}

/** @throws a problem `USAGE` where a model gives several classes: it makes no list of those to call */
function oneOutcome(model: ReturnType<typeof anyModel>): ScoringModel {
  if (!isClassModel(model)) return model;
  throw problem('USAGE', `${model.name} makes no list of whom to call, so none can be replayed; leave out --replay.`);
}

async function judge(
  session: Session,
  model: ReturnType<typeof anyModel>,
  { train, test, trainEvery, testEvery, embargo = 0, predictions }: Options,
): Promise<void> {
  if (!train || !test) {
    throw problem(
      'USAGE',
      'Say what to learn from and what to judge on: --train FROM..TO --test FROM..TO. For the list of a past day: --replay DATE.',
    );
  }
  const plan = { train: cutoffs(train, trainEvery), test: cutoffs(test, testEvery), embargoDays: embargo };
  await session.withStore(async (context) => {
    const run = isClassModel(model)
      ? { of: 'classes' as const, ...(await runClassBacktest(context, model, plan)) }
      : { of: 'outcome' as const, ...(await runBacktest(context, model, plan)) };
    if (run.purged > 0) {
      context.say(
        `${run.purged} training cutoffs were left out: their outcomes were not known on ${formatDay(run.learntUntil)}, ` +
          `${embargo === 0 ? 'the first test cutoff' : `${embargo} days before the first test cutoff`}.`,
      );
    }
    if (predictions !== undefined) {
      await writeWhole(predictions, [run.of === 'classes' ? classPredictionsCsv(run) : predictionsCsv(run)]);
    }
    if (run.of === 'classes') tellClassBacktest(session.output, run);
    else tellBacktest(session.output, run);
  });
}

async function replay(session: Session, model: ScoringModel, asOf: Instant, options: Options): Promise<void> {
  const without = (['train', 'test', 'embargo', 'predictions'] as const).filter((name) => options[name] !== undefined);
  if (without.length > 0) {
    throw problem(
      'USAGE',
      `--replay learns from all that was on record by its day; leave out ${without.map((name) => `--${name}`).join(', ')}.`,
    );
  }
  await session.withStore(async (context) => {
    await tellReplay(session.output, context.database, model, await runReplay(context, model, asOf));
  });
}

function predictionsCsv({ result, test }: BacktestRun): string {
  const rows = result.estimators.flatMap(({ name, probabilities }) =>
    Array.from(probabilities, (probability, row) => [
      test.table.entities[row],
      formatDay(test.table.cutoffs[row]),
      name,
      probability,
      test.outcomes[row],
    ]),
  );
  return toCsv(['entity_id', 'cutoff', 'estimator', 'probability', 'outcome'], rows, false);
}

/** A row per class: its probability, and 1 where it came. */
function classPredictionsCsv({ result, test }: ClassBacktestRun): string {
  const rows = result.estimators.flatMap(({ name, probabilities }) =>
    test.table.entities.flatMap((entity, row) =>
      result.classes.map((label, k) => [
        entity,
        formatDay(test.table.cutoffs[row]),
        name,
        label,
        probabilities[k][row],
        Number(test.outcomes[row] === k),
      ]),
    ),
  );
  return toCsv(['entity_id', 'cutoff', 'estimator', 'class', 'probability', 'outcome'], rows, false);
}
