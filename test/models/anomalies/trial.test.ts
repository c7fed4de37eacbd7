import { describe, expect, it } from 'vitest';
import { plant, seeded, tellTrial, tryDetectors } from '../../../models/index.ts';
import { steady, weekly } from '../../helpers/weekly.ts';

const SET = weekly(
  steady(
    Array.from({ length: 30 }, (_, s) => 1 + s),
    120,
    1,
  ),
);

const isMore = (after: number, before: number) => after >= before + 6;
const isTenth = (after: number, before: number) => after === Math.round(before / 10);

describe('planted weeks', () => {
  const { set, planted } = plant(SET, seeded(2));

  it('are more than there was, or a tenth of it, after a year, and all else is as it was', () => {
    const wanted = { 0: (after: number, before: number) => after === before, 1: isMore, [-1]: isTenth };
    const wrong = planted.findIndex((kind, place) => !wanted[kind as 0 | 1 | -1](set.values[place], SET.values[place]));
    expect(wrong).toBe(-1);
    expect(planted.some((kind, place) => kind !== 0 && place % 120 < 52)).toBe(false);
    expect(planted.filter((kind) => kind === 1).length).toBeGreaterThan(20);
    expect(planted.filter((kind) => kind === -1).length).toBeGreaterThan(5);
  });

  it('of amounts are more by twice to four times the level, however small', () => {
    const small = weekly([new Array<number>(400).fill(0.5)], { law: 'amounts' });
    const spiked = plant(small, seeded(2));
    const spikes = spiked.set.values.filter((_, place) => spiked.planted[place] === 1);
    expect(spikes.length).toBeGreaterThan(0);
    expect([...spikes].every((value) => value >= 1.5 && value <= 2.5)).toBe(true);
  });

  it('among series that never change are found by the rule that knows that they do not, and it is said', () => {
    const trials = tryDetectors({ set, planted }, 0.1, seeded(3));
    expect(trials[0].behind).toEqual({ value: 0, low: 0, high: 0 });
    for (const { averagePrecision, precision, recall } of trials) {
      for (const { value, low, high } of [averagePrecision, precision, recall]) {
        expect([low <= value, value <= high, low >= 0, high <= 1 + 1e-9]).toEqual([true, true, true, true]);
      }
    }
    expect(tellTrial(trials)).toMatch(/^A simple rule is as good: poisson beside robust/);
  });

  it('among series that change are found by the robust detector better than by any rule', () => {
    // Twice and half as much every other quarter.
    const rows = Array.from({ length: 30 }, (_, s) =>
      steady([8 + s, 16 + 2 * s], 120, s).reduce((low, high) => low.map((each, t) => (t % 52 < 26 ? each : high[t]))),
    );
    const trials = tryDetectors(plant(weekly(rows), seeded(2)), 0.1, seeded(3));
    expect(tellTrial(trials)).toMatch(/^robust is better than/);
  });

  it('where nothing can be planted nothing is said of anyone; where a rule does as well it is said', () => {
    const short = plant(weekly(steady([5], 40, 1)), seeded(1));
    expect(tellTrial(tryDetectors(short, 0.1, seeded(1)))).toMatch(/^Nothing could be tried/);
    const figure = { value: 0.5, low: 0.4, high: 0.6 };
    const one = { name: 'ours', averagePrecision: figure, precision: figure, recall: figure, dips: figure };
    const tie = { ...one, name: 'rule', behind: { value: 0, low: -0.1, high: 0.1 } };
    expect(tellTrial([{ ...one, behind: tie.behind }, tie])).toMatch(/^A simple rule is as good: rule/);
  });

  it('of amounts are amounts', () => {
    const amounts = weekly(
      steady([20, 30, 40, 50, 60], 120, 1).map((values) => values.map((value) => value / 3)),
      { law: 'amounts' },
    );
    const { set: changed, planted: where } = plant(amounts, seeded(1));
    expect(
      changed.values.filter((value, place) => where[place] === 1 && !Number.isInteger(3 * value)).length,
    ).toBeGreaterThan(2);
  });
});
