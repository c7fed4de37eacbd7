import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../models/index.ts';
import { CONSTANT, curveDays, curveThrough, learnWaits, survivalAt, survivalOf } from '../../models/survival.ts';

const NEVER = Number.POSITIVE_INFINITY;
const waitsOf = (pairs: readonly (readonly [number, number])[]) => ({
  from: Float32Array.from(pairs, ([from]) => from),
  until: Float32Array.from(pairs, ([, until]) => until),
});
const learn = (foretold: number[], pairs: readonly (readonly [number, number])[]) =>
  learnWaits(
    Float64Array.from(foretold),
    waitsOf(pairs),
    foretold.map((_, i) => `p${i}`),
    90,
    seeded(1),
  );

describe('a curve through a probability', () => {
  it('at a constant rate halves as often as time passes', () => {
    // Half are left after 90 days: √½ of them after 45, a quarter after 180.
    const curve = curveThrough(0.5, CONSTANT);
    expect(curveDays(90)).toEqual([15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180]);
    expect(curve[2]).toBeCloseTo(Math.SQRT1_2, 12);
    expect(curve[11]).toBeCloseTo(0.25, 12);
  });

  it('is the probability at the horizon to the bit, never rises and stays between 0 and 1, whatever the shape', () => {
    const levels = fc.array(fc.double({ min: -12, max: 3, noNaN: true }), { minLength: 12, maxLength: 12 });
    const slopes = fc.array(fc.double({ min: -2, max: 3, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(levels, slopes, fc.double({ min: 0, max: 1, noNaN: true }), (level, slope, probability) => {
        const curve = curveThrough(probability, { level, slope });
        expect(curve[5]).toBe(probability);
        expect(curve.every((value, k) => value >= 0 && value <= (curve[k - 1] ?? 1) + 1e-12)).toBe(true);
      }),
    );
  });
});

describe('learning how waits go on', () => {
  it('finds those that come back early: 40 of 80 within 15 days, the others never', () => {
    const pairs = Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? ([3, 4] as const) : ([365, NEVER] as const)));
    const { shape } = learn(new Array<number>(80).fill(0.5), pairs);
    const curve = curveThrough(0.5, shape);
    // All of the way from 1 to 0.5 is gone in the first step, but for the caution of a row or so.
    expect(curve[0]).toBeLessThan(0.58);
    expect(curve[11]).toBeGreaterThan(0.45);
  });

  it('is the product-limit estimate of Kaplan and Meier where there is enough of it', () => {
    // 4000 waits at a constant rate, of which half are seen for 60 days only.
    const random = seeded(5);
    const pairs = Array.from({ length: 4000 }, (_, i) => {
      const day = Math.floor(-130 * Math.log(1 - random()));
      const seen = i % 2 === 0 ? 60 : 365;
      return day < seen ? ([day, day + 1] as const) : ([seen, NEVER] as const);
    });
    const curve = curveThrough(
      Math.exp(-90 / 130),
      learn(new Array<number>(4000).fill(Math.exp(-90 / 130)), pairs).shape,
    );
    // Scaled to pass through the true probability, which the sample misses by a little.
    for (const [k, days] of curveDays(90).entries()) {
      expect(Math.abs(curve[k] - kaplanMeier(pairs, days))).toBeLessThan(0.025);
    }
    expect(curve[11]).toBeCloseTo(Math.exp(-180 / 130), 1.3);
  });

  it('tells partners of different risk apart', () => {
    // The safe come back at a steady rate; of the risky, those that come back at all do so within two weeks.
    const random = seeded(6);
    const foretold = Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 0.1 : 0.7));
    const pairs = foretold.map((p) => {
      const day = p < 0.5 ? Math.floor(-39 * Math.log(1 - random())) : random() < 0.7 ? 400 : Math.floor(14 * random());
      return day < 365 ? ([day, day + 1] as const) : ([365, NEVER] as const);
    });
    const { shape } = learn(foretold, pairs);
    expect(curveThrough(0.1, shape)[0]).toBeCloseTo(Math.exp(-15 / 39), 1);
    expect(curveThrough(0.7, shape)[0]).toBeCloseTo(0.7, 1);
    expect(curveThrough(0.7, shape)[11]).toBeCloseTo(0.7, 1);
  });

  it('with nothing foretold keeps to a constant rate', () => {
    expect(learn([], [])).toEqual({ shape: CONSTANT, draws: [] });
  });
});

describe('the band', () => {
  it("is the score's own interval at the horizon, and holds the curve everywhere", () => {
    const refits = [0.2, 0.25, 0.3, 0.35, 0.4];
    const draws = [0.5, 1, 1.5].map((slope) => ({ ...CONSTANT, slope: CONSTANT.slope.map((_, k) => slope + k / 20) }));
    const survival = survivalOf({ shape: CONSTANT, draws }, 0.3, refits, 90);
    expect(survivalAt(survival, 90)).toEqual({ probability: 0.3, low: 0.2, high: 0.4 });
    survival.probability.forEach((value, k) => {
      expect(survival.low[k]).toBeLessThanOrEqual(value);
      expect(survival.high[k]).toBeGreaterThanOrEqual(value);
    });
    expect(survivalAt(survival, 31)).toBeNull();
  });
});

/** The share that waits longer than so many days, by the product-limit estimate day by day. */
function kaplanMeier(pairs: readonly (readonly [number, number])[], days: number): number {
  let left = 1;
  for (let day = 1; day <= days; day++) {
    const atRisk = pairs.filter(([from]) => from >= day - 1).length;
    const came = pairs.filter(([, until]) => until === day).length;
    left *= 1 - came / atRisk;
  }
  return left;
}
