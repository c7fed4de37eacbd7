import { renameSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { formatDay, type Instant, type Step } from '../features/index.ts';
import { type Measured, metrics, scoringModelNamed } from '../models/index.ts';
import { type BacktestRun, runBacktest } from '../pipelines/index.ts';
import { problem } from '../store/index.ts';
import { cutoffs, range, step } from './arguments.ts';
import { table, toCsv } from './output.ts';
import type { Session } from './session.ts';

interface Options {
  train: [Instant, Instant];
  test: [Instant, Instant];
  trainEvery: Step;
  testEvery: Step;
  predictions?: string;
}

/** `backtest`: every estimator against the trivial rivals. */
export function backtestVerb(program: Command, session: Session): void {
  program
    .command('backtest')
    .description('fit on one time, judge on a later one: every estimator against the trivial rivals')
    .argument('<model>', 'which score', scoringModel)
    .requiredOption('--train <from..to>', 'cutoffs to learn from', range)
    .requiredOption('--test <from..to>', 'later cutoffs to judge on', range)
    .option('--train-every <step>', 'day, week, month or quarter', step, 'month' as const)
    .option('--test-every <step>', 'day, week, month or quarter', step, 'quarter' as const)
    .option('--predictions <file>', 'write every prediction of the test to a CSV file')
    .action(async (model: ReturnType<typeof scoringModel>, options: Options) => {
      await session.withStore(async (context) => {
        const train = cutoffs(options.train, options.trainEvery);
        const run = await runBacktest(context, model, train, cutoffs(options.test, options.testEvery));
        if (run.purged > 0) {
          context.say(
            `${run.purged} training cutoffs were left out: their outcomes were not known at the first test cutoff.`,
          );
        }
        if (options.predictions !== undefined) {
          writeFileSync(`${options.predictions}.part`, predictionsCsv(run));
          renameSync(`${options.predictions}.part`, options.predictions);
        }
        tell(session, run);
      });
    });
}

/** @throws a problem `USAGE` naming the models there are */
export function scoringModel(name: string) {
  try {
    return scoringModelNamed(name);
  } catch (error) {
    throw problem('USAGE', `${(error as Error).message}.`);
  }
}

function tell({ output }: Session, { result }: BacktestRun): void {
  const { model, train, test, champion, verdict } = result;
  if (output.format === 'json') {
    output.json({
      model,
      train: { rows: train.rows, base_rate: train.baseRate },
      test: { rows: test.rows, base_rate: test.baseRate, partners: test.partners },
      estimators: result.estimators.map(({ name, figures }) => ({ name, ...figures })),
      champion,
      verdict: verdict.text,
      gain: { against: verdict.rule, log_loss: verdict.gain },
    });
    return;
  }
  const columns = metrics.map(({ name }) => name);
  if (output.format === 'csv') {
    const header = ['estimator', ...columns.flatMap((name) => [name, `${name}_low`, `${name}_high`])];
    output.csv(
      header,
      result.estimators.map(({ name, figures }) => [
        name,
        ...columns.flatMap((column) => [figures[column].value, figures[column].low, figures[column].high]),
      ]),
    );
    return;
  }
  output.print(`${model}: learnt from ${train.rows} rows (${percent(train.baseRate)} went quiet),`);
  output.print(`judged on ${test.rows} later rows of ${test.partners} partners (${percent(test.baseRate)}).\n`);
  output.print(
    table([
      ['estimator', ...columns],
      ...result.estimators.map(({ name, figures }) => [
        name === champion ? `${name} *` : name,
        ...columns.map((column) => figure(figures[column])),
      ]),
    ]),
  );
  output.print('\n95 % intervals by a bootstrap over partners; * champion, chosen inside the training time.');
  output.print(verdict.text);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function figure({ value, low, high }: Measured): string {
  return `${value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
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
