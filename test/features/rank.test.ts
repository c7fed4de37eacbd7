import { describe, expect, it } from 'vitest';
import { rankAmong } from '../../features/rank.ts';

const every = (values: Float32Array) => [...values.keys()];

describe('a rank', () => {
  it('is the share of others below, those alike counted half', () => {
    const values = Float32Array.of(3, 1, 3, 2, 3);
    // 1 is alike with itself; 3 is above two, and alike with three.
    expect(rankAmong(values, every(values), every(values))).toEqual([0.7, 0.1, 0.7, 0.3, 0.7]);
  });

  it('of everyone alike is the middle', () => {
    const values = Float32Array.of(0, 0, 0);
    expect(rankAmong(values, every(values), every(values))).toEqual([0.5, 0.5, 0.5]);
  });

  it('may be asked of some among others, from none to all of them', () => {
    const values = Float32Array.of(10, 20, 0, 20.5, 15);
    expect(rankAmong(values, [2, 3, 4], [0, 1])).toEqual([0, 1, 0.5]);
  });

  it('is unknown for the unknown, who count for nobody either', () => {
    const values = Float32Array.of(1, Number.NaN, 2);
    expect(rankAmong(values, every(values), every(values))).toEqual([0.25, Number.NaN, 0.75]);
    expect(rankAmong(values, [0], [1])).toEqual([Number.NaN]);
    expect(rankAmong(values, [0], [])).toEqual([Number.NaN]);
  });
});
