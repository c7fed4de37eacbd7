import { describe, expect, it } from 'vitest';
import { seeded, settleClassList, tellClassList } from '../../models/index.ts';

const CLASSES = ['churn', 'stagnate', 'grow'];

/** A partner's score; `width` is how far each interval reaches, as a share of the probability. */
const score = (entityId: string, probabilities: readonly number[], outcome: number | null, width = 0) => ({
  entityId,
  chances: CLASSES.map((name, k) => ({
    class: name,
    probability: probabilities[k],
    low: probabilities[k] * (1 - width),
    high: Math.min(1, probabilities[k] * (1 + width)),
  })),
  likeliest: CLASSES[probabilities.indexOf(Math.max(...probabilities))],
  outcome,
});
const many = (probabilities: readonly number[], outcomeOf: (i: number) => number, width = 0) =>
  settleClassList(
    Array.from({ length: 100 }, (_, i) => score(`p${i}`, probabilities, outcomeOf(i), width)),
    seeded(1),
  );

describe('a list of classes whose time is over', () => {
  it('is counted by hand', () => {
    const result = settleClassList(
      [score('a', [0.5, 0.3, 0.2], 0), score('b', [0.1, 0.6, 0.3], 2), score('c', [0.1, 0.2, 0.7], null)],
      seeded(1),
    );
    // Called were churn and to stagnate; the first came: 1 of 2, where .5 + .6 were expected.
    expect(result.likeliest).toMatchObject({ settled: 2, hits: 1 });
    expect(result.likeliest.expected).toBeCloseTo(1.1, 12);
    // One or none of .5 and .6: 1 − .5·.6.
    expect(result.likeliest.p).toBeCloseTo(0.7, 12);
    expect(result.classes.map(({ class: name, hits }) => [name, hits])).toEqual([
      ['churn', 1],
      ['stagnate', 0],
      ['grow', 1],
    ]);
    [0.6, 0.9, 0.5].forEach((expected, k) => {
      expect(result.classes[k].expected).toBeCloseTo(expected, 12);
    });
    // a: ((.5 − 1)² + (.8 − 1)²)/2 = .145; b: (.1² + .7²)/2 = .25. Expected: (.25 + .16)/2 = .205; (.09 + .21)/2 = .15.
    expect(result.rps?.value).toBeCloseTo(0.1975, 12);
    expect(result.rps?.expected).toBeCloseTo(0.1775, 12);
    // Of two partners a bootstrap draws one twice, or both.
    expect(result.rps?.low).toBeCloseTo(0.145, 12);
    expect(result.rps?.high).toBeCloseTo(0.25, 12);
    expect(result).toMatchObject({ verdict: 'as expected', off: null });
    expect(tellClassList(result)).toMatch(
      /^Of 2 scored 1 went as was called likeliest \(50 %, 9–91\), 1\.1 were expected; churn 1 \(0\.6 expected\), stagnate 0 \(0\.9 expected\), grow 1 \(0\.5 expected\); RPS 0\.19[78] \(0\.145–0\.250\), 0\.17[78] expected: as expected\.$/,
    );
  });

  it('is off by the class of which chance explains least, and not where its intervals explain it', () => {
    const said = [0.1, 0.7, 0.2];
    const asSaid = (i: number) => (i % 10 === 0 ? 0 : i % 10 < 3 ? 2 : 1);
    expect(many(said, asSaid)).toMatchObject({ verdict: 'as expected', off: null });
    const manyLeft = (i: number) => (i % 10 < 3 ? 0 : i % 10 < 5 ? 2 : 1);
    expect(many(said, manyLeft)).toMatchObject({ verdict: 'more than expected', off: 'churn' });
    expect(tellClassList(many(said, manyLeft))).toMatch(/: more came to churn than expected\.$/);
    // Churn may have been three times as likely as said, by its interval.
    expect(many(said, manyLeft, 2)).toMatchObject({ verdict: 'as expected', off: null });
    expect(tellClassList(many(said, (i) => (i % 10 < 1 ? 0 : 1)))).toMatch(/: fewer came to grow than expected\.$/);
  });

  it('is off where what was called is seldom right, though every class came as often as was said', () => {
    // Half are said to leave, half to grow, each with .8; it comes the other way round.
    const result = settleClassList(
      Array.from({ length: 60 }, (_, i) => score(`p${i}`, i % 2 ? [0.8, 0.1, 0.1] : [0.1, 0.1, 0.8], i % 2 ? 2 : 0)),
      seeded(1),
    );
    expect(result).toMatchObject({ verdict: 'fewer than expected', off: null });
    expect(tellClassList(result)).toMatch(/: the likeliest came less often than expected\.$/);
  });

  it('of nobody is as expected', () => {
    expect(settleClassList([], seeded(1))).toEqual({
      likeliest: { settled: 0, hits: 0, expected: 0, rate: null, p: 1 },
      classes: [],
      rps: null,
      verdict: 'as expected',
      off: null,
    });
    expect(tellClassList(settleClassList([], seeded(1)))).toBe(
      'Of 0 scored 0 went as was called likeliest, 0.0 were expected: as expected.',
    );
  });

  it('is told to be off no oftener than once in a hundred where probabilities are true', () => {
    const random = seeded(5);
    const lists = 600;
    let off = 0;
    for (let list = 0; list < lists; list++) {
      const scores = Array.from({ length: 40 }, (_, i) => {
        const weights = CLASSES.map(() => random() ** 2 + 0.01);
        const sum = weights.reduce((all, each) => all + each, 0);
        const said = weights.map((weight) => weight / sum);
        const draw = random();
        return score(`p${i}`, said, draw < said[0] ? 0 : draw < said[0] + said[1] ? 1 : 2);
      });
      if (settleClassList(scores, () => 0).verdict !== 'as expected') off++;
    }
    // 6 expected at most; more than 13 would be unlikely by chance (binomial, 1 %).
    expect(off).toBeLessThanOrEqual(13);
    expect(off).toBeGreaterThan(0);
  });
});
