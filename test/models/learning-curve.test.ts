import { describe, expect, it } from 'vitest';
import { fitContenders } from '../../models/champion.ts';
import { logistic } from '../../models/estimators/logistic.ts';
import { seeded } from '../../models/index.ts';
import { learningCurve, tellMore } from '../../models/learning-curve.ts';
import type { TrainingSet } from '../../models/training-set.ts';
import { setOf, someSet } from '../helpers/sets.ts';

async function curveOf(train: TrainingSet, test: TrainingSet, seed = 1) {
  const [whole] = await fitContenders([logistic], train, { seed, threads: 1 });
  return learningCurve({ estimator: logistic, whole, train, test, seed, threads: 1 }, seeded(1));
}

describe('the learning curve', () => {
  const test = someSet(60, 4, 2);

  it('has all rows of an eighth, a quarter and a half of the partners, and of all', async () => {
    const { points } = await curveOf(someSet(80, 12, 1), test);
    expect(points.map(({ share, partners, rows }) => [share, partners, rows])).toEqual([
      [1 / 8, 10, 10 * 12],
      [1 / 4, 20, 20 * 12],
      [1 / 2, 40, 40 * 12],
      [1, 80, 80 * 12],
    ]);
  });

  it('goes down while there is something left to learn, and says what the last doubling was worth', async () => {
    const { points, lastDoubling, text } = await curveOf(someSet(24, 6, 1), someSet(300, 2, 2));
    expect(points[0].logLoss.value).toBeGreaterThan(points[3].logLoss.value);
    expect(lastDoubling?.value).toBeCloseTo(points[2].logLoss.value - points[3].logLoss.value, 12);
    expect(text).toMatch(
      /^More partners would likely help: the last doubling changed the log loss by -0\.\d+ \(95 % -/,
    );
  });

  it('says that more would hardly help where nothing can be learnt', async () => {
    const byLot = (set: TrainingSet, seed: number) => {
      const random = seeded(seed);
      return { ...set, outcomes: set.outcomes.map(() => (random() < 0.3 ? 1 : 0)) };
    };
    const { text } = await curveOf(byLot(someSet(160, 10, 1), 3), byLot(test, 4));
    expect(text).toMatch(/^More partners would hardly help/);
  });

  it('tells a gain that is clear from one that is worth waiting for, a fiftieth of the log loss', () => {
    const said = (value: number, low: number) => tellMore(0.5, { value, low, high: 0.03 });
    expect(said(0.02, 0.01)).toBe(
      'More partners would likely help: the last doubling changed the log loss by -0.020 (95 % -0.030 to -0.010; below 0 is better).',
    );
    expect(said(0.009, 0.001)).toMatch(/^More partners would help a little: /);
    expect(said(0.02, 0)).toMatch(/^More partners would hardly help: /);
  });

  it('is the same by the same seed, and draws other partners by another', async () => {
    const train = someSet(32, 8, 1);
    const [once, twice, other] = [
      await curveOf(train, test),
      await curveOf(train, test),
      await curveOf(train, test, 2),
    ];
    expect(twice).toEqual(once);
    expect(other.points[0].logLoss).not.toEqual(once.points[0].logLoss);
    expect(other.points[3].partners).toBe(32);
  });

  it('leaves out shares that are too few to learn from', async () => {
    const train = setOf(['a', 0, 1, 50], ['b', 0, 0, 3]);
    const [whole] = await fitContenders([logistic], someSet(20, 4, 1), { seed: 1, threads: 1 });
    const { points, lastDoubling, text } = await learningCurve(
      { estimator: logistic, whole, train, test, seed: 1, threads: 1 },
      seeded(1),
    );
    expect(points.map(({ share }) => share)).toEqual([1]);
    expect(lastDoubling).toBeNull();
    expect(text).toMatch(/too few to learn from/);
  });
});
