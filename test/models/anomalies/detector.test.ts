import { describe, expect, it } from 'vitest';
import { DAY, formatDay, parseDay } from '../../../features/index.ts';
import {
  type DetectorState,
  DIP_EXPECTS,
  type Findings,
  nextPeriod,
  type SeriesSet,
  scoreSeries,
  startDetector,
  usualSettings,
  withSeries,
} from '../../../models/index.ts';
import { shortened, steady, weekly } from '../../helpers/weekly.ts';

const bits = (values: Float64Array) => Buffer.from(values.buffer).toString('hex');
const column = (set: SeriesSet, values: Float64Array, t: number) =>
  Float64Array.from(set.ids, (_, s) => values[s * set.periods.length + t]);

/** What each period shows, told period by period, is what scoring all at once shows. */
function expectSameByPeriods(set: SeriesSet, from: number): void {
  const all: Findings = scoreSeries(set);
  let state: DetectorState = startDetector(shortened(set, from));
  for (let t = from; t < set.periods.length; t++) {
    const period = { values: column(set, set.values, t), ...(set.business && { business: set.business[t] }) };
    const next = nextPeriod(state, period);
    state = next.state;
    for (const name of ['expected', 'low', 'high', 'p'] as const) {
      expect(bits(next.findings[name])).toBe(bits(column(set, all[name], t)));
    }
  }
  expect(state).toEqual(startDetector(set));
}

describe('a detector that saw the next period says what scoring all says, to the bit', () => {
  const rows = steady([1, 6, 30, 200], 80, 1);

  it('of weekly counts', () => expectSameByPeriods(weekly(rows), 60));

  it('of peers in groups, with gaps, late starts and business days', () => {
    const gapped = rows.map((values, s) => values.map((value, t) => (t < 9 * s || t === 70 ? Number.NaN : value)));
    const business = Float64Array.from({ length: 80 }, (_, t) => (t % 9 === 0 ? 3 : 5));
    expectSameByPeriods(weekly(gapped, { groups: ['x', 'y', 'x', 'y'], business }), 60);
  });

  it('of daily amounts', () => {
    const daily = { days: 1, periods: Float64Array.from({ length: 80 }, (_, t) => t * 86_400_000) } as const;
    expectSameByPeriods(
      weekly(
        rows.map((values) => values.map((value) => value * 12.5)),
        { ...daily, law: 'amounts' },
      ),
      70,
    );
  });
});

it('a detector that is shown the next period stays as it was', () => {
  const state = startDetector(weekly(steady([5, 20], 60, 3)));
  const before = structuredClone(state);
  nextPeriod(state, { values: Float64Array.of(50, 0) });
  expect(state).toEqual(before);
});

describe('series that come and go', () => {
  it('a newcomer leaves what is known of the others alone', () => {
    const set = weekly(steady([5, 20], 60, 3), { groups: ['x', 'y'] });
    const state = startDetector(set);
    const more = withSeries(state, ['s1', 'new', 's0'], ['y', 'z', 'x']);
    const values = Float64Array.of(21, 1, 4);
    const [known, plain] = [nextPeriod(more, { values }), nextPeriod(state, { values: Float64Array.of(4, 21) })];
    expect([known.findings.p[2], known.findings.p[0]]).toEqual([...plain.findings.p]);
    expect(known.findings.p[1]).toBeNaN();
    expect(withSeries(known.state, ['s0', 's1'], ['x', 'y'])).toEqual(plain.state);
  });
});

