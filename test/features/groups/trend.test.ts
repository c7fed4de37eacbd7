import { describe, expect, it } from 'vitest';
import { many, value } from '../../helpers/one-partner.ts';

/** So many events in each block of days, oldest first, the last block ending at the cutoff. */
function blocks(days: number, counts: readonly number[], kind = 'deal.registered') {
  return counts.flatMap((count, i) => many(count, (counts.length - i) * days, { kind }));
}

describe.each([
  ['slope_12m', 'deal.registered'],
  ['life_slope_12m', 'portal.login'],
])('%s', (name, kind) => {
  const rising = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

  it('is what a month brings more than the one before, over their mean', () => {
    expect(value(name, blocks(30, rising, kind))).toBeCloseTo(1 / 6.5, 12);
    expect(value(name, blocks(30, rising.toReversed(), kind))).toBeCloseTo(-1 / 6.5, 12);
    expect(value(name, blocks(30, new Array(12).fill(4), kind))).toBe(0);
  });

  it('is not turned by one odd month', () => {
    const odd = rising.with(0, 90);
    expect(value(name, blocks(30, odd, kind))).toBeCloseTo(1 / ((78 + 89) / 12), 12);
  });

  it('is unknown without any, and until twelve months are tracked', () => {
    expect(value(name, many(1, 361, { kind }))).toBeNull();
    expect(value(name, many(1, 5, { kind }), { trackedDays: 359 })).toBeNull();
    expect(value(name, many(1, 5, { kind }), { trackedDays: 360 })).toBe(0);
  });
});

describe('a change of level within the year', () => {
  // One a week for 40 weeks, then four a week for twelve.
  const events = blocks(7, [...new Array(40).fill(1), ...new Array(12).fill(4)]);
  const all = (...known: Parameters<typeof value> extends [string, ...infer Rest] ? Rest : never) =>
    ['level_change_weeks', 'level_change_52w', 'level_change_evidence_52w'].map((name) => value(name, ...known));

  it('is found where it was, with its ratio and how clear it is', () => {
    const [weeks, ratio, evidence] = all(events);
    expect(weeks).toBe(12);
    expect(ratio).toBeCloseTo(48.5 / 12 / (40.5 / 40), 12);
    expect(evidence).toBeCloseTo(2 * (48 * Math.log(4) - 88 * Math.log(88 / 52)), 9);
  });

  it('has at least four weeks on either side', () => {
    const late = (weeks: number) => blocks(7, [...new Array(52 - weeks).fill(1), ...new Array(weeks).fill(9)]);
    expect([5, 4, 3].map((weeks) => value('level_change_weeks', late(weeks)))).toEqual([5, 4, 4]);
  });

  it('is unknown without any business, and until the year is tracked', () => {
    expect(all(many(3, 365))).toEqual([null, null, null]);
    expect(all(events, { trackedDays: 363 })).toEqual([null, null, null]);
    expect(all(many(1, 364), { trackedDays: 364 })).not.toContain(null);
  });
});
