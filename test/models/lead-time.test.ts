import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../features/index.ts';
import { blankNotes, seeded } from '../../models/index.ts';
import { leadTime } from '../../models/lead-time.ts';
import { pastLists } from '../../models/past-lists.ts';
import { cutoffOf, type HandRow, setOf } from '../helpers/sets.ts';

/**
 * The lead time of partners by the rows of each in turn: `!` flagged, `.` not, ` ` not at risk; `quiet` says at which
 * turns the outcome followed and how many days after the first cutoff it was plain.
 */
function lead(partners: Record<string, { flags: string; quiet: Record<number, number> }>) {
  const rows = Object.entries(partners).flatMap(([name, { flags, quiet }]) =>
    [...flags].flatMap((flag, turn): { row: HandRow; said: number; plain: number }[] =>
      flag === ' '
        ? []
        : [
            {
              row: [name, turn, turn in quiet ? 1 : 0],
              said: flag === '!' ? 0.9 : 0.1,
              plain: quiet[turn] ?? Number.NaN,
            },
          ],
    ),
  );
  const ordered = rows.toSorted((a, b) => a.row[1] - b.row[1]);
  const set = setOf(...ordered.map(({ row }) => row));
  const notes = blankNotes(ordered.length);
  ordered.forEach(({ plain }, i) => {
    notes.plainOn[i] = cutoffOf(0) + plain * DAY;
  });
  const lists = pastLists(
    set.table,
    ordered.map(({ said }) => said),
    0.5,
    12,
  );
  return leadTime(set, notes, lists, seeded(1));
}

/** Keeps the lists coming at every turn. */
const busy = { flags: '......', quiet: {} };

describe('lead time', () => {
  it('counts from the first list of the unbroken run to the day it was plain', () => {
    // Flagged on days 60, 90 and 120, silent in full on day 170.
    const found = lead({ busy, p: { flags: '..!!!.', quiet: { 3: 170, 4: 170 } } });
    expect(found).toMatchObject({ endings: 1, caught: 1, atLeast: 0 });
    expect(found?.medianDays?.value).toBe(110);
    expect(found?.never.value).toBe(0);
  });

  it('does not count warnings that were dropped, or that a list in between did not give', () => {
    expect(lead({ busy, p: { flags: '.!.!..', quiet: { 3: 170 } } })?.medianDays?.value).toBe(80);
    expect(lead({ busy, p: { flags: '.! !..', quiet: { 3: 170 } } })?.medianDays?.value).toBe(80);
  });

  it('a warning before its time that was dropped catches nothing', () => {
    const found = lead({ busy, p: { flags: '.!....', quiet: { 3: 170, 4: 170 } } });
    expect(found).toMatchObject({ endings: 1, caught: 0, medianDays: null });
    expect(found?.never.value).toBe(1);
  });

  it('a warning that comes when it is plain already catches nothing', () => {
    expect(lead({ busy, p: { flags: '...!..', quiet: { 3: 89 } } })).toMatchObject({ endings: 1, caught: 0 });
    expect(lead({ busy, p: { flags: '...!..', quiet: { 3: 90 } } })?.medianDays?.value).toBe(0);
  });

  it('a part of a day is no day', () => {
    expect(lead({ busy, p: { flags: '...!..', quiet: { 3: 170.9 } } })?.medianDays?.value).toBe(80);
  });

  it('counts every ending once, however many rows foretell it, and two of one partner as two', () => {
    const found = lead({ busy, p: { flags: '.!!.!.', quiet: { 1: 100, 2: 100, 4: 190 } } });
    expect(found).toMatchObject({ endings: 2, caught: 2 });
  });

  it('of those known by the first list it knows only that they were known for so long at least', () => {
    // More than 70 days, 80 and 90: of the two that are known to reach 80 days, half go beyond.
    const three = {
      busy,
      known: { flags: '!!....', quiet: { 1: 70 } },
      p: { flags: '.!....', quiet: { 1: 110 } },
      q: { flags: '.!....', quiet: { 1: 120 } },
    };
    const found = lead(three);
    expect(found).toMatchObject({ caught: 3, atLeast: 1 });
    expect(found?.medianDays?.value).toBe(80);
    // Two of more than 100 days leave the median open.
    const known = { flags: '!!....', quiet: { 1: 100 } };
    expect(lead({ ...three, known, other: known, third: known })?.medianDays).toBeNull();
  });

  it('where all leads are known, it is the middle one, the lesser of two', () => {
    const leads = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 7 });
    const property = fc.property(leads, (each) => {
      const caught = each.map((days, i) => [`p${i}`, { flags: '.!', quiet: { 1: 30 + days } }]);
      const middle = each.toSorted((a, b) => a - b)[Math.ceil(each.length / 2) - 1];
      expect(lead({ busy, ...Object.fromEntries(caught) })?.medianDays?.value).toBe(middle);
    });
    fc.assert(property, { numRuns: 30 });
  });

  it('the share that no list caught has its interval over partners', () => {
    const names = Array.from({ length: 30 }, (_, i) => `p${i}`);
    const found = lead({
      busy,
      ...Object.fromEntries(names.map((name, i) => [name, { flags: i < 10 ? '.!' : '..', quiet: { 1: 100 } }])),
    });
    expect(found?.never.value).toBeCloseTo(2 / 3, 12);
    expect(found?.never.low).toBeGreaterThan(0.45);
    expect(found?.never.high).toBeLessThan(0.85);
  });

  it('an ending whose day is not known is not counted, and without any there is nothing to tell', () => {
    expect(lead({ busy })).toBeNull();
    expect(lead({ busy, p: { flags: '.!', quiet: { 1: Number.NaN } } })).toBeNull();
  });
});
