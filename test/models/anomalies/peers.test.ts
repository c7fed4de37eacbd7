import { describe, expect, it } from 'vitest';
import { blankState, usualSettings } from '../../../models/anomalies/memory.ts';
import { blankSums, learnOfPeers, seasonOf } from '../../../models/anomalies/peers.ts';

/** A detector of one series that has seen nothing. */
const blank = () => blankState({ ids: ['a'], days: 7, periods: Float64Array.of(0) }, usualSettings(7));

describe('the season of a slot', () => {
  it('is what was seen over what was expected, held towards 1 as far as little is known', () => {
    const state = blank();
    state.slots.expected.fill(100, 0, 53);
    state.slots.seen.fill(50, 0, 53);
    state.slots.times.fill(2, 0, 53);
    // .04 of seasons' variance, .02 / 2 of a year's, 1 / 100 of chance.
    expect(seasonOf(state, 0, [10])).toBeCloseTo(0.5 ** (0.04 / (0.04 + 0.01 + 0.01)), 12);
  });

  it('borrows from the weeks beside it, and from no others', () => {
    const state = blank();
    for (const [column, value] of [
      ['expected', 100],
      ['seen', 50],
      ['times', 1],
    ] as const)
      state.slots[column][10] = value;
    // .15 of the week beside: 15 expected, in .15 periods.
    const borrowed = 0.5 ** (0.04 / (0.04 + 0.02 / 0.15 + 1 / 15));
    expect([9, 11].map((slot) => seasonOf(state, 0, [slot]))).toEqual(
      [borrowed, borrowed].map((x) => expect.closeTo(x, 12)),
    );
    expect([8, 12, 60].map((slot) => seasonOf(state, 0, [slot]))).toEqual([1, 1, 1]);
  });

  it('is learnt against what would have been expected without it, so that it is not taken for usual', () => {
    const state = blank();
    state.slots.expected[60] = 100;
    state.slots.seen[60] = 200;
    state.slots.times[60] = 10;
    const factor = seasonOf(state, 0, [60]);
    const sums = blankSums(1);
    sums.expected[0] = 150;
    sums.seen[0] = 160;
    learnOfPeers(state, sums, [60]);
    expect(state.slots.expected[60]).toBeCloseTo(100 + 150 / factor, 12);
    expect([state.slots.seen[60], state.slots.times[60]]).toEqual([360, 11]);
  });
});
