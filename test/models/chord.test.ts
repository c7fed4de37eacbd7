import { describe, expect, it } from 'vitest';
import { minimise, type PenalisedLoss } from '../../models/chord.ts';

/** eˣ − 3x and a penalty: without one it is least at ln 3. */
function exponential(cost: number): PenalisedLoss<number> & { looks: number } {
  const problem = {
    looks: 0,
    costs: Float64Array.of(cost),
    predictors: ([x]: Float64Array) => x,
    loss: (x: number) => Math.exp(x) - 3 * x,
    gradient: (x: number) => Float64Array.of(Math.exp(x) - 3),
    curvature: (x: number) => {
      problem.looks++;
      return Float64Array.of(Math.exp(x));
    },
  };
  return problem;
}

describe('Newton with kept second derivatives', () => {
  it('finds where a loss is least, with its second derivative there or near', () => {
    const { at, curvature } = minimise(exponential(0), { at: Float64Array.of(0) });
    expect(at[0]).toBeCloseTo(Math.log(3), 9);
    expect(curvature[0]).toBeCloseTo(3, 2);
  });

  it('a penalty of c draws it to where eˣ − 3 + c·x = 0', () => {
    // At x = 1 that is c = 3 − e.
    expect(minimise(exponential(3 - Math.E), { at: Float64Array.of(0) }).at[0]).toBeCloseTo(1, 9);
  });

  it('comes to the same place with second derivatives of something else, whether they over- or understate', () => {
    for (const curvature of [1000, 0.001]) {
      const { at } = minimise(exponential(0), { at: Float64Array.of(0), curvature: Float64Array.of(curvature) });
      expect(at[0]).toBeCloseTo(Math.log(3), 9);
    }
  });

  it('looks at second derivatives no more often than it must', () => {
    const near = exponential(0);
    minimise(near, { at: Float64Array.of(Math.log(3) + 0.01), curvature: Float64Array.of(3) });
    expect(near.looks).toBe(0);
  });

  it('second derivatives of another size are not taken over', () => {
    const problem = exponential(0);
    minimise(problem, { at: Float64Array.of(Math.log(3)), curvature: Float64Array.of(3, 0, 0, 3) });
    expect(problem.looks).toBe(1);
  });

  it('halves a step that leads uphill', () => {
    // Newton from far below would go to x ≈ 3·e⁵, where the loss overflows.
    expect(minimise(exponential(0), { at: Float64Array.of(-8) }).at[0]).toBeCloseTo(Math.log(3), 9);
  });

  it('finds back from where the loss shows no curvature at all', () => {
    expect(minimise(exponential(0), { at: Float64Array.of(-60) }).at[0]).toBeCloseTo(Math.log(3), 9);
  });

  it('stops early where a rough answer is enough', () => {
    const rough = minimise(exponential(0), { at: Float64Array.of(0) }, 0.5).at[0];
    expect(rough).not.toBeCloseTo(Math.log(3), 3);
  });
});
