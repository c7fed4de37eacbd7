import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate, fitCalibration } from '../../models/calibration.ts';
import { seeded } from '../../models/index.ts';
import { correct, fitIsotonic } from '../../models/isotonic.ts';
import { sigmoid } from '../../models/newton.ts';

/** Rows of one probability each, so many of which had the outcome. */
function rowsOf(...groups: [said: number, rows: number, happened: number][]) {
  const said = groups.flatMap(([p, rows]) => new Array<number>(rows).fill(p));
  const outcomes = groups.flatMap(([, rows, happened]) => Array.from({ length: rows }, (_, i) => Number(i < happened)));
  return [Float64Array.from(said), Uint8Array.from(outcomes)] as const;
}

describe('isotonic calibration', () => {
  it('corrects each group to the share that it had', () => {
    const curve = fitIsotonic(...rowsOf([0.1, 100, 20], [0.5, 100, 40], [0.9, 100, 60]));
    expect(curve.meant.map(sigmoid)).toEqual([0.2, 0.4, 0.6].map((share) => expect.closeTo(share, 12)));
    expect(curve.said.map(sigmoid)).toEqual([0.1, 0.5, 0.9].map((share) => expect.closeTo(share, 12)));
  });

  it('takes groups together whose shares fall', () => {
    const curve = fitIsotonic(...rowsOf([0.1, 100, 20], [0.4, 100, 60], [0.6, 100, 40], [0.9, 100, 80]));
    expect(curve.meant.map(sigmoid)).toEqual([0.2, 0.5, 0.8].map((share) => expect.closeTo(share, 12)));
  });

  it('claims no certainty: a group of none or of all goes with its neighbour', () => {
    const curve = fitIsotonic(...rowsOf([0.1, 100, 0], [0.4, 100, 40], [0.6, 100, 60], [0.9, 100, 100]));
    expect(curve.meant.map(sigmoid)).toEqual([0.2, 0.8].map((share) => expect.closeTo(share, 12)));
  });

  it('takes what is left over at the end with the group before it', () => {
    const curve = fitIsotonic(...rowsOf([0.1, 100, 20], [0.5, 100, 40], [0.6, 10, 10]));
    expect(curve.meant.map(sigmoid)).toEqual([0.2, 50 / 110].map((share) => expect.closeTo(share, 12)));
  });

  it('goes straight between the points, and on beside the outermost', () => {
    const curve = { said: [-1, 1], meant: [-2, 0] };
    expect([-3, -1, 0, 1, 2].map((x) => correct(curve, x))).toEqual([-4, -2, -1, 0, 1]);
  });

  it('never turns an order round, nor makes two predictions one', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 30, max: 400 }), (seed, rows) => {
        const random = seeded(seed);
        const said = Float64Array.from({ length: rows }, () => random() * 0.98 + 0.01);
        const outcomes = Uint8Array.from(said, (p, i) => (i < 2 ? i : Number(random() < p * p)));
        const curve = fitIsotonic(said, outcomes);
        const points = Array.from({ length: 60 }, (_, i) => correct(curve, (i - 30) / 5));
        for (let i = 1; i < points.length; i++) expect(points[i]).toBeGreaterThan(points[i - 1]);
      }),
    );
  });

  it('is chosen from 1,000 of the rarer outcome on, and undoes what no line could', () => {
    const random = seeded(5);
    const truth = Float64Array.from({ length: 30_000 }, () => random() * 0.6);
    const outcomes = Uint8Array.from(truth, (p) => Number(random() < p));
    const said = truth.map((p) => sigmoid(p < 0.3 ? -3 + p : 2 + 4 * p));
    const few = fitCalibration(said.subarray(0, 3000), outcomes.subarray(0, 3000));
    const many = fitCalibration(said, outcomes);
    expect([few, many].map((each) => 'slope' in each)).toEqual([true, false]);
    const off = (calibration: typeof many) =>
      said.reduce((sum, p, i) => sum + Math.abs(calibrate(calibration, p) - truth[i]), 0) / said.length;
    expect(off(many)).toBeLessThan(0.012);
    expect(off(few)).toBeGreaterThan(0.02);
  });
});
