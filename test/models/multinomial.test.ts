import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../models/index.ts';
import {
  type MultinomialProblem,
  type MultinomialWeights,
  multinomialLoss,
  scoresOf,
  softmax,
  solveMultinomial,
} from '../../models/multinomial.ts';
import { solveLogistic } from '../../models/newton.ts';

interface Golden {
  X: number[][];
  y: number[];
  fits: { C: number; coef: number[][]; intercept: number[]; probability: number[][] }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden/scikit-learn-multinomial.json', import.meta.url), 'utf8'),
);
const COLUMNS = golden.X[0].map((_, j) => Float64Array.from(golden.X, (row) => row[j]));
const PROBLEM: MultinomialProblem = { columns: COLUMNS, outcomes: golden.y, classes: 4, penalty: 1 };

const probabilities = (columns: readonly Float64Array[], weights: MultinomialWeights, rows: number) =>
  softmax(scoresOf(columns, weights, rows));

function expectSame(a: MultinomialWeights, b: MultinomialWeights): void {
  a.weights.forEach((ofClass, k) => {
    ofClass.forEach((weight, j) => {
      expect(weight, `class ${k}, column ${j}`).toBeCloseTo(b.weights[k][j], 7);
    });
    expect(a.intercepts[k], `class ${k}`).toBeCloseTo(b.intercepts[k], 7);
  });
}

