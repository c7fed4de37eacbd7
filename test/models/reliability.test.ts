import { describe, expect, it } from 'vitest';
import { wilson } from '../../models/index.ts';
import { reliability } from '../../models/reliability.ts';

describe('reliability', () => {
  it('sorts predictions into eight bins, the lowest first, each with what happened to it', () => {
    // Ten predictions each of 0.8, 0.7 … 0.1; of those of 0.k, k − 1 happened.
    const probabilities = Float64Array.from({ length: 80 }, (_, i) => (8 - (i % 8)) / 10);
    const outcomes = Uint8Array.from(probabilities, (p, i) => Number(Math.floor(i / 8) < Math.round(10 * p) - 1));
    const bins = reliability(probabilities, outcomes);
    expect(bins.map(({ rows }) => rows)).toEqual(new Array(8).fill(10));
    bins.forEach(({ predicted, observed, low, high }, bin) => {
      expect(predicted).toBeCloseTo((bin + 1) / 10, 12);
      expect(observed).toBeCloseTo(bin / 10, 12);
      expect({ low, high }).toEqual(wilson(bin, 10));
    });
  });

  it('has fewer bins for few predictions, none of fewer than ten', () => {
    const bins = (count: number) => reliability(new Float64Array(count).fill(0.5), new Uint8Array(count)).length;
    expect([9, 10, 25, 1000].map(bins)).toEqual([0, 1, 2, 8]);
  });
});

it("Wilson's interval of 1 in 10 is 1.8 to 40.4 %", () => {
  const { low, high } = wilson(1, 10);
  expect(low).toBeCloseTo(0.0179, 4);
  expect(high).toBeCloseTo(0.4042, 4);
  expect(wilson(0, 10).low).toBe(0);
});
