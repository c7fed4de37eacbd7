import { expect, it } from 'vitest';
import { normalTail } from '../../../models/anomalies/normal-tail.ts';

it.each([
  // Abramowitz & Stegun, table 26.1 and 26.2.
  [0, 0.5],
  [1, 0.158655253931457],
  [2.9, 0.00186581330038],
  [3.1, 0.000967603213218],
  [6, 9.86587645e-10],
  [10, 7.61985302e-24],
])('above %d is %d of a standard normal variable', (z, share) => {
  expect(normalTail(z) / share).toBeCloseTo(1, 8);
});
