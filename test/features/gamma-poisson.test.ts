import { randomGamma, randomPoisson } from 'd3-random';
import { describe, expect, it } from 'vitest';
import { expectedRate, logGamma } from '../../features/gamma-poisson.ts';
import { fitGammaPrior, quietProbability } from '../../features/index.ts';
import { seeded } from '../../models/index.ts';

describe('empirical Bayes rates', () => {
  it('ln Γ is right where it is known', () => {
    expect(logGamma(1)).toBeCloseTo(0, 11);
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 11);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 11);
    expect(logGamma(171)).toBeCloseTo(706.573062245787, 9);
  });

  it('finds the prior that counts were drawn from', () => {
    const random = seeded(3);
    const rate = randomGamma.source(random)(2, 1 / 40);
    const exposures = Array.from({ length: 20_000 }, (_, i) => 30 + (i % 300));
    const counts = exposures.map((days) => randomPoisson.source(random)(rate() * days)());
    const prior = fitGammaPrior(counts, exposures);
    expect(prior.shape).toBeGreaterThan(1.9);
    expect(prior.shape).toBeLessThan(2.1);
    expect(prior.shape / prior.rate).toBeCloseTo(2 / 40, 2);
  });

  it('a rate lies between what was counted and the program', () => {
    const prior = { shape: 2, rate: 20 };
    expect(expectedRate(prior, 0, 0)).toBe(0.1);
    expect(expectedRate(prior, 8, 80)).toBe(0.1);
    expect(expectedRate(prior, 0, 80)).toBe(0.02);
  });

  it('the chance of quiet is that of the negative binomial: (rate/(rate + days))^shape', () => {
    expect(quietProbability({ shape: 2, rate: 10 }, 0, 0, 10)).toBeCloseTo(0.25, 12);
    expect(quietProbability({ shape: 2, rate: 10 }, 1, 20, 30)).toBeCloseTo(0.5 ** 3, 12);
  });

  it('has nothing to learn from without events', () => {
    expect(() => fitGammaPrior([0, 0], [10, 10])).toThrow(/no events/);
  });
});
