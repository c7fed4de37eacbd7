import { describe, expect, it } from 'vitest';
import { atLeast, atMost, chiSquaredTail, normalTail } from '../../models/tails.ts';

describe('upper tails', () => {
  it.each([
    // Tables of the normal distribution.
    [0, 0.5],
    [0.5, 0.308537538726],
    [1, 0.158655253931],
    [1.95996398454, 0.025],
    [2.9, 0.00186581330038],
    [4, 3.16712418331e-5],
    [6, 9.86587645038e-10],
    [10, 7.61985302416e-24],
  ])('P(Z > %d) is %d', (z, p) => {
    expect(normalTail(z) / p).toBeCloseTo(1, 8);
    expect(normalTail(-z)).toBeCloseTo(1 - p, 9);
  });

  it.each([
    // Tables of the distribution (Abramowitz & Stegun 1964, 26.8).
    [18.307038, 10, 0.05],
    [23.209251, 10, 0.01],
    [29.588298, 10, 0.001],
    [35.564014, 10, 1e-4],
    [3.841459, 1, 0.05],
    [7.814728, 3, 0.05],
    [16.266236, 3, 0.001],
    [5.991465, 2, 0.05],
    [27.877165, 9, 0.001],
  ])('P(χ² > %d) with %d degrees of freedom is %d', (x, k, p) => {
    expect(chiSquaredTail(x, k) / p).toBeCloseTo(1, 5);
  });

  it('without any freedom nothing is unlikely', () => {
    expect(chiSquaredTail(0, 0)).toBe(1);
  });

  it('counts of things that happen by chances of their own', () => {
    // Two of .5 and one of .2, by hand: none .25·.8, one .5·.8 + .25·.2, two .25·.8 + .5·.2, three .25·.2.
    const chances = [0.5, 0.2, 0.5];
    [0.2, 0.65, 0.95, 1].forEach((p, most) => {
      expect(atMost(chances, most)).toBeCloseTo(p, 12);
    });
    [1, 0.8, 0.35, 0.05, 0].forEach((p, least) => {
      expect(atLeast(chances, least)).toBeCloseTo(p, 12);
    });
    expect([atMost([], 0), atLeast([], 0), atMost(chances, -1)]).toEqual([1, 1, 0]);
  });
});
