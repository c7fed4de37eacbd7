import { DAY, formatDay, type Instant } from '../features/index.ts';
import {
  type BacktestResult,
  backtest,
  hasBothClasses,
  maturityDays,
  type ScoringModel,
  settledRows,
  type TrainingSet,
} from '../models/index.ts';
import { problem } from '../store/index.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { buildPanel } from './panel.ts';

/** A backtest with the rows it looked at. */
export interface BacktestRun {
  result: BacktestResult;
  test: TrainingSet;
  /** Training cutoffs left out because their outcomes had not matured before the first test cutoff. */
  purged: number;
}

/**
 * Judges every estimator of a model on later cutoffs than it learnt from. What is learnt from was on record at the
 * first test cutoff; what happened in the test is read as it is known today.
 * @throws a problem `NOT_ENOUGH_DATA` when either side has rows of one kind only, `USAGE` when the test begins too soon
 */
export async function runBacktest(
  context: Context,
  model: ScoringModel,
  trainCutoffs: readonly Instant[],
  testCutoffs: readonly Instant[],
): Promise<BacktestRun> {
  const [trainUntil, maturity] = [Math.min(...testCutoffs), maturityDays(model.label) * DAY];
  const matured = trainCutoffs.filter((cutoff) => cutoff + maturity <= trainUntil);
  if (matured.length === 0) {
    throw problem(
      'USAGE',
      `Nothing can be learnt before the first test cutoff ${formatDay(trainUntil)}: an outcome takes ${maturity / DAY} days ` +
        `to be known, so the training must begin by ${formatDay(trainUntil - maturity)}.`,
    );
  }
  const source = await context.step('read the facts', () => programFacts(context));
  const panel = await context.step('build features and outcomes', () =>
    buildPanel(model, source, [...matured, ...testCutoffs], [trainUntil, source.latestAsOf]),
  );
  const [trainDays, testDays] = [new Set(matured), new Set(testCutoffs)];
  const train = settledRows(panel, trainUntil, (cutoff) => trainDays.has(cutoff));
  const test = settledRows(panel, source.latestAsOf, (cutoff) => testDays.has(cutoff));
  requireRows(train, 'training');
  requireRows(test, 'test');
  const result = await context.step('fit and judge the estimators', () =>
    backtest(model, train, test, context.settings),
  );
  return { result, test, purged: trainCutoffs.length - matured.length };
}

function requireRows(set: TrainingSet, what: string): void {
  if (hasBothClasses(set)) return;
  const found = set.outcomes.length === 0 ? 'no partner at risk with a known outcome' : 'only one kind of outcome';
  throw problem('NOT_ENOUGH_DATA', `The ${what} has ${found}; choose a longer range of cutoffs, or load more history.`);
}