describe('logistic regression of several classes', () => {
  it.each(golden.fits.map((fit) => [fit.C, fit] as const))(
    'equals scikit-learn at C = %d to six decimals',
    (C, fit) => {
      const solved = solveMultinomial({ ...PROBLEM, penalty: 1 / C });
      probabilities(COLUMNS, solved, golden.y.length).forEach((ofClass, k) => {
        ofClass.forEach((p, row) => {
          expect(p).toBeCloseTo(fit.probability[row][k], 6);
        });
        expect(solved.intercepts[k]).toBeCloseTo(fit.intercept[k], 6);
        fit.coef[k].forEach((coefficient, j) => {
          expect(solved.weights[k][j]).toBeCloseTo(coefficient, 6);
        });
      });
    },
  );

  it('with two classes it is logistic regression at half the penalty', () => {
    const outcomes = golden.y.map((y) => Number(y > 1));
    const binary = solveLogistic({ columns: COLUMNS, outcomes, penalty: 1.5 });
    const { weights, intercepts } = solveMultinomial({ columns: COLUMNS, outcomes, classes: 2, penalty: 3 });
    expect(intercepts[1] - intercepts[0]).toBeCloseTo(binary.intercept, 9);
    binary.weights.forEach((weight, j) => {
      expect(weights[1][j]).toBeCloseTo(weight / 2, 9);
      expect(weights[0][j]).toBeCloseTo(-weight / 2, 9);
    });
  });

  it('without columns it finds the shares', () => {
    const solved = solveMultinomial({ columns: [], outcomes: [0, 1, 1, 2, 2, 2, 2, 2], classes: 3, penalty: 1 });
    const said = probabilities([], solved, 1).map(([p]) => p);
    [1 / 8, 2 / 8, 5 / 8].forEach((share, k) => {
      expect(said[k]).toBeCloseTo(share, 9);
    });
  });

  it("each column's weights add up to zero over the classes, and so do the intercepts", () => {
    const { weights, intercepts } = solveMultinomial(PROBLEM);
    COLUMNS.forEach((_, j) => {
      expect(weights.reduce((sum, ofClass) => sum + ofClass[j], 0)).toBeCloseTo(0, 12);
    });
    expect(intercepts.reduce((sum, each) => sum + each, 0)).toBeCloseTo(0, 12);
  });

  it('does not care which class is called which', () => {
    const turned = [2, 0, 3, 1];
    const solved = solveMultinomial({ ...PROBLEM, outcomes: golden.y.map((y) => turned[y]) });
    const plain = solveMultinomial(PROBLEM);
    expectSame(plain, {
      weights: turned.map((k) => solved.weights[k]),
      intercepts: Float64Array.from(turned, (k) => solved.intercepts[k]),
    });
  });

  it('ends at the same place wherever it starts, with whatever second derivatives', () => {
    const plain = solveMultinomial(PROBLEM);
    const other = solveMultinomial({ ...PROBLEM, penalty: 100 });
    expectSame(solveMultinomial(PROBLEM, other), plain);
    const far = [5, -3, 0, -2];
    const weights = far.map((x) => Float64Array.of(x, -x, x / 2, 0));
    expectSame(solveMultinomial(PROBLEM, { weights, intercepts: Float64Array.from(far) }), plain);
  });

  it('started from its own solution it stays there', () => {
    const plain = solveMultinomial(PROBLEM);
    const { weights, intercepts } = solveMultinomial({ ...PROBLEM, tolerance: 1e-3 }, plain);
    plain.weights.forEach((ofClass, k) => {
      ofClass.forEach((weight, j) => {
        expect(weights[k][j]).toBeCloseTo(weight, 12);
      });
      expect(intercepts[k]).toBeCloseTo(plain.intercepts[k], 12);
    });
  });

  it('is where the slopes are zero: each weight is drawn as far from zero as the penalty draws it back', () => {
    const random = seeded(2);
    const columns = [0, 1, 2, 3, 4].map(() => Float64Array.from({ length: 2500 }, () => random() - 0.5));
    const outcomes = Uint8Array.from(columns[0], (x) => Math.floor(3 * Math.min(0.999, random() + x / 3 + 1 / 6)));
    const solved = solveMultinomial({ columns, outcomes, classes: 3, penalty: 5 });
    const said = probabilities(columns, solved, 2500);
    solved.weights.forEach((ofClass, k) => {
      const residual = said[k].map((p, row) => p - Number(outcomes[row] === k));
      columns.forEach((values, j) => {
        const slope = values.reduce((sum, x, row) => sum + x * residual[row], 0);
        expect(slope + 5 * ofClass[j]).toBeCloseTo(0, 6);
      });
      expect(residual.reduce((sum, each) => sum + each, 0)).toBeCloseTo(0, 6);
    });
  });

  it('stays finite when the classes can be told apart, and with more columns than rows', () => {
    const random = seeded(1);
    const columns = Array.from({ length: 30 }, () => Float64Array.from({ length: 9 }, () => random()));
    const solved = solveMultinomial({ columns, outcomes: [0, 0, 0, 1, 1, 1, 2, 2, 2], classes: 3, penalty: 1e-3 });
    expect(solved.weights.every((ofClass) => ofClass.every(Number.isFinite))).toBe(true);
  });

  it('a class that no row had comes out as next to impossible, and the others as without it', () => {
    const without = solveMultinomial({ ...PROBLEM, outcomes: golden.y.map((y) => Math.min(y, 2)), classes: 3 });
    const unseen = solveMultinomial({ ...PROBLEM, outcomes: golden.y.map((y) => Math.min(y, 2)) });
    const [theirs, ours] = [without, unseen].map((solved) => probabilities(COLUMNS, solved, golden.y.length));
    theirs.forEach((ofClass, k) => {
      ofClass.forEach((p, row) => {
        expect(ours[k][row]).toBeCloseTo(p, 6);
      });
    });
    expect(ours[3].every((p) => p > 0 && p < 1e-9)).toBe(true);
  });

  it('comes back from a start that holds one of the classes for impossible', () => {
    const never = solveMultinomial({ ...PROBLEM, outcomes: golden.y.map((y) => Math.min(y, 2)) });
    const { weights, intercepts } = never;
    expect(intercepts[3]).toBeLessThan(-20);
    expectSame(solveMultinomial(PROBLEM, { weights, intercepts }), solveMultinomial(PROBLEM));
  });

  it('the same problem gives the same bits', () => {
    expect(solveMultinomial(PROBLEM)).toEqual(solveMultinomial(PROBLEM));
  });

  it.each([
    [{ outcomes: [] }, /at least one row/],
    [{ classes: 1 }, /two classes or more, and was given 1/],
    [{ classes: 3 }, /classes go from 0 to 2, and the outcome of row \d+ is 3/],
    [{ outcomes: golden.y.map((y) => y - 1) }, /the outcome of row \d+ is -1/],
    [{ outcomes: golden.y.map((y) => y / 2) }, /the outcome of row \d+ is [01].5/],
  ])('refuses %j', (wrong, message) => {
    expect(() => solveMultinomial({ ...PROBLEM, ...wrong })).toThrow(message);
  });
});

describe('softmax', () => {
  it('is the share of e to the score', () => {
    const said = softmax([1, 2, 5].map((part) => Float64Array.of(Math.log(part))));
    [1 / 8, 2 / 8, 5 / 8].forEach((share, k) => {
      expect(said[k][0]).toBeCloseTo(share, 12);
    });
  });

  it('does not overflow, nor its logarithm', () => {
    const scores = [Float64Array.of(0, -1000), Float64Array.of(1000, -1000)];
    expect(softmax(scores).map(([first]) => first)).toEqual([0, 1]);
    expect(softmax(scores)[0][1]).toBeCloseTo(1 / 2, 12);
    expect(multinomialLoss(scores, [0, 0])).toBeCloseTo(1000 + Math.LN2, 9);
  });
});
