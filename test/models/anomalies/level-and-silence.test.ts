import { describe, expect, it } from 'vitest';
import { currentSilence, discoveries, latestShift } from '../../../models/index.ts';

describe('a shift of level', () => {
  it('is found where it was, with its ratio', () => {
    const shift = latestShift(Float64Array.of(4, 5, 3, Number.NaN, 4, 4, 12, 11, 13, 12), 1);
    expect(shift?.at).toBe(6);
    expect(shift?.ratio).toBeCloseTo(48.5 / 4 / (20.5 / 5), 12);
  });

  it('is less evident the more a series scatters, and is none where nothing happened', () => {
    const values = Float64Array.of(4, 5, 3, 4, 12, 11, 13, 12);
    expect(latestShift(values, 2)?.evidence).toBeCloseTo((latestShift(values, 1)?.evidence ?? 0) / 2, 12);
    expect(latestShift(new Float64Array(20), 1)).toBeNull();
  });
});

describe('silence', () => {
  it('is told once five were expected of it in all; an unknown week neither ends nor feeds it', () => {
    const values = Float64Array.of(3, 0, Number.NaN, 0, 0);
    expect(currentSilence(values, Float64Array.of(2, 2, 2, 2, 2))).toEqual({ from: 1, expected: 6 });
    expect(currentSilence(values, Float64Array.of(1, 1, 9, 1, 1))).toBeNull();
    expect(currentSilence(Float64Array.of(0, 0, 1), Float64Array.of(9, 9, 9))).toBeNull();
  });
});

describe('discoveries', () => {
  it('are those up to the last p value below its share of q', () => {
    // .1 × 1/4, 2/4, 3/4, 4/4 = .025, .05, .075, .1: the third is below its bar and takes the second with it.
    const p = Float64Array.of(0.07, 0.001, Number.NaN, 0.06, 0.5);
    expect([...discoveries(p, 0.1)]).toEqual([1, 1, 0, 1, 0]);
    expect([...discoveries(Float64Array.of(0.2, Number.NaN), 0.1)]).toEqual([0, 0]);
  });
});
