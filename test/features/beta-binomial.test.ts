import { describe, expect, it } from 'vitest';
import { expectedShare, fitBetaPrior } from '../../features/beta-binomial.ts';
import { seeded } from '../../models/index.ts';

describe('a prior over rates of success', () => {
  it('is told by how far partners lie apart', () => {
    // Two of four partners won all ten, two none: mean ½, spread 4 · 10 · ¼ = 10, over ½ · ½ is 40, less 3 is 37.
    // Were chance all, 37 would be 0; were partners all, it would be 40 − 400/40 − 3 = 27. More than all is the most: 0.99.
    const prior = fitBetaPrior([10, 10, 0, 0], [10, 10, 10, 10]);
    expect(prior?.a).toBeCloseTo(0.5 / 99, 12);
    expect(prior?.b).toBeCloseTo(0.5 / 99, 12);
    // Three, seven, three, seven of ten: spread 4 · 10 · 0.04 = 1.6, over ¼ is 6.4, less 3 is 3.4, of 27.
    const weight = (1 - 3.4 / 27) / (3.4 / 27);
    expect(fitBetaPrior([3, 7, 3, 7], [10, 10, 10, 10])?.a).toBeCloseTo(weight / 2, 9);
  });

  it('is strong where all are alike, and where nobody tried twice', () => {
    const alike = fitBetaPrior([3, 6, 9], [10, 20, 30]);
    expect(alike?.a).toBeCloseTo(0.3 * 999, 6);
    expect(alike?.b).toBeCloseTo(0.7 * 999, 6);
    expect(fitBetaPrior([1, 0, 1, 0], [1, 1, 1, 1])?.a).toBeCloseTo(0.5 * 999, 6);
    expect(fitBetaPrior([1], [2])?.a).toBeCloseTo(0.5 * 999, 6);
  });

  it('is not to be had from nothing, nor from one kind of outcome', () => {
    expect(fitBetaPrior([], [])).toBeNull();
    expect(fitBetaPrior([0, 0], [0, 0])).toBeNull();
    expect(fitBetaPrior([0, 0], [5, 3])).toBeNull();
    expect(fitBetaPrior([5, 3], [5, 3])).toBeNull();
  });

  it('does not look at those who never tried', () => {
    expect(fitBetaPrior([3, 0, 7, 0], [10, 0, 10, 0])).toEqual(fitBetaPrior([3, 7], [10, 10]));
  });

  it('is found again from what was drawn from it', () => {
    const random = seeded(7);
    // The second of five even numbers in order is drawn from Beta(2, 4).
    const rate = () => [0, 0, 0, 0, 0].map(() => random()).sort((a, b) => a - b)[1];
    const trials = Array.from({ length: 4000 }, () => 1 + Math.floor(30 * random()));
    const successes = trials.map((count) => {
      const p = rate();
      return Array.from({ length: count }, random).filter((draw) => draw < p).length;
    });
    const prior = fitBetaPrior(successes, trials);
    expect(prior?.a).toBeGreaterThan(1.8);
    expect(prior?.a).toBeLessThan(2.2);
    expect(prior?.b).toBeGreaterThan(3.6);
    expect(prior?.b).toBeLessThan(4.4);
  });
});

it('an expected share lies between the prior and what was seen, the nearer to that the more was seen', () => {
  const prior = { a: 2, b: 4 };
  expect(expectedShare(prior, 0, 0)).toBe(1 / 3);
  expect(expectedShare(prior, 4, 4)).toBe(0.6);
  expect(expectedShare(prior, 94, 94)).toBe(0.96);
  expect(expectedShare(prior, 0, 6)).toBeCloseTo(1 / 6, 12);
});
