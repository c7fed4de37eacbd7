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
  /** Stop when a step would improve the loss by less than this share of it; 1e-13 by default. */
  tolerance?: number;
}

/** Weights of the columns and the intercept, in log-odds. */
export interface LogisticWeights {
  weights: Float64Array;
  intercept: number;
}

const MAX_STEPS = 50;
const MAX_HALVINGS = 30;
const TOLERANCE = 1e-13;
/** Rows handled together, so that a block of every column stays in the cache. */
const BLOCK = 1024;

/**
 * Minimises the sum of log losses plus the penalty by Newton's method with step halving.
 * Costs rows × columns² per step, about six steps. Source: Hastie, Tibshirani & Friedman, The Elements of
 * Statistical Learning, 2nd ed., §4.4.1.
 * @param start where to begin; zeros by default
 * @throws RangeError when the problem has no rows
 */
export function solveLogistic(problem: LogisticProblem, start?: LogisticWeights): LogisticWeights {
  const { tolerance = TOLERANCE } = problem;
  const rows = problem.outcomes.length;
  if (rows === 0) throw new RangeError('a logistic regression needs at least one row');
  const size = problem.columns.length + 1;
  let at = new Float64Array(size);
  if (start) {
    at.set(start.weights);
    at[size - 1] = start.intercept;
  }
  const logOdds = new Float64Array(rows);
  let loss = lossAt(problem, at, logOdds);
  for (let step = 0; step < MAX_STEPS; step++) {
    const { gradient, hessian } = derivatives(problem, at, logOdds);
    const direction = solvePositive(hessian, gradient, size);
    const gain = dot(gradient, direction);
    if (gain <= tolerance * Math.max(1, loss)) break;
    let scale = 1;
    let next = at.map((value, i) => value - scale * direction[i]);
    let nextLoss = lossAt(problem, next, logOdds);
    for (let halving = 0; nextLoss > loss && halving < MAX_HALVINGS; halving++) {
      scale /= 2;
      next = at.map((value, i) => value - scale * direction[i]);
      nextLoss = lossAt(problem, next, logOdds);
    }
    if (nextLoss > loss) break;
    at = next;
    loss = nextLoss;
  }
  return { weights: at.slice(0, size - 1), intercept: at[size - 1] };
}

/** ln(1 + eˣ) without overflow. */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** 1/(1 + e⁻ˣ). */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function costOf(problem: LogisticProblem, j: number): number {
  return j < problem.columns.length ? problem.penalty : (problem.interceptPenalty ?? 0);
}

/** The loss at given weights; leaves each row's log-odds behind. */
function lossAt(problem: LogisticProblem, at: Float64Array, logOdds: Float64Array): number {
  const { columns, outcomes, offset } = problem;
  logOdds.fill(at[columns.length]);
  if (offset) for (let i = 0; i < logOdds.length; i++) logOdds[i] += offset[i];
  for (let j = 0; j < columns.length; j++) {
    const values = columns[j];
    const weight = at[j];
    for (let i = 0; i < logOdds.length; i++) logOdds[i] += weight * values[i];
  }
  let loss = 0;
  for (let i = 0; i < logOdds.length; i++) loss += softplus(logOdds[i]) - (outcomes[i] ? logOdds[i] : 0);
  for (let j = 0; j <= columns.length; j++) loss += (costOf(problem, j) * at[j] * at[j]) / 2;
  return loss;
}

function derivatives(problem: LogisticProblem, at: Float64Array, logOdds: Float64Array) {
  const size = problem.columns.length + 1;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const block = {
    residual: new Float64Array(BLOCK),
    curvature: new Float64Array(BLOCK),
    weighted: new Float64Array(BLOCK),
  };
  for (let from = 0; from < logOdds.length; from += BLOCK) {
    const rows = Math.min(BLOCK, logOdds.length - from);
    for (let i = 0; i < rows; i++) {
      const probability = sigmoid(logOdds[from + i]);
      block.residual[i] = probability - problem.outcomes[from + i];
      block.curvature[i] = probability * (1 - probability);
      gradient[size - 1] += block.residual[i];
      hessian[size * size - 1] += block.curvature[i];
    }
    addBlock(problem.columns, from, rows, block, gradient, hessian);
  }
  for (let j = 0; j < size; j++) {
    gradient[j] += costOf(problem, j) * at[j];
    hessian[j * size + j] += costOf(problem, j);
  }
  return { gradient, hessian };
}

/** Adds what a block of rows has to say about the columns' slopes and curvatures. */
function addBlock(
  columns: readonly Float64Array[],
  from: number,
  rows: number,
  { residual, curvature, weighted }: Record<'residual' | 'curvature' | 'weighted', Float64Array>,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const size = columns.length + 1;
  for (let j = 0; j < columns.length; j++) {
    const values = columns[j];
    let slope = 0;
    let withIntercept = 0;
    for (let i = 0; i < rows; i++) {
      const value = values[from + i];
      slope += residual[i] * value;
      weighted[i] = curvature[i] * value;
      withIntercept += weighted[i];
    }
    gradient[j] += slope;
    hessian[j * size + size - 1] += withIntercept;
    let k = j;
    for (; k + 3 < columns.length; k += 4) addFour(columns, k, weighted, from, rows, hessian, j * size + k);
    for (; k < columns.length; k++) {
      const others = columns[k];
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += weighted[i] * others[from + i];
      hessian[j * size + k] += sum;
    }
  }
}

/** The products of a weighted column with four others at once: each weight is loaded once for all four. */
function addFour(
  columns: readonly Float64Array[],
  k: number,
  weighted: Float64Array,
  from: number,
  rows: number,
  hessian: Float64Array,
  at: number,
): void {
  const [a, b, c, d] = [columns[k], columns[k + 1], columns[k + 2], columns[k + 3]];
  let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
  for (let i = 0; i < rows; i++) {
    const weight = weighted[i];
    sumA += weight * a[from + i];
    sumB += weight * b[from + i];
    sumC += weight * c[from + i];
    sumD += weight * d[from + i];
  }
  hessian[at] += sumA;
  hessian[at + 1] += sumB;
  hessian[at + 2] += sumC;
  hessian[at + 3] += sumD;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Solves H·x = g for a symmetric positive definite H given by its upper triangle, by Cholesky's method. */
function solvePositive(hessian: Float64Array, gradient: Float64Array, size: number): Float64Array {
  const lower = cholesky(hessian, size);
  const x = Float64Array.from(gradient);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] -= lower[i * size + k] * x[k];
    x[i] /= lower[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= lower[k * size + i] * x[k];
    x[i] /= lower[i * size + i];
  }
  return x;
}

/** L with L·Lᵀ = H; a pivot lost to rounding is kept just above zero, which leaves that direction unmoved. */
function cholesky(hessian: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    const floor = 1e-12 * Math.max(1, hessian[j * size + j]);
    for (let i = j; i < size; i++) {
      let sum = hessian[j * size + i];
      for (let k = 0; k < j; k++) sum -= lower[i * size + k] * lower[j * size + k];
      lower[i * size + j] = i === j ? Math.sqrt(Math.max(sum, floor)) : sum / lower[j * size + j];
    }
  }
  return lower;
}
