import { describe, expect, it } from 'vitest';
import { formatDay } from '../../features/index.ts';
import { readWeeklyTable } from '../../pipelines/index.ts';

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const read = (text: string, law: 'counts' | 'amounts' = 'counts') => readWeeklyTable(bytes(text), law);
const days = async (text: string) => Array.from((await read(text)).set.periods, formatDay);

describe('a table of weekly series', () => {
  it('lays series on one calendar; a missing row and an empty count are unknown, not none', async () => {
    const { set, rows } = await read('note,week,series,count\nx,3,b,7\nx,1,a,0\nx,2,a,\nx,3,a,2\n');
    expect(set.ids).toEqual(['b', 'a']);
    expect([...set.values]).toEqual([Number.NaN, Number.NaN, 7, 0, Number.NaN, 2]);
    expect(rows.map(({ series, week, place }) => `${series} ${week} ${place}`)).toEqual([
      'b 3 2',
      'a 1 3',
      'a 2 4',
      'a 3 5',
    ]);
  });

  it('reads dates and ISO weeks, week 53 of the years that have one', async () => {
    expect(await days('series,week,count\na,2026-02-09,1\na,2026-02-16,1\n')).toEqual(['2026-02-09', '2026-02-16']);
    expect(await days('series,week,count\na,2020-W53,1\na,2021-W01,1\n')).toEqual(['2020-12-28', '2021-01-04']);
    // Over both changes of the clocks.
    expect((await days('series,week,count\na,2026-03-23,1\na,2026-11-02,1\n')).length).toBe(33);
  });

  it.each([
    ['', /is empty; its first line should be series,week,count/],
    ['series,week,count\n', /a header and no rows/],
    ['serie,week,count\na,1,1\n', /no column "series"; it has "serie" \(did you mean "series"\?\)/],
    ['series,week,count,week\na,1,1,1\n', /names "week" twice/],
    ['series,week,count\na,1,-1\n', /Line 2 has the count "-1"; counts are whole numbers from 0 on/],
    ['series,week,count\na,1,1\na,2,1.5\n', /Line 3 has the count "1.5".*--amounts/],
    ['series,week,count\na,1,many\n', /"many"/],
    ['series,week,count\na,1,1e999\n', /"1e999"/],
    ['series,week,count\n,1,1\n', /Line 2 names no series/],
    ['series,week,count\na,first,1\n', /Line 2 has the week "first"; write a whole number \(12\)/],
    ['series,week,count\na,2021-W53,1\n', /"2021-W53"/],
    ['series,week,count\na,2026-02-30,1\n', /"2026-02-30"/],
    ['series,week,count\na,2026-02-09,1\na,2026-02-17,1\n', /must begin on the same day of the week/],
    ['series,week,count\na,2026-02-09,1\na,7,1\n', /number all weeks or date all/],
    ['series,week,count\na,1,1\nb,1,1\na,1,2\n', /Line 4 has week 1 of series a again; line 2 has it already/],
    ['series,week,count\na,1,1\na,99999,1\n', /over 99999 weeks .* Is a week mistyped\?/],
  ])('refuses %j', async (text, words) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'DATA_REFUSED', message: expect.stringMatching(words) });
  });

  it('takes amounts where it is told to', async () => {
    expect([...(await read('series,week,count\na,1,1.5\n', 'amounts')).set.values]).toEqual([1.5]);
    await expect(read('series,week,count\na,1,-1.5\n', 'amounts')).rejects.toThrow(/amounts are numbers from 0 on/);
  });
});
