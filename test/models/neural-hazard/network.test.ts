import { expect, it } from 'vitest';
import { hazardsOf } from '../../../models/estimators/neural-hazard/network.ts';

it('inputs go through rectified units to hazards, as worked by hand', () => {
  const network = {
    // Two inputs to two units: 1·x − 2·y + 0.5, and −1·x + 3·y.
    hidden: { weights: Float32Array.of(1, -1, -2, 3), bias: Float32Array.of(0.5, 0) },
    // Two units to one interval: 2·u + 5·v − 1.
    hazards: { weights: Float32Array.of(2, 5), bias: Float32Array.of(-1) },
  };
  // x = 2, y = 1: u = 0.5, v = 1, log-odds 5; x = 2, y = 0: u = 2.5, v = 0 for −2, log-odds 4.
  expect(hazardsOf(network, [2, 1])[0]).toBeCloseTo(Math.log(1 + Math.exp(5)), 12);
  expect(hazardsOf(network, [2, 0])[0]).toBeCloseTo(Math.log(1 + Math.exp(4)), 12);
});
