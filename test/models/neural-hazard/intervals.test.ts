import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edgesOf, exposuresOf } from '../../../models/estimators/neural-hazard/intervals.ts';

const NEVER = Number.POSITIVE_INFINITY;
const EDGES = [15, 30, 60, 90, 135, 180];

describe('the intervals of a horizon', () => {
  it('of 90 days end on days that people know', () => {
    expect(edgesOf(90)).toEqual(EDGES);
  });

  it('ascend and hold the horizon itself, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (horizonDays) => {
        const edges = edgesOf(horizonDays);
        expect(edges).toContain(horizonDays);
        expect(edges).toEqual([...new Set(edges)].sort((a, b) => a - b));
      }),
    );
  });
});

describe('what a wait says of the intervals', () => {
  it.each([
    ['an event on a day may have come anywhere in its interval', 40, 41, [1, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0]],
    ['one on the first day', 0, 1, [0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]],
    ['the day that ends at an edge is before it', 89, 90, [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 0, 0]],
    ['the day that begins there is after it', 90, 91, [1, 1, 1, 1, 0, 0], [0, 0, 0, 0, 1, 0]],
    ['an event at some time in the horizon', 0, 90, [0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 0, 0]],
    ['one between two days', 20, 70, [1, 0, 0, 0, 0, 0], [0, 1, 1, 1, 0, 0]],
    ['quiet through the horizon', 90, NEVER, [1, 1, 1, 1, 0, 0], [0, 0, 0, 0, 0, 0]],
    ['quiet for 99 days, a fifth of the fifth interval', 99, NEVER, [1, 1, 1, 1, 0.2, 0], [0, 0, 0, 0, 0, 0]],
    ['quiet for a year', 365, NEVER, [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]],
    ['an event beyond the last interval', 200, 201, [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]],
    ['one that may be beyond it', 144, 300, [1, 1, 1, 1, 1, 0.2], [0, 0, 0, 0, 0, 0]],
    ['nothing is known', 0, NEVER, [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]],
  ])('%s', (_what, from, until, passed, during) => {
    const found = exposuresOf({ from: Float32Array.of(from), until: Float32Array.of(until) }, EDGES);
    expect(found).toEqual({ passed: Float32Array.from(passed), during: Float32Array.from(during) });
  });

  it('is told row by row', () => {
    const waits = { from: Float32Array.of(90, 0), until: Float32Array.of(NEVER, 1) };
    expect([...exposuresOf(waits, [30, 90]).passed]).toEqual([1, 1, 0, 0]);
    expect([...exposuresOf(waits, [30, 90]).during]).toEqual([0, 0, 1, 0]);
  });
});