describe('what is told', () => {
  const LAST = 59;
  /** The last of 60 weeks is another value than the others led to expect. */
  const lastWeek = (mean: number, value: number, more: Partial<SeriesSet> = {}) => {
    const set = weekly([Array.from({ length: 60 }, (_, t) => (t === LAST ? value : mean))], more);
    const { expected, p, direction } = scoreSeries(set);
    return { expected: expected[LAST], p: p[LAST], direction: direction[LAST] };
  };

  it('a dip where fewer than four are expected is too few to tell', () => {
    expect(DIP_EXPECTS).toBe(4);
    expect(lastWeek(3, 0)).toMatchObject({ direction: 0 });
    expect(lastWeek(5, 0)).toMatchObject({ direction: -1 });
    expect(lastWeek(3, 9)).toMatchObject({ direction: 1 });
  });

  it('a week of two business days is expected to hold two fifths', () => {
    const business = Float64Array.from({ length: 60 }, (_, t) => (t === LAST ? 2 : 5));
    expect(lastWeek(50, 20, { business }).expected / lastWeek(50, 20).expected).toBeCloseTo(0.4, 12);
  });

  it('amounts are as unusual in cents as in dollars', () => {
    const [dollars, cents] = [lastWeek(50, 400, { law: 'amounts' }), lastWeek(5000, 40_000, { law: 'amounts' })];
    expect(cents.expected / dollars.expected).toBeCloseTo(100, 6);
    expect(cents.p).toBeCloseTo(dollars.p, 9);
  });

  it('a new level is unusual for a while, then it is the level', () => {
    const jump = weekly([Array.from({ length: 100 }, (_, t) => (t < 60 ? 10 : 60))]);
    const { p } = scoreSeries(jump);
    expect([p[60] < 1e-4, p[63] < 1e-4, p[72] > 0.3]).toEqual([true, true, true]);
  });

  it('what all peers do is expected of each, what one does is not', () => {
    const rows = Array.from({ length: 30 }, (_, s) =>
      Array.from({ length: 60 }, (_, t) => (t === LAST ? 6 : 20) + ((s + t) % 3)),
    );
    const alone = rows.map((values, s) => (s === 0 ? values : values.map((value, t) => (t === LAST ? 20 : value))));
    const pOf = (set: number[][]) => scoreSeries(weekly(set)).p[LAST];
    expect(pOf(alone)).toBeLessThan(0.005);
    expect(pOf(rows)).toBeGreaterThan(0.05);
  });

  it('and where it is not taken out it is doubted: a tenth less of two thousand is no surprise, a third less is', () => {
    // Groups are taken to move by a tenth until they show less, which after a year is about a seventeenth.
    const settings = { ...usualSettings(7), movement: false };
    const pOf = (last: number, of = settings) =>
      scoreSeries(weekly([Array.from({ length: 60 }, (_, t) => (t === LAST ? last : 2000))]), of).p[LAST];
    expect(pOf(1800)).toBeGreaterThan(0.05);
    expect(pOf(1333)).toBeLessThan(1e-4);
    expect(pOf(1800, usualSettings(7))).toBeLessThan(1e-3);
  });

  it('the season of last years is expected again', () => {
    // Every series falls to a tenth in the last week of each year.
    const weeks = 3 * 52;
    const rows = steady(
      Array.from({ length: 20 }, () => 30),
      weeks,
      7,
    ).map((values) => values.map((value, t) => (t % 52 === 51 ? 3 : value)));
    const { expected } = scoreSeries(weekly(rows));
    expect(expected[weeks - 1]).toBeLessThan(21);
    expect(expected[weeks - 4]).toBeGreaterThan(25);
  });
});

describe('what comes in bad', () => {
  const weeks = 80;
  const last = weeks - 1;

  it('an exploding series stays finite, and is unusual while it explodes', () => {
    const { expected, p, direction } = scoreSeries(weekly([Array.from({ length: 50 }, (_, t) => Math.floor(2 ** t))]));
    expect([...expected.subarray(26), ...p.subarray(26)].every(Number.isFinite)).toBe(true);
    expect([p[30] < 1e-3, direction[30]]).toEqual([true, 1]);
  });

  it('a feed that stops is unknown where it is told so, and silence of every series where it is not', () => {
    const rows = steady(
      Array.from({ length: 12 }, () => 30),
      weeks,
      6,
    );
    const stopped = (value: number) =>
      weekly(rows.map((values) => values.map((each, t) => (t === last ? value : each))));
    const lasts = ({ p }: Findings) => rows.map((_, s) => p[s * weeks + last]);
    expect(lasts(scoreSeries(stopped(Number.NaN))).every(Number.isNaN)).toBe(true);
    for (const p of lasts(scoreSeries(stopped(0)))) expect(p).toBeLessThan(0.01);
    for (const p of lasts(scoreSeries(stopped(0), { ...usualSettings(7), movement: false })))
      expect(p).toBeLessThan(1e-4);
  });

  it('weeks are counted on through week 53 and both changes of the clocks', () => {
    // 2020 has a week 53; a calendar of 7 × 24 hours in UTC knows no clock.
    const first = parseDay('2019-07-01');
    const periods = Float64Array.from({ length: weeks }, (_, t) => first + t * 7 * DAY);
    expect(Array.from(periods, formatDay)).toContain('2020-12-28');
    const { p } = scoreSeries(weekly(steady([40], weeks, 9), { periods }));
    expect(p.filter((value) => value < 0.001)).toHaveLength(0);
  });

  it('amounts of which none has been seen yet tell nothing of the first', () => {
    const { p } = scoreSeries(
      weekly([Array.from({ length: weeks }, (_, t) => (t === last ? 5e6 : 0))], { law: 'amounts' }),
    );
    expect(p[last]).toBeNaN();
  });

  it('the next period is refused as the set would be', () => {
    const state = startDetector(weekly([[1, 2, 3]]));
    expect(() => nextPeriod(state, { values: Float64Array.of(1, 2) })).toThrow(/expected 1 values, and found 2/);
    expect(() => nextPeriod(state, { values: Float64Array.of(-1) })).toThrow(
      /series s0 has -1 in the period from 2024-01-22/,
    );
    expect(() => nextPeriod(state, { values: Float64Array.of(1), business: 9 })).toThrow(/0 to 7 business days, not 9/);
  });
});
