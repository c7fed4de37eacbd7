import { describe, expect, it } from 'vitest';
import { DAY } from '../../features/index.ts';
import { quietFor } from '../../models/labels/quiet.ts';
import { selectWaits, waitsFromOutcomes, waitsUpTo } from '../../models/waits.ts';

const NEVER = Number.POSITIVE_INFINITY;
const waitsOf = (...waits: [from: number, until: number][]) => ({
  from: Float32Array.from(waits, ([from]) => from),
  until: Float32Array.from(waits, ([, until]) => until),
});
const CUTOFFS = new Float64Array(4).fill(1000 * DAY);

describe('waits up to a moment', () => {
  const waits = waitsOf([5, 6], [99, 100], [90, 120], [365, NEVER]);
  const upTo = (days: number, gapDays = 0) => waitsUpTo(waits, CUTOFFS, quietFor(90, gapDays), (1000 + days) * DAY);

  it('end where the moment is, and not before an event that is over by then', () => {
    expect(upTo(100)).toEqual(waitsOf([5, 6], [99, 100], [90, NEVER], [100, NEVER]));
    expect(upTo(100 - 1 / 24)).toEqual(waitsOf([5, 6], [99, NEVER], [90, NEVER], [99, NEVER]));
    expect(upTo(95)).toEqual(waitsOf([5, 6], [95, NEVER], [90, NEVER], [95, NEVER]));
    expect(upTo(1000)).toEqual(waits);
  });

  it('begin after the gap', () => {
    expect(upTo(100, 30)).toEqual(waitsOf([5, 6], [70, NEVER], [70, NEVER], [70, NEVER]));
    expect(upTo(10, 30)).toEqual(waitsOf([0, NEVER], [0, NEVER], [0, NEVER], [0, NEVER]));
  });
});

it('an outcome alone says: quiet through the horizon, or an event in it', () => {
  expect(waitsFromOutcomes(Uint8Array.of(1, 0), quietFor(60))).toEqual(waitsOf([60, NEVER], [0, 60]));
});

it('waits are picked with their rows', () => {
  expect(selectWaits(waitsOf([1, 2], [3, 4], [5, 6]), [2, 0, 2])).toEqual(waitsOf([5, 6], [1, 2], [5, 6]));
});
