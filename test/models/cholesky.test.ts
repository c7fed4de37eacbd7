import { expect, it } from 'vitest';
import { cholesky, solveBy } from '../../models/cholesky.ts';

// [[4, 2], [2, 5]] = L·Lᵀ with L = [[2, 0], [1, 2]]; the lower triangle is not read.
const UPPER = Float64Array.of(4, 2, Number.NaN, 5);

it('finds the root of a matrix from its upper triangle', () => {
  expect([...cholesky(UPPER, 2)]).toEqual([2, 0, 1, 2]);
});

it('solves by it', () => {
  expect([...solveBy(cholesky(UPPER, 2), Float64Array.of(8, 12))]).toEqual([1, 2]);
});

it('leaves a direction that is not curved unmoved, or nearly, and stays finite', () => {
  // Two columns that are one: only their sum is told.
  const [x, y] = solveBy(cholesky(Float64Array.of(1, 1, 0, 1), 2), Float64Array.of(2, 2));
  expect(x + y).toBeCloseTo(2, 9);
  expect(Number.isFinite(x)).toBe(true);
});
