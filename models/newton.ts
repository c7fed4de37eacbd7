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

const MAX_STEPS = 200;
const MAX_HALVINGS = 30;
/** Weights are then off by about its square root at most. */
const TOLERANCE = 1e-20;
/** What a sum of losses may differ by for no other reason. */
const ROUNDING = 1e-14;
/** Rows handled together, so that a block of every column stays in the cache. */
const BLOCK = 1024;

/** A step that leaves more than this share of the gain it promised is worth new second derivatives. */
const SLOW = 0.3;

/**
 * Minimises the sum of log losses plus the penalty by Newton's method with step halving. Second derivatives cost
 * rows × columns², all else rows × columns: they are kept, or taken over from a similar problem, as long as steps by
 * them converge well (the chord method). Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning,
 * 2nd ed., §4.4.1; Kelley, Iterative Methods for Linear and Nonlinear Equations, 1995, §5.4.1.
 * @param start where to begin; zeros by default
 * @throws RangeError when the problem has no rows
 */
export function solveLogistic(problem: LogisticProblem, start?: LogisticWeights): LogisticWeights {
  const { tolerance = TOLERANCE, columns } = problem;
  if (problem.outcomes.length === 0) throw new RangeError('a logistic regression needs at least one row');
  const size = columns.length + 1;
  let point = pointAt(problem, startingAt(size, start));
  let curved = start?.curvature?.length === size * size ? curvedBy(problem, start.curvature) : null;
  let promised = Number.POSITIVE_INFINITY;
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const gradient = gradientAt(problem, point);
    const enough = tolerance * Math.max(1, point.loss);
    let step = curved && stepBy(curved, gradient);
    if (curved === null || step === null || step.gain > Math.max(enough, SLOW * promised)) {
      curved = curvedBy(problem, curvatureAt(problem, point));
      step = stepBy(curved, gradient);
    }
    if (step.gain <= enough) break;
    const next = descend(problem, point, step.direction);
    if (next === null) break;
    promised = step.gain;
    point = next;
  }
  const { at } = point;
  return { weights: at.slice(0, size - 1), intercept: at[size - 1], ...(curved && { curvature: curved.curvature }) };
}

/** Second derivatives without the penalty, and the Cholesky factor of those with it. */
interface Curved {
  curvature: Float64Array;
  factor: Float64Array;
}

function curvedBy(problem: LogisticProblem, curvature: Float64Array): Curved {
  return { curvature, factor: cholesky(penalised(curvature, problem), problem.columns.length + 1) };
}

/** Where to go, and by how much the loss would fall were it as curved everywhere: twice that. */
function stepBy({ factor }: Curved, gradient: Float64Array): { direction: Float64Array; gain: number } {
  const direction = solveBy(factor, gradient, gradient.length);
  return { direction, gain: dot(gradient, direction) };
}

/** Where the search is. */
interface Point {
  /** The weights, the intercept last. */
  at: Float64Array;
  logOdds: Float64Array;
  loss: number;
}

function startingAt(size: number, start: LogisticWeights | undefined): Float64Array {
  const at = new Float64Array(size);
  if (start) {
    at.set(start.weights);
    at[size - 1] = start.intercept;
  }
  return at;
}

function pointAt(problem: LogisticProblem, at: Float64Array): Point {
  const logOdds = new Float64Array(problem.outcomes.length);
  return { at, logOdds, loss: lossAt(problem, at, logOdds) };
}

/** The point a step, or a half of it or a quarter …, leads to; null when none is better. */
function descend(problem: LogisticProblem, { at, loss }: Point, direction: Float64Array): Point | null {
  for (let halving = 0, scale = 1; halving <= MAX_HALVINGS; halving++, scale /= 2) {
    const next = pointAt(
      problem,
      at.map((value, i) => value - scale * direction[i]),
    );
    if (next.loss <= loss + ROUNDING * Math.max(1, loss)) return next;
  }
  return null;
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

function gradientAt(problem: LogisticProblem, { at, logOdds }: Point): Float64Array {
  const { columns, outcomes } = problem;
  const residual = logOdds.map((each, i) => sigmoid(each) - outcomes[i]);
  const gradient = new Float64Array(at.length);
  columns.forEach((values, j) => {
    gradient[j] = dot(values, residual);
  });
  gradient[columns.length] = residual.reduce((sum, each) => sum + each, 0);
  return gradient.map((slope, j) => slope + costOf(problem, j) * at[j]);
}

/** The upper triangle of the second derivatives, without the penalty. */
function curvatureAt({ columns }: LogisticProblem, { logOdds }: Point): Float64Array {
  const size = columns.length + 1;
  const curvature = new Float64Array(size * size);
  const block = { curvature: new Float64Array(BLOCK), weighted: new Float64Array(BLOCK) };
  for (let from = 0; from < logOdds.length; from += BLOCK) {
    const rows = Math.min(BLOCK, logOdds.length - from);
    for (let i = 0; i < rows; i++) {
      const probability = sigmoid(logOdds[from + i]);
      block.curvature[i] = probability * (1 - probability);
      curvature[size * size - 1] += block.curvature[i];
    }
    addBlock(columns, from, rows, block, curvature);
  }
  return curvature;
}

function penalised(curvature: Float64Array, problem: LogisticProblem): Float64Array {
  const size = problem.columns.length + 1;
  const hessian = curvature.slice();
  for (let j = 0; j < size; j++) hessian[j * size + j] += costOf(problem, j);
  return hessian;
}

/** Adds what a block of rows has to say about the columns' curvatures. */
function addBlock(
  columns: readonly Float64Array[],
  from: number,
  rows: number,
  { curvature, weighted }: Record<'curvature' | 'weighted', Float64Array>,
  hessian: Float64Array,
): void {
  const size = columns.length + 1;
  for (let j = 0; j < columns.length; j++) {
    const values = columns[j];
    let withIntercept = 0;
    for (let i = 0; i < rows; i++) {
      weighted[i] = curvature[i] * values[from + i];
      withIntercept += weighted[i];
    }
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

/** Solves L·Lᵀ·x = g. */
function solveBy(lower: Float64Array, gradient: Float64Array, size: number): Float64Array {
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

/** L with L·Lᵀ = H, of which the upper triangle is given (Cholesky); a pivot lost to rounding is kept just above zero, which leaves that direction unmoved. */
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
