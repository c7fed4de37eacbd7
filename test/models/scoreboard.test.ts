import { describe, expect, it } from 'vitest';
import { seeded, settleList, tellList } from '../../models/index.ts';

const score = (probability: number, outcome: boolean | null, listed = true, width = 0) => ({
  probability,
  low: probability * (1 - width),
  high: Math.min(1, probability * (1 + width)),
  listed,
  outcome,
});

describe('a list whose time is over', () => {
  it('is counted by hand', () => {
    const result = settleList([
      score(0.5, true),
      score(0.4, false),
      score(0.6, null),
      score(0.1, false, false),
      score(0.2, true, false),
    ]);
    expect(result.listed).toMatchObject({ settled: 2, hits: 1, expected: 0.9 });
    // One or two of .5 and .4: 1 − .5·.6.
    expect(result.listed.p).toBeCloseTo(0.7, 12);
    expect(result.everyone).toMatchObject({ settled: 4, hits: 2 });
    expect(result.everyone.expected).toBeCloseTo(1.2, 12);
    expect(result.verdict).toBe('as expected');
    expect(tellList(result)).toMatch(
      /^Of 2 listed 1 went quiet \(50 %, 9–91\), 0\.9 were expected; of all 4 scored 2, 1\.2 were expected: as expected\.$/,
    );
  });

  it('is off where chance does not explain it, and not where its intervals do', () => {
    const many = (outcome: (i: number) => boolean, width: number) =>
      settleList(Array.from({ length: 100 }, (_, i) => score(0.2, outcome(i), i < 10, width))).verdict;
    expect(many((i) => i < 50, 0)).toBe('more than expected');
    expect(many((i) => i < 3, 0)).toBe('fewer than expected');
    expect(many((i) => i % 5 === 0, 0)).toBe('as expected');
    // Everyone at twice what was said, which the intervals allow.
    expect(many((i) => i % 10 < 4, 0)).toBe('more than expected');
    expect(many((i) => i % 10 < 4, 1)).toBe('as expected');
  });

  it('is off beyond a quarter of one in a hundred: it is looked at twice, from both sides', () => {
    expect(settleList([score(0.002, true)]).verdict).toBe('more than expected');
    expect(settleList([score(0.003, true)]).verdict).toBe('as expected');
  });

  it('of nobody is as expected', () => {
    expect(settleList([])).toMatchObject({ listed: { settled: 0, rate: null, p: 1 }, verdict: 'as expected' });
  });

  it('is told to be off no oftener than once in a hundred where probabilities are true', () => {
    const random = seeded(5);
    const lists = 1500;
    let off = 0;
    for (let list = 0; list < lists; list++) {
      const scores = Array.from({ length: 60 }, (_, i) => {
        const p = random() ** 2;
        return score(p, random() < p, i < 12);
      });
      if (settleList(scores).verdict !== 'as expected') off++;
    }
    // 15 expected at most; more than 26 would be unlikely by chance.
    expect(off).toBeLessThanOrEqual(26);
    expect(off).toBeGreaterThan(0);
  });
});
