import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, formatDay } from '../../../features/index.ts';
import { heardFeeds, silentFeeds, silentSources } from '../../../models/anomalies/silent-feeds.ts';
import { WEEK_ONE } from '../../helpers/weeks.ts';

const WEEKS = 10;
/** Ten a working day and none at weekends, but for days that say otherwise. */
function feed(name: string, days: Record<number, number> = {}, usual = 10) {
  const daily = Float64Array.from({ length: 7 * WEEKS }, (_, day) => days[day] ?? (day % 7 < 5 ? usual : 0));
  return { feed: name, daily };
}
const lastWeek = 7 * (WEEKS - 1);
const silences = (...feeds: ReturnType<typeof feed>[]) =>
  silentFeeds(feeds, WEEK_ONE, WEEK_ONE + lastWeek * DAY, WEEK_ONE + 7 * WEEKS * DAY);

describe('a feed is silent', () => {
  it('when two working days bring nothing where ten each were expected', () => {
    const [silence, ...others] = silences(feed('portal', { [lastWeek + 1]: 0, [lastWeek + 2]: 0 }));
    expect(others).toEqual([]);
    expect(silence).toMatchObject({ entity: 'portal', expected: 20 });
    expect([formatDay(silence.from), formatDay(silence.to)]).toEqual(['2024-03-05', '2024-03-07']);
  });

  it('not on weekends, not for one day of ten, and not while anything comes', () => {
    expect(silences(feed('portal'))).toEqual([]);
    expect(silences(feed('portal', { [lastWeek + 1]: 0 }))).toEqual([]);
    expect(silences(feed('portal', { [lastWeek + 1]: 0, [lastWeek + 2]: 1, [lastWeek + 3]: 0 }))).toEqual([]);
  });

  it('not when it never brought enough, nor before four weeks were seen', () => {
    expect(silences(feed('funds', { [lastWeek]: 0, [lastWeek + 1]: 0, [lastWeek + 2]: 0 }, 1))).toEqual([]);
    const seenFor = (weeks: number) => {
      const daily = Float64Array.from({ length: 7 * (weeks + 1) }, (_, day) => (day < 7 * weeks ? 10 : 0));
      return silentFeeds([{ feed: 'portal', daily }], WEEK_ONE, WEEK_ONE + 7 * weeks * DAY, Number.POSITIVE_INFINITY);
    };
    expect(seenFor(3)).toEqual([]);
    expect(seenFor(4)).toMatchObject([{ expected: 70 }]);
  });

  it('whose silence began weeks ago is measured by the weeks before it', () => {
    const days = Object.fromEntries(Array.from({ length: 42 }, (_, i) => [lastWeek - 35 + i, 0]));
    expect(silences(feed('portal', days))).toMatchObject([{ expected: 300, from: WEEK_ONE + (lastWeek - 37) * DAY }]);
  });

  it('only when all its days are: whatever comes, a silence holds none of it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 7 * WEEKS, maxLength: 7 * WEEKS }), (days) => {
        const daily = Float64Array.from(days, (count) => 8 * Math.max(0, count - 1));
        for (const { from, to, expected } of silentFeeds(
          [{ feed: 'a', daily }],
          WEEK_ONE,
          0,
          Number.POSITIVE_INFINITY,
        )) {
          const [first, end] = [(from - WEEK_ONE) / DAY, (to - WEEK_ONE) / DAY];
          expect(daily.slice(first, end).every((count) => count === 0)).toBe(true);
          expect(expected).toBeGreaterThanOrEqual(12);
        }
      }),
    );
  });
});

describe('a source is silent', () => {
  const quiet = (name: string) => feed(name, { [lastWeek + 1]: 0, [lastWeek + 2]: 0 });
  const sources = new Map([['crm', ['business', 'support', 'funds']]]);
  const heard = (...feeds: ReturnType<typeof feed>[]) => heardFeeds(feeds, WEEK_ONE, WEEK_ONE + lastWeek * DAY);

  it('when all its feeds that can be heard are: one silence and not one of each', () => {
    const feeds = [quiet('business'), quiet('support'), feed('funds', {}, 1), feed('portal')];
    expect([...heard(...feeds)]).toEqual(['business', 'support', 'portal']);
    expect(silentSources(silences(...feeds), sources, heard(...feeds))).toMatchObject([
      { entity: 'crm', feeds: ['business', 'support'], expected: 40 },
    ]);
  });

  it('not while one of them speaks, and not when it brings but one', () => {
    const feeds = [quiet('business'), feed('support')];
    expect(silentSources(silences(...feeds), sources, heard(...feeds))).toMatchObject([{ entity: 'business' }]);
    const one = new Map([['crm', ['business']]]);
    expect(silentSources(silences(...feeds), one, heard(...feeds))).toMatchObject([{ entity: 'business' }]);
  });
});
