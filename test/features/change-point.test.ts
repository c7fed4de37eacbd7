import { describe, expect, it } from 'vitest';
import { findChange } from '../../features/change-point.ts';
import { seeded } from '../../models/index.ts';

describe('a change of level', () => {
  it('is found where it was planted, up or down', () => {
    const [low, high] = [new Array<number>(20).fill(1), new Array<number>(10).fill(6)];
    const up = findChange([...low, ...high], 4);
    expect(up).toMatchObject({ after: 10, ratio: 60.5 / 10 / (20.5 / 20) });
    // 20 in 20, 60 in 10, against 80 in 30.
    expect(up?.evidence).toBeCloseTo(2 * (60 * Math.log(6) - 80 * Math.log(80 / 30)), 9);
    expect(findChange([...high, ...low], 4)).toMatchObject({ after: 20, ratio: 20.5 / 20 / (60.5 / 10) });
  });

  it('is the first of several that are as likely, whatever rounding makes of them', () => {
    const at = (...weeks: number[]) => Array.from({ length: 52 }, (_, week) => Number(weeks.includes(week)));
    expect(findChange(at(2, 36, 44), 4)?.after).toBe(48);
    expect(findChange(at(0, 15, 39), 4)?.after).toBe(48);
    expect(findChange(new Array<number>(52).fill(5), 4)?.after).toBe(48);
  });

  it('may be from, or to, nothing at all', () => {
    const nothing = new Array<number>(20).fill(0);
    const busy = new Array<number>(10).fill(2);
    expect(findChange([...nothing, ...busy], 4)).toMatchObject({ after: 10, ratio: 20.5 / 10 / (0.5 / 20) });
    expect(findChange([...busy, ...nothing], 4)).toMatchObject({ after: 20, ratio: 0.5 / 20 / (20.5 / 10) });
  });

  it('leaves each side as long as it has to be', () => {
    const last = [0, 0, 0, 0, 0, 0, 0, 9];
    expect([1, 2, 3, 4].map((least) => findChange(last, least)?.after)).toEqual([1, 2, 3, 4]);
    expect(findChange(last, 5)).toBeNull();
    expect(findChange(last.toReversed(), 3)?.after).toBe(5);
  });

  it('is not to be had where nothing happened', () => {
    expect(findChange(new Array<number>(52).fill(0), 4)).toBeNull();
    expect(findChange([], 1)).toBeNull();
  });

  it('of a flat series has no evidence', () => {
    for (const level of [1, 3, 7]) {
      const change = findChange(new Array<number>(52).fill(level), 4);
      expect(change?.evidence).toBeGreaterThanOrEqual(0);
      expect(change?.evidence).toBeLessThan(1e-9);
      expect(change?.ratio).toBeCloseTo(1, 0);
    }
  });

  it.each([0.2, 1, 5])('of chance alone, %d a week, is clearer than 10 in one case of forty', (level) => {
    const random = seeded(3);
    const series = () => Array.from({ length: 52 }, () => poisson(level, random));
    const found = Array.from({ length: 4000 }, () => findChange(series(), 4)?.evidence ?? 0);
    const share = found.filter((evidence) => evidence > 10).length / found.length;
    expect(share).toBeGreaterThan(0.015);
    expect(share).toBeLessThan(0.035);
  });
});

/** Source: Knuth, The Art of Computer Programming, vol. 2, §3.4.1. */
function poisson(mean: number, random: () => number): number {
  let count = -1;
  for (let left = 1; left > Math.exp(-mean); left *= random()) count++;
  return count;
}
