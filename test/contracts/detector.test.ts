import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectors, type SeriesSet } from '../../models/index.ts';
import { shortened, steady, weekly } from '../helpers/weekly.ts';

const WEEKS = 70;
const LAST = WEEKS - 1;
const MEANS = [0.5, 4, 30];
const SET = weekly(steady(MEANS, WEEKS, 1));
const bits = (values: Float64Array | Int8Array) => Buffer.from(values.buffer).toString('hex');
const withLast = (value: number, series: number): SeriesSet => {
  const values = SET.values.slice();
  values[series * WEEKS + LAST] = value;
  return { ...SET, values };
};

describe.each(detectors.map((detector) => [detector.name, detector] as const))('detector %s', (_, detector) => {
  it('tells probabilities, and expectations within their bands, of what it has known long enough', () => {
    const { expected, low, high, p, direction } = detector.score(SET);
    for (let s = 0; s < MEANS.length; s++) {
      expect(p.subarray(s * WEEKS, s * WEEKS + 26).every(Number.isNaN)).toBe(true);
      for (let place = s * WEEKS + 26; place < (s + 1) * WEEKS; place++) {
        expect(p[place] >= 0 && p[place] <= 1).toBe(true);
        expect(low[place] <= high[place] && low[place] >= 0 && high[place] < 1000).toBe(true);
        expect(expected[place]).toBeGreaterThan(MEANS[s] / 4);
        expect(expected[place]).toBeLessThan(MEANS[s] * 4);
        expect([-1, 0, 1]).toContain(direction[place]);
      }
    }
  });

  it('the same set gives the same bits, and is left as it was', () => {
    const before = bits(SET.values);
    expect(bits(detector.score(SET).p)).toBe(bits(detector.score(SET).p));
    expect(bits(SET.values)).toBe(before);
  });

  it('knows nothing of what comes after', () => {
    const cut = detector.score(shortened(SET, 50)).p;
    const all = detector.score(SET).p;
    for (let s = 0; s < MEANS.length; s++) {
      expect(bits(cut.slice(s * 50, s * 50 + 50))).toBe(bits(all.slice(s * WEEKS, s * WEEKS + 50)));
    }
  });

  it('tells from the period that it is asked from, the same', () => {
    const [all, some] = [detector.score(SET), detector.score(SET, 60)];
    expect(bits(some.p.slice(60, WEEKS))).toBe(bits(all.p.slice(60, WEEKS)));
    expect(some.expected.subarray(0, 60).every(Number.isNaN)).toBe(true);
  });

  it('does not care about the order of the series', () => {
    const turned = weekly([2, 0, 1].map((s) => [...SET.values.subarray(s * WEEKS, (s + 1) * WEEKS)]));
    const [plain, other] = [detector.score(SET).p, detector.score(turned).p];
    expect(other[WEEKS + LAST]).toBeCloseTo(plain[LAST], 9);
    expect(other[LAST]).toBeCloseTo(plain[2 * WEEKS + LAST], 9);
  });

  it('finds five times as many, and none at all, and says which it was', () => {
    const [more, none] = [detector.score(withLast(150, 2)), detector.score(withLast(0, 2))];
    expect([more.p[3 * WEEKS - 1] < 1e-6, more.direction[3 * WEEKS - 1]]).toEqual([true, 1]);
    expect([none.p[3 * WEEKS - 1] < 1e-3, none.direction[3 * WEEKS - 1]]).toEqual([true, -1]);
  });

  it('calls few weeks of steady series unusual', () => {
    const p = detector
      .score(
        weekly(
          steady(
            Array.from({ length: 100 }, () => 20),
            WEEKS,
            5,
          ),
        ),
      )
      .p.filter((value) => value >= 0);
    expect(p.length).toBe(100 * (WEEKS - 26));
    // 44 of 4400 are to be expected below .01.
    expect(p.filter((value) => value < 0.01).length).toBeLessThan(100);
  });

  it('tells nothing of what is unknown, nor of who has only just begun; a gap is bridged', () => {
    const gap = withLast(Number.NaN, 2);
    const { p, direction, expected } = detector.score(gap);
    expect([p[3 * WEEKS - 1], direction[3 * WEEKS - 1]]).toEqual([Number.NaN, 0]);
    expect(expected[3 * WEEKS - 1]).toBeGreaterThan(15);
    const late = weekly([Array.from({ length: WEEKS }, (_, t) => (t < 30 ? Number.NaN : 4))]);
    const told = detector.score(late).p;
    expect([told[55], told[56] >= 0]).toEqual([Number.NaN, true]);
    const empty = weekly([new Array(WEEKS).fill(Number.NaN)]);
    expect(detector.score(empty).p.every(Number.isNaN)).toBe(true);
    expect(detector.score(weekly([[]])).p).toHaveLength(0);
    expect(detector.score(weekly([])).p).toHaveLength(0);
  });

  it('of a series that never had anything, and of one that never changes, nothing is unusual', () => {
    const { p } = detector.score(weekly([new Array(WEEKS).fill(0), new Array(WEEKS).fill(7)]));
    for (const value of p) if (!Number.isNaN(value)) expect(value).toBeGreaterThan(0.1);
  });

  it('stays with probabilities whatever counts it is given', () => {
    const count = fc.oneof(fc.nat(20), fc.nat(1_000_000), fc.constant(Number.NaN), fc.constant(1e15));
    fc.assert(
      fc.property(
        fc.array(fc.array(count, { minLength: 40, maxLength: 40 }), { minLength: 1, maxLength: 3 }),
        (rows) => {
          const { expected, low, high, p } = detector.score(weekly(rows));
          for (let place = 0; place < p.length; place++) {
            expect(Number.isNaN(p[place]) || (p[place] >= 0 && p[place] <= 1)).toBe(true);
            if (Number.isNaN(expected[place])) continue;
            expect([expected, low, high].every((column) => Number.isFinite(column[place]) && column[place] >= 0)).toBe(
              true,
            );
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    [-1, /series s0 has -1 in the period from 2024-01-01; counts are whole numbers from 0 on, or unknown \(NaN\)/],
    [1.5, /series s0 has 1.5/],
    [Number.POSITIVE_INFINITY, /series s0 has Infinity/],
  ])('refuses %d, and says where', (value, words) => {
    expect(() => detector.score(weekly([[value, 1]]))).toThrow(words);
  });

  it('refuses periods that do not follow each other, and columns of another length', () => {
    const set = weekly([[1, 2, 3]]);
    const periods = set.periods.slice();
    periods[2] += 3_600_000;
    expect(() => detector.score({ ...set, periods })).toThrow(/7 days apart, and 2024-01-15 follows 2024-01-08/);
    expect(() => detector.score({ ...set, values: set.values.slice(1) })).toThrow(/expected 3 values, and found 2/);
    expect(() => detector.score({ ...set, groups: [] })).toThrow(/expected 1 groups, and found 0/);
    expect(() => detector.score({ ...set, business: Float64Array.of(5, 8, 5) })).toThrow(/0 to 7 business days, not 8/);
  });

  it('takes amounts that are not whole where it is told that they are amounts', () => {
    const rows = steady([20], WEEKS, 4).map((values) => values.map((value) => value * 0.37));
    const { p } = detector.score(weekly(rows, { law: 'amounts' }));
    expect(p[LAST]).toBeGreaterThan(0);
  });
});
