import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sigmoid, solveLogistic } from '../../models/newton.ts';
import { edgeLoss, solveEdges } from '../../models/ordered-edges.ts';

const XS = [-2, -1, -0.5, 0, 0.5, 1, 1.5, 2];
const COLUMN = Float64Array.from(XS);
const TOP = Uint8Array.of(0, 0, 1, 0, 0, 1, 0, 1);
const HALF = Uint8Array.of(0, 1, 1, 0, 0, 1, 1, 1);

describe('edges that share their weights', () => {
  it('with one edge, or one said three times at three times the penalty, are logistic regression', () => {
    const { weights, intercept } = solveLogistic({ columns: [COLUMN], outcomes: TOP, penalty: 0.7 });
    const once = solveEdges({ columns: [COLUMN], above: [TOP], penalty: 0.7 });
    const thrice = solveEdges({ columns: [COLUMN], above: [TOP, TOP, TOP], penalty: 2.1 });
    expect(once.weights[0]).toBeCloseTo(weights[0], 9);
    expect(once.intercepts[0]).toBeCloseTo(intercept, 9);
    expect(thrice.weights[0]).toBeCloseTo(weights[0], 9);
    for (const each of thrice.intercepts) expect(each).toBeCloseTo(intercept, 9);
  });

  it('without columns say how many are above each: three of eight, five of eight', () => {
    const { intercepts } = solveEdges({ columns: [], above: [TOP, HALF], penalty: 1 });
    expect(intercepts[0]).toBeCloseTo(Math.log(3 / 5), 9);
    expect(intercepts[1]).toBeCloseTo(Math.log(5 / 3), 9);
    // −3 ln(3/8) − 5 ln(5/8), once for each edge.
    const loss = edgeLoss({ columns: [], above: [TOP, HALF] }, { weights: new Float64Array(), intercepts });
    expect(loss).toBeCloseTo(2 * (3 * Math.log(8 / 3) + 5 * Math.log(8 / 5)), 9);
  });

  it('are solved: every edge foretells as many as are above it, and the penalty holds the weights', () => {
    const bits = fc.array(fc.boolean(), { minLength: XS.length, maxLength: XS.length });
    fc.assert(
      fc.property(
        fc.array(bits, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (drawn, penalty) => {
          const edges = drawn.map((flags) => Uint8Array.from(flags, Number));
          fc.pre(edges.every((edge) => edge.includes(0) && edge.includes(1)));
          const columns = [COLUMN, COLUMN.map((x) => x * x)];
          const { weights, intercepts } = solveEdges({ columns, above: edges, penalty });
          const off = edges.map((edge, e) =>
            Array.from(edge, (y, i) => sigmoid(intercepts[e] + weights[0] * XS[i] + weights[1] * XS[i] ** 2) - y),
          );
          for (const ofEdge of off) expect(ofEdge.reduce((sum, each) => sum + each, 0)).toBeCloseTo(0, 6);
          columns.forEach((column, j) => {
            const pull = off.flat().reduce((sum, each, i) => sum + each * column[i % XS.length], 0);
            expect(pull).toBeCloseTo(-penalty * weights[j], 6);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('need a row and an edge', () => {
    expect(() => solveEdges({ columns: [], above: [], penalty: 1 })).toThrow('at least one row and edge');
    expect(() => solveEdges({ columns: [], above: [new Uint8Array()], penalty: 1 })).toThrow(RangeError);
  });
});
