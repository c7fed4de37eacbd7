import { formatDay } from '../features/index.ts';
import { type ClassBacktestResult, writePercent } from '../models/index.ts';
import type { ClassBacktestRun } from '../pipelines/index.ts';
import { figureTable, percents } from './figure-table.ts';
import { type Output, table } from './output.ts';

const METRICS = ['log_loss', 'rps', 'macro_f1'] as const;

/** Tells the backtest of a model of classes in the wanted format. */
export function tellClassBacktest(output: Output, { result, learntUntil, purged }: ClassBacktestRun): void {
  if (output.format === 'json') output.json(inPlainData(result, formatDay(learntUntil), purged));
  else if (output.format === 'csv') {
    output.csv(
      ['estimator', ...METRICS.flatMap((metric) => [metric, `${metric}_low`, `${metric}_high`])],
      result.estimators.map(({ name, figures }) => [
        name,
        ...METRICS.flatMap((metric) => [figures[metric].value, figures[metric].low, figures[metric].high]),
      ]),
    );
  } else output.print(inWords(result));
}

function inPlainData(result: ClassBacktestResult, learntUntil: string, purged: number) {
  const { model, classes, train, test, champion, verdict, calibration, horizonsOverlap } = result;
  const byName = (shares: readonly number[]) => Object.fromEntries(classes.map((name, k) => [name, shares[k]]));
  return {
    model,
    classes,
    learnt_until: learntUntil,
    purged,
    train: { rows: train.rows, base_rates: byName(train.shares) },
    test: { rows: test.rows, base_rates: byName(test.shares), partners: test.partners },
    horizons_overlap: horizonsOverlap,
    estimators: result.estimators.map(({ name, figures, beside }) => ({ name, ...figures, beside_champion: beside })),
    champion,
    verdict: verdict.text,
    gain: verdict.gain,
    calibration: calibration.map(({ name, ...rest }) => ({ class: name, ...rest })),
  };
}

function inWords({
  model,
  train,
  test,
  classes,
  estimators,
  champion,
  verdict,
  calibration,
  ...rest
}: ClassBacktestResult) {
  const shares = classes.map((name, k) => `${name} ${writePercent(test.shares[k])}`).join(', ');
  return [
    `${model}: learnt from ${train.rows} rows, judged on ${test.rows} rows of ${test.partners} partners (${shares}).`,
    figureTable(estimators, METRICS, champion),
    '* chosen inside the training time. Lower log loss and ranked probability score (rps) are better; 95 % intervals over partners.',
    rest.horizonsOverlap
      ? 'The horizons of neighbouring test cutoffs overlap: rows tell less than their number, and the intervals count partners.'
      : '',
    table([
      ['class', 'said', 'came'],
      ...calibration.map(({ name, said, came }) => [name, writePercent(said), percents(came)]),
    ]),
    verdict.text,
  ]
    .filter((part) => part !== '')
    .join('\n');
}
