import { describe, expect, it } from 'vitest';
import { difference, measureAll, replicate } from '../../models/bootstrap.ts';
import { challengers } from '../../models/challengers.ts';
import { seeded } from '../../models/index.ts';

describe('figures by the same draws of partners', () => {
  const entities = ['a', 'b', 'c', 'a'];
  const first = (weights: ArrayLike<number>) => weights[0];
  const sum = (weights: ArrayLike<number>) => weights[0] + weights[1] + weights[2];

  it('are computed on the rows as they are and on each draw', () => {
    const [one, all] = replicate(entities, [first, sum], seeded(1));
    expect([one.value, all.value]).toEqual([1, 3]);
    expect(one.replicates).toHaveLength(1000);
    expect(new Set(all.replicates)).toEqual(new Set([3]));
  });

  it('are the same whether measured together or alone, so that any two can be compared', () => {
    const [together] = measureAll(entities, [first, sum], seeded(1));
    expect(measureAll(entities, [first], seeded(1))).toEqual([together]);
  });

  it('have a difference that varies less than they do: of a figure and itself not at all', () => {
    const [one, again] = replicate(entities, [first, (weights) => weights[3] + 2], seeded(1));
    expect(difference(again, one)).toEqual({ value: 2, low: 2, high: 2 });
  });
});

describe('challengers', () => {
  const rival = (name: string, logLoss: number[], auc: number[]) => ({
    name,
    logLoss: { value: logLoss[0], replicates: logLoss },
    auc: { value: auc[0], replicates: auc },
  });
  const champion = rival('champion', [0.5, 0.25, 0.75], [0.75, 0.75, 0.75]);
  const found = challengers(
    [
      rival('worse', [0.75, 0.5, 1], [0.5, 0.5, 0.5]),
      champion,
      rival('unclear', [0.75, 0, 1], [0.75, 0.5, 1]),
      rival('better', [0.25, 0, 0.5], [1, 1, 1]),
    ],
    'champion',
  );

  it('are held against the champion draw by draw, all but itself', () => {
    expect(found.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['worse', 'worse'],
      ['unclear', 'unclear'],
      ['better', 'better'],
    ]);
    // Losses that go up and down together differ by a quarter on every draw.
    expect(found[0].logLoss).toEqual({ value: 0.25, low: 0.25, high: 0.25 });
    expect(found[0].auc).toEqual({ value: -0.25, low: -0.25, high: -0.25 });
    expect(found[1].logLoss.low).toBeLessThan(0);
    expect(found[1].logLoss.high).toBeGreaterThan(0);
  });

  it('are nobody without the champion among them', () => {
    expect(() => challengers([champion], 'nobody')).toThrow(/no estimator "nobody" has been judged/);
  });
});
