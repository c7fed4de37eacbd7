import { describe, expect, it } from 'vitest';
import { drawPartners, interval, quantile, seeded, wilson } from '../../models/index.ts';

describe('bootstrap over partners', () => {
  it('draws the rows of a partner together, as many partners as there are', () => {
    for (const weights of drawPartners(['a', 'b', 'a', 'c', 'b'], seeded(1), 50)) {
      expect(weights[0]).toBe(weights[2]);
      expect(weights[1]).toBe(weights[4]);
      expect(weights[0] + weights[1] + weights[3]).toBe(3);
    }
  });

  it('covers the true mean about as often as it says', () => {
    const random = seeded(9);
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const values = Array.from({ length: 40 }, () => random());
      const mean = (weights: Float64Array) => values.reduce((sum, x, i) => sum + weights[i] * x, 0) / 40;
      const entities = values.map((_, i) => `p${i}`);
      const { low, high } = interval(
        mean(new Float64Array(40).fill(1)),
        Array.from(drawPartners(entities, random, 200), mean),
      );
      if (low <= 0.5 && 0.5 <= high) covered++;
    }
    // 95 % nominal; a percentile interval of 40 partners runs a little short. Binomial noise is ± 4.
    expect(covered).toBeGreaterThanOrEqual(178);
  });

  it('leaves out replicates that could not be computed', () => {
    const { low, high } = interval(0.5, [Number.NaN, 1, 0, Number.NaN]);
    expect(low).toBeCloseTo(0.025, 12);
    expect(high).toBeCloseTo(0.975, 12);
  });

  it('quantiles are interpolated', () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([7], 0.9)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

it("Wilson's interval of 47 of 120 is 31 to 48 %", () => {
  const { low, high } = wilson(47, 120);
  expect([Math.round(100 * low), Math.round(100 * high)]).toEqual([31, 48]);
  expect(wilson(0, 10).low).toBe(0);
  expect(wilson(10, 10).high).toBeCloseTo(1, 12);
});
