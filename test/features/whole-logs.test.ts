import { expect, it } from 'vitest';
import { logOf } from '../../features/whole-logs.ts';

it('a logarithm that is looked up is that which is computed, and what is no small whole number is computed', () => {
  for (const x of [0, 1, 2, 4095, 4096, 4097, 1e9, 2 ** 32 + 3, 0.5, 2.5, -1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(logOf(x)).toBe(Math.log(x));
});
