import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../models/index.ts';
import { sigmoid, softplus, solveLogistic } from '../../models/newton.ts';

interface Golden {
  X: number[][];
  y: number[];
  fits: { C: number; coef: number[]; intercept: number; probability: number[] }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('../golden/scikit-learn.json', import.meta.url), 'utf8'));
const columnsOf = (rows: number[][]) => rows[0].map((_, j) => Float64Array.from(rows, (row) => row[j]));

describe('logistic regression by Newton', () => {
  it.each(golden.fits.map((fit) => [fit.C, fit] as const))(
    'equals scikit-learn at C = %d to six decimals',
    (C, fit) => {
      const { weights, intercept } = solveLogistic({
        columns: columnsOf(golden.X),
        outcomes: golden.y,
        penalty: 1 / C,
      });
      fit.coef.forEach((coefficient, j) => {
        expect(weights[j]).toBeCloseTo(coefficient, 6);
      });
      expect(intercept).toBeCloseTo(fit.intercept, 6);
      golden.X.forEach((row, i) => {
        const p = sigmoid(row.reduce((sum, x, j) => sum + x * weights[j], intercept));
        expect(p).toBeCloseTo(fit.probability[i], 6);
      });
    },
  );

  it('without columns it finds the log-odds of the share', () => {
    expect(solveLogistic({ columns: [], outcomes: [1, 0, 0, 0], penalty: 1 }).intercept).toBeCloseTo(
      Math.log(1 / 3),
      9,
    );
  });

  it('stays finite when the classes can be told apart, and with more columns than rows', () => {
    const random = seeded(1);
    const columns = Array.from({ length: 30 }, () => Float64Array.from({ length: 10 }, () => random()));
    const { weights } = solveLogistic({ columns, outcomes: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], penalty: 1e-3 });
    expect(weights.every(Number.isFinite)).toBe(true);
  });

  it('ends at the same place wherever it starts', () => {
    const problem = { columns: columnsOf(golden.X), outcomes: golden.y, penalty: 1 };
    const far = solveLogistic(problem, { weights: Float64Array.of(3, -3, 3, -3), intercept: 5 });
    solveLogistic(problem).weights.forEach((weight, j) => {
      expect(far.weights[j]).toBeCloseTo(weight, 6);
    });
  });

  it('handles 2,500 rows as it handles one block of them', () => {
    const random = seeded(2);
    const columns = [0, 1, 2, 3, 4].map(() => Float64Array.from({ length: 2500 }, () => random() - 0.5));
    const outcomes = Float64Array.from({ length: 2500 }, (_, i) => Number(random() < sigmoid(2 * columns[0][i])));
    const { weights, intercept } = solveLogistic({ columns, outcomes, penalty: 5 });
    columns.forEach((values, j) => {
      let slope = 5 * weights[j];
      for (let i = 0; i < 2500; i++) {
        const logOdds = columns.reduce((sum, column, k) => sum + column[i] * weights[k], intercept);
        slope += (sigmoid(logOdds) - outcomes[i]) * values[i];
      }
      expect(slope).toBeCloseTo(0, 4);
    });
  });

  it('refuses a problem without rows', () => {
    expect(() => solveLogistic({ columns: [], outcomes: [], penalty: 1 })).toThrow(/at least one row/);
  });

  it('softplus does not overflow', () => {
    expect(softplus(1000)).toBe(1000);
    expect(softplus(-1000)).toBe(0);
    expect(softplus(0)).toBeCloseTo(Math.log(2), 12);
  });
});
