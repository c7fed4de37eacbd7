import { DAY, formatDay, type Instant } from '../features/index.ts';
import {
  type BacktestResult,
  backtest,
  type ClassScoringModel,
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
import { noteSet } from './row-notes.ts';

/** A backtest with the rows it looked at. */
export interface BacktestRun {
  result: BacktestResult;
  test: TrainingSet;
  /** The day the training's outcomes were read as they were on record then. */
  learntUntil: Instant;
  /** Training cutoffs left out because their outcomes had not matured by that day. */
  purged: number;
}

/** The cutoffs of a backtest. */
export interface BacktestPlan {
  train: readonly Instant[];
  test: readonly Instant[];
  /** Days between the day that is learnt until and the first test cutoff. */
  embargoDays: number;
}

/**
 * Judges every estimator of a model on later cutoffs than it learnt from. What is learnt from was on record at the
 * first test cutoff, or an embargo before it; what happened in the test is read as it is known today. Training cutoffs
 * whose outcomes had not matured by then are purged.
 * @throws a problem `NOT_ENOUGH_DATA` when either side has rows of one kind only, `USAGE` when the test begins too soon
 */
export async function runBacktest(context: Context, model: ScoringModel, plan: BacktestPlan): Promise<BacktestRun> {
  const learntUntil = Math.min(...plan.test) - plan.embargoDays * DAY;
  const matured = maturedBy(model, plan, learntUntil);
  const source = await context.step('read the facts', () => programFacts(context));
  const panel = await context.step('build features and outcomes', () =>
    buildPanel(model, source, [...matured, ...plan.test], [learntUntil, source.latestAsOf]),
  );
  const [trainDays, testDays] = [new Set(matured), new Set(plan.test)];
  const train = settledRows(panel, learntUntil, (cutoff) => trainDays.has(cutoff));
  const test = settledRows(panel, source.latestAsOf, (cutoff) => testDays.has(cutoff));
  requireRows(train, 'training');
  requireRows(test, 'test');
  const notes = await context.step('look what became of the partners', () => noteSet(test, source));
  const { seed, threads, team_capacity } = context.settings;
  const result = await context.step('fit and judge the estimators', () =>
    backtest(model, train, test, notes, { seed, threads, capacity: team_capacity }),
  );
  return { result, test, learntUntil, purged: plan.train.length - matured.length };
}

/** The training cutoffs whose outcomes were known by the day that is learnt until. @throws a problem `USAGE` without any */
export function maturedBy(
  model: Pick<ScoringModel | ClassScoringModel, 'label'>,
  { train, test, embargoDays }: BacktestPlan,
  learntUntil: Instant,
): Instant[] {
  const days = maturityDays(model.label);
  const matured = train.filter((cutoff) => cutoff + days * DAY <= learntUntil);
  if (matured.length > 0) return matured;
  const embargo = embargoDays === 0 ? '' : ` and the embargo ${embargoDays} more`;
  throw problem(
    'USAGE',
    `Nothing can be learnt before the first test cutoff ${formatDay(Math.min(...test))}: an outcome takes ${days} days ` +
      `to be known${embargo}, so the training must begin by ${formatDay(learntUntil - days * DAY)}.`,
  );
}

function requireRows(set: TrainingSet, what: string): void {
  if (hasBothClasses(set)) return;
  const found = set.outcomes.length === 0 ? 'no partner at risk with a known outcome' : 'only one kind of outcome';
  throw problem('NOT_ENOUGH_DATA', `The ${what} has ${found}; choose a longer range of cutoffs, or load more history.`);
}
