import { describe, expect, it } from 'vitest';
import { quietSeason } from '../../features/quiet-season.ts';
import { seeded } from '../../models/index.ts';
import type { SomeEvent } from '../helpers/facts.ts';
import { daysBefore, historyOf, many } from '../helpers/one-partner.ts';

const VISIT = { kind: 'portal.login' };
const signed = [{ at: daysBefore(1500), knownAt: daysBefore(1500) }];

/** So many visits in each 30 days, the last first. */
const visits = (...months: number[]): SomeEvent[] => months.flatMap((count, i) => many(count, 30 * i + 15, VISIT));
const seasonOf = (events: readonly SomeEvent[], trackedDays = 1095) =>
  quietSeason(historyOf(events, { signed, trackedDays }));
/** A year, the last month first, with a quiet time that ended 210 days ago. */
const YEAR = [6, 6, 6, 6, 6, 6, 6, 1, 0, 1, 6, 6];

/** Three years of visits whose months are drawn: a mean for each, and how many come at once. */
function drawn(mean: (month: number) => number, random: () => number, atOnce = 1): SomeEvent[] {
  const poisson = (expected: number) => {
    let count = 0;
    for (let product = random(); product > Math.exp(-expected); product *= random()) count++;
    return count;
  };
  return visits(...Array.from({ length: 36 }, (_, month) => atOnce * poisson(mean(month) / atOnce)));
}

/** How many of so many drawn partners are told to be seasonal, known not to be, and neither. */
function told(partners: number, events: (random: () => number) => SomeEvent[]): { yes: number; no: number } {
  const random = seeded(11);
  const seasons = Array.from({ length: partners }, () => seasonOf(events(random)));
  return { yes: seasons.filter(Boolean).length, no: seasons.filter((season) => season === null).length };
}

describe('the quiet season', () => {
  it('is told with its years and what was seen in it and around it', () => {
    // Two signs of life in each of the two seasons, 18 before and 18 after.
    expect(seasonOf(visits(...YEAR, ...YEAR, 6))).toEqual({ years: 2, within: 4, around: 36, isNow: false });
  });

  it('is not told from one year, however plain; of many that could be it is not said that there is none', () => {
    expect(seasonOf(visits(...YEAR, 6, 6, 6, 6, 6), 500)).toBeUndefined();
    expect(seasonOf(visits(...new Array<number>(13).fill(20), 0, 0, 0, 20, 20, 20), 600)).toBeUndefined();
  });

  it('is known not to be where a quiet time did not come again, or never was', () => {
    const busy = new Array<number>(12).fill(6);
    expect(seasonOf(visits(...busy, ...YEAR, ...busy))).toBeNull();
    expect(seasonOf(visits(...busy, ...busy, ...busy))).toBeNull();
  });

  it('is not told of one that was quiet once and has left since: the years after show no return', () => {
    const away = new Array<number>(15).fill(0);
    expect(seasonOf(visits(...away, 20, 20, 20, 20, 20, 20, 0, 0, 0, ...new Array<number>(12).fill(20)))).toBeFalsy();
  });

  it('cannot be told of one that is seldom seen, nor of one never seen or not tracked', () => {
    const seldom = Array.from({ length: 36 }, (_, month) => Number(month % 9 === 0));
    expect(seasonOf(visits(...seldom))).toBeUndefined();
    expect(seasonOf([])).toBeUndefined();
    expect(seasonOf(visits(...YEAR, ...YEAR, ...YEAR), 0)).toBeUndefined();
  });

  it('is one of what a partner does: deals decided in the meantime do not fill it', () => {
    // In the quiet months what was registered before is won and lost.
    const decided = YEAR.flatMap((count, i) => (count === 6 ? [] : [30 * i + 15, 30 * i + 380]));
    const outcomes = (kind: string) => decided.flatMap((days) => many(4, days, { kind }));
    const events = [...visits(...YEAR, ...YEAR, ...YEAR), ...outcomes('deal.won'), ...outcomes('deal.lost')];
    expect(seasonOf(events)).toMatchObject({ within: 6, years: 3 });
  });

  it('is found in nine of ten that have one and are seen ten times a month, in none of 300 that have none', () => {
    const inSeason = (month: number) => [3, 4, 5].includes(month % 12);
    expect(told(100, (random) => drawn((month) => (inSeason(month) ? 1.5 : 10), random)).yes).toBeGreaterThan(90);
    const { yes, no } = told(300, (random) => drawn(() => 10, random));
    expect(yes).toBe(0);
    expect(no).toBeGreaterThan(240);
  });

  it('is not read into bursts: twelve visits at once, with months between', () => {
    const bursts = told(300, (random) => drawn(() => 6, random, 12));
    expect(bursts.yes).toBeLessThanOrEqual(1);
  });
});
