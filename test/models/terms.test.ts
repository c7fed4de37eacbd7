import { describe, expect, it } from 'vitest';
import type { FeatureTable } from '../../features/index.ts';
import { termsOf } from '../../models/terms.ts';

const _ = Number.NaN;

/** Two partners at each of two cutoffs. */
function table(features: Record<string, number[]>): FeatureTable {
  return {
    names: Object.keys(features),
    entities: ['a', 'b', 'a', 'b'],
    cutoffs: Float64Array.of(1, 1, 2, 2),
    columns: Object.values(features).map((values) => Float32Array.from(values)),
    atRisk: new Uint8Array(4).fill(1),
    peers: ['', '', '', ''],
  };
}

function told(features: Record<string, number[]>): string[] {
  return termsOf(table(features)).map(({ feature, of }) => `${feature} ${of}`);
}

describe('terms', () => {
  it('are the value of each feature that varies, and once for all that are unknown of the same rows', () => {
    expect(told({ same: [3, 3, 3, 3], first: [1, _, 2, 3], second: [4, _, 6, 4] })).toEqual([
      'first value',
      'second value',
      'first unknown',
    ]);
  });

  it('do not tell the time: what is unknown of everybody at a cutoff has no term for that', () => {
    expect(told({ tracked: [_, _, 1, 2] })).toEqual(['tracked value']);
    expect(told({ partly: [_, _, _, 2], other: [_, 1, 2, 3] })).toEqual([
      'other value',
      'other unknown',
      'partly unknown',
    ]);
  });

  it('stand at the mean where a feature is unknown, spread by the logarithm', () => {
    const [term] = termsOf(table({ value: [0, _, Math.E - 1, Math.E ** 2 - 1] }));
    expect(term.mean).toBeCloseTo(1, 6);
    expect(term.deviation).toBeCloseTo(Math.sqrt(2 / 3), 6);
  });
});
