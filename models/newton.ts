import { minimise, type PenalisedLoss } from './chord.ts';
import { columnSums, crossProducts } from './cross-products.ts';

/** A penalised logistic regression to be solved. */
export interface LogisticProblem {
  /** One array per column, all of the same length. */
  columns: readonly Float64Array[];
  /** 0 or 1 per row. */
  outcomes: ArrayLike<number>;
  /** Added to each row's log-odds; none by default. */
  offset?: Float64Array;
  /** What half the squared weight of every column costs; the intercept costs nothing. */
  penalty: number;
  /** What half the squared intercept costs; 0 by default. */
  interceptPenalty?: number;
  /** Stop when a step would improve the loss by less than this share of it; 1e-20 by default. */
  tolerance?: number;
}

/** Weights of the columns and the intercept, in log-odds. */
export interface LogisticWeights {
  weights: Float64Array;
  intercept: number;
  /** Second derivatives of the loss without the penalty, near the solution: what a similar problem may begin with. */
  curvature?: Float64Array;
}

/**
 * Minimises the sum of log losses plus the penalty by Newton's method. Second derivatives cost rows × columns², all else
 * rows × columns.
 * Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., §4.4.1.
 * @param start where to begin; zeros by default
 * @throws RangeError when the problem has no rows
 */
export function solveLogistic(problem: LogisticProblem, start?: LogisticWeights): LogisticWeights {
  if (problem.outcomes.length === 0) throw new RangeError('a logistic regression needs at least one row');
  const size = problem.columns.length + 1;
  const begin = { at: startingAt(size, start), curvature: start?.curvature };
  const { at, curvature } = minimise(penalisedLoss(problem), begin, problem.tolerance);
  return { weights: at.slice(0, size - 1), intercept: at[size - 1], curvature };
}

/** The weights, the intercept last. */
function startingAt(size: number, start: LogisticWeights | undefined): Float64Array {
  const at = new Float64Array(size);
  if (start) {
    at.set(start.weights);
    at[size - 1] = start.intercept;
  }
  return at;
}

/** The predictors are the rows' log-odds. */
function penalisedLoss(problem: LogisticProblem): PenalisedLoss<Float64Array> {
  const { columns, outcomes, penalty, interceptPenalty = 0 } = problem;
  const costs = new Float64Array(columns.length + 1).fill(penalty);
  costs[columns.length] = interceptPenalty;
  return {
    costs,
    predictors: (at) => logOddsAt(problem, at),
    loss: (logOdds) => logOdds.reduce((sum, each, i) => sum + (softplus(each) - (outcomes[i] ? each : 0)), 0),
    gradient: (logOdds) => gradientAt(problem, logOdds),
    curvature: (logOdds) => crossProducts(columns, logOdds.map(bernoulliVariance)),
  };
}

/** ln(1 + eˣ) without overflow. */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** 1/(1 + e⁻ˣ). */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function bernoulliVariance(logOdds: number): number {
  const probability = sigmoid(logOdds);
  return probability * (1 - probability);
}

function logOddsAt({ columns, outcomes, offset }: LogisticProblem, at: Float64Array): Float64Array {
  const logOdds = new Float64Array(outcomes.length).fill(at[columns.length]);
  if (offset) for (let i = 0; i < logOdds.length; i++) logOdds[i] += offset[i];
  for (let j = 0; j < columns.length; j++) {
    const values = columns[j];
    const weight = at[j];
    for (let i = 0; i < logOdds.length; i++) logOdds[i] += weight * values[i];
  }
  return logOdds;
}

function gradientAt({ columns, outcomes }: LogisticProblem, logOdds: Float64Array): Float64Array {
  const residual = logOdds.map((each, i) => sigmoid(each) - outcomes[i]);
  return columnSums(columns, residual);
}
