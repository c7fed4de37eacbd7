import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { band, type NegativeBinomial, twoSided } from '../../../models/anomalies/negative-binomial.ts';

/** Probabilities of 0, 1, 2 … by the recursion of the definition. */
function probabilities({ mean, dispersion }: NegativeBinomial, upTo: number): number[] {
  const size = mean / (dispersion - 1);
  const found = [dispersion ** -size];
  for (let k = 0; k < upTo; k++) found.push(found[k] * ((k + size) / (k + 1)) * (1 - 1 / dispersion));
  return found;
}

describe('the two-sided mid-p value', () => {
  it('of the geometric distribution, by hand', () => {
    // Mean 1, dispersion 2: P(k) = 2^-(k+1). P(≥ 4) = 1/16, P(4) = 1/32: above = 1/16 − 1/64 = 3/64.
    expect(twoSided(4, { mean: 1, dispersion: 2 })).toEqual({ p: expect.closeTo(6 / 64, 12), direction: 1 });
    // P(0) = 1/2: below = 1/4.
    expect(twoSided(0, { mean: 1, dispersion: 2 })).toEqual({ p: expect.closeTo(1 / 2, 12), direction: -1 });
  });

  it('is that of summing up term by term, in both tails', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 60, noNaN: true }),
        fc.double({ min: 1.05, max: 12, noNaN: true }),
        fc.integer({ min: 0, max: 150 }),
        (mean, dispersion, value) => {
          const all = probabilities({ mean, dispersion }, 3000);
          const sum = (from: number, to: number) => all.slice(from, to).reduceRight((total, each) => total + each, 0);
          const [below, above] = [sum(0, value) + all[value] / 2, sum(value + 1, all.length) + all[value] / 2];
          const expected = 2 * Math.min(below, above);
          const { p } = twoSided(value, { mean, dispersion });
          expect(Math.abs(p - Math.min(1, expected))).toBeLessThanOrEqual(1e-9 * expected + 1e-280);
        },
      ),
    );
  });

  it('stays a probability however large the numbers are, and between whole ones', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
        fc.double({ min: 1.05, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        (mean, dispersion, value) => {
          const { p } = twoSided(value, { mean, dispersion });
          expect(p).toBeGreaterThanOrEqual(0);
          expect(p).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the band', () => {
  it('holds the middle 90 % and no number more than it must', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 30, noNaN: true }),
        fc.double({ min: 1.05, max: 8, noNaN: true }),
        (mean, dispersion) => {
          const all = probabilities({ mean, dispersion }, 1000);
          const upTo = (k: number) => all.slice(0, k + 1).reduce((total, each) => total + each, 0);
          const [low, high] = band({ mean, dispersion });
          expect([upTo(low) >= 0.05, low === 0 || upTo(low - 1) < 0.05]).toEqual([true, true]);
          expect([upTo(high) >= 0.95, high === 0 || upTo(high - 1) < 0.95]).toEqual([true, true]);
        },
      ),
    );
  });

  it('of large means is near that of the gamma distribution', () => {
    // Gamma of shape 100 and scale 1: 5 % and 95 % quantiles 84.14 and 117.0 (tables of χ² with 200 degrees of freedom).
    const [low, high] = band({ mean: 100, dispersion: 1 });
    expect([low, high]).toEqual([expect.closeTo(84.14, 1), expect.closeTo(117.0, 1)]);
  });
});
