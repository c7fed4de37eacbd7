import { describe, expect, it } from 'vitest';
import { type Performance, tellTop } from '../../../models/index.ts';
import { OTHER, TOP, UNSETTLED } from '../../../models/recruiting/top-partners.ts';

/** Partners of one age, worth these. */
function aged(years: number, values: readonly (number | null)[], group = ''): Performance[] {
  return values.map((value, i) => ({ partnerId: `${group}${years}-${i}`, tenureDays: 365 * years + 1, value, group }));
}

const upTo = (count: number, times = 1) => Array.from({ length: count }, (_, i) => times * (i + 1));

describe('top partners', () => {
  it('are the best quarter of each age, however much more older ones bring', () => {
    const { standing, verdict } = tellTop([...aged(1, upTo(20)), ...aged(3, upTo(20, 100))]);
    expect(verdict).toBe('found');
    const best = upTo(20).map((value) => (value > 15 ? TOP : OTHER));
    expect([...standing]).toEqual([...best, ...best]);
  });

  it('are told within their group where it has enough members', () => {
    const { standing } = tellTop([...aged(1, upTo(20), 'a'), ...aged(1, upTo(20, 100), 'b')]);
    expect(standing.filter((each) => each === TOP)).toHaveLength(10);
    expect(standing.slice(0, 20).filter((each) => each === TOP)).toHaveLength(5);
  });

  it('are not told of those who are too young or of whom nothing is known', () => {
    const young = { partnerId: 'young', tenureDays: 100, value: 1000 };
    const { standing } = tellTop([...aged(1, upTo(20)), young, ...aged(1, [null])]);
    expect([...standing.slice(20)]).toEqual([UNSETTLED, UNSETTLED]);
  });

  it('never are who brought nothing', () => {
    const { standing } = tellTop(aged(1, [...upTo(20).map(() => 0), 1, 2, 3, 4, 5]));
    expect(standing.filter((each) => each === TOP)).toHaveLength(5);
  });

  it.each([
    [
      'nobody is old enough',
      upTo(30).map((value) => ({ partnerId: `${value}`, tenureDays: 20, value })),
      'none yet',
      /of 0 partners/,
    ],
    [
      'hardly anybody brought anything',
      aged(1, [...upTo(30).map(() => 0), 5, 5, 5, 5]),
      'none yet',
      /4 brought anything/,
    ],
    ['there is nobody', [], 'none yet', /no top performers yet/],
    [
      'all bring the same',
      aged(
        1,
        upTo(30).map(() => 7),
      ),
      'alike',
      /All partners are alike/,
    ],
  ] as const)('cannot be told where %s', (_, performances, verdict, says) => {
    const told = tellTop(performances);
    expect([told.verdict, told.says]).toEqual([verdict, expect.stringMatching(says)]);
    expect([...told.standing].every((each) => each === UNSETTLED)).toBe(true);
  });
});
