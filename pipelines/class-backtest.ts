import { DAY, type Instant } from '../features/index.ts';
import {
  backtestClasses,
  type ClassBacktestResult,
  type ClassScoringModel,
  type ClassSet,
  settledClasses,
} from '../models/index.ts';
import { problem } from '../store/index.ts';
import { type BacktestPlan, maturedBy } from './backtest.ts';
import { asDeclared } from './class-model.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { buildPanel } from './panel.ts';

/** A backtest of a model of classes with the rows it looked at. */
export interface ClassBacktestRun {
  result: ClassBacktestResult;
  test: ClassSet;
  /** The day the training's outcomes were read as they were on record then. */
  learntUntil: Instant;
  /** Training cutoffs left out because their outcomes had not matured by that day. */
  purged: number;
}

/**
 * Judges every estimator of a model of classes on later cutoffs than it learnt from, as `runBacktest` one of two outcomes.
 * @throws a problem `NOT_ENOUGH_DATA` when the training lacks a class or the test has no rows, `USAGE` when the test
 * begins too soon
 */
export async function runClassBacktest(
  context: Context,
  asked: ClassScoringModel,
  plan: BacktestPlan,
): Promise<ClassBacktestRun> {
  const model = asDeclared(asked, context.settings);
  const learntUntil = Math.min(...plan.test) - plan.embargoDays * DAY;
  const matured = maturedBy(model, plan, learntUntil);
  const source = await context.step('read the facts', () => programFacts(context));
  const panel = await context.step('build features and outcomes', () =>
    buildPanel(model, source, [...matured, ...plan.test], [learntUntil, source.latestAsOf]),
  );
  const [trainDays, testDays] = [new Set(matured), new Set(plan.test)];
  const train = settledClasses(panel, learntUntil, (cutoff) => trainDays.has(cutoff));
  const test = settledClasses(panel, source.latestAsOf, (cutoff) => testDays.has(cutoff));
  requireClasses(train, test);
  const { seed, threads } = context.settings;
  const result = await context.step('fit and judge the estimators', () =>
    backtestClasses(model, train, test, { seed, threads }),
  );
  return { result, test, learntUntil, purged: plan.train.length - matured.length };
}

function requireClasses(train: ClassSet, test: ClassSet): void {
  const lacking = train.classes.filter((_, k) => !train.outcomes.includes(k));
  const advice = 'choose a longer range of cutoffs, or load more history.';
  if (lacking.length > 0)
    throw problem('NOT_ENOUGH_DATA', `The training has no partner with the outcome ${lacking.join(' or ')}; ${advice}`);
  if (test.outcomes.length === 0)
    throw problem('NOT_ENOUGH_DATA', `The test has no partner at risk with a known outcome; ${advice}`);
}
