import { describe, expect, it } from 'vitest';
import { runP } from '../../../models/anomalies/runs.ts';

describe('weeks together', () => {
  it('say by Fisher what the χ² distribution says of two', () => {
    // −2 ln(.005 × .005) = 21.19; P(χ² with 4 degrees > 21.19) = .00025 × (1 + 10.597) = .00029; doubled, times three.
    expect(runP([0.01, 0.01], [-1, -1])).toBeCloseTo(3 * 2 * 0.005 ** 2 * (1 - 2 * Math.log(0.005)), 12);
  });

  it('say more than the last alone when they agree, and never more than three times less', () => {
    expect(runP([0.01, 0.01, 0.01, 0.01], [-1, -1, -1, -1])).toBeLessThan(runP([0.01, 0.01], [-1, -1]));
    expect(runP([0.01, 0.01], [1, -1])).toBe(0.03);
    expect(runP([0.9, 0.001], [-1, -1])).toBe(0.003);
  });

  it('say nothing of a week that is as usual again', () => {
    expect(runP([1e-9, 1e-9, 0.5], [-1, -1, -1])).toBe(1);
    expect(runP([1e-9, 0.1], [-1, 0])).toBeCloseTo(0.3);
  });

  it('are unknown when the last is; earlier unknown ones are not counted in', () => {
    expect(runP([0.01, Number.NaN], [-1, 0])).toBeNaN();
    expect(runP([Number.NaN, 0.01], [0, -1])).toBe(0.03);
  });
});
