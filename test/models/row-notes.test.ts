import { expect, it } from 'vitest';
import { DAY, type Profile } from '../../features/index.ts';
import { blankNotes, noteRows } from '../../models/index.ts';
import { columnsOf, programSince } from '../helpers/facts.ts';
import { cutoffOf, setOf } from '../helpers/sets.ts';

const [FIRST, SECOND] = [cutoffOf(0), cutoffOf(1)];
const PROGRAM = programSince(FIRST - 900 * DAY);

/** A reseller of EMEA that became gold between the two cutoffs, as was known a day later. */
const profile: Profile = {
  signed: [],
  agreements: [],
  attributes: [
    { attribute: 'type', value: 'reseller', validFrom: FIRST - 50 * DAY, knownAt: FIRST - 50 * DAY },
    { attribute: 'region', value: 'EMEA', validFrom: FIRST - 50 * DAY, knownAt: FIRST - 50 * DAY },
    { attribute: 'tier', value: 'gold', validFrom: FIRST + DAY, knownAt: FIRST + 2 * DAY },
  ],
};

it('rows are noted with the traits as known at their cutoff and the day that their outcome was plain', () => {
  const set = setOf(['p', 0, 0], ['q', 0, 1], ['p', 1, 1]);
  const notes = blankNotes(3);
  // Partners come in ranges, and not all of them have rows.
  const ranges = [
    columnsOf({ p: [{ at: FIRST - DAY }, { at: FIRST + 10 * DAY }], stranger: [{ at: FIRST - DAY }] }, { p: profile }),
    columnsOf({ q: [{ at: FIRST - 20 * DAY }] }),
  ];
  for (const columns of ranges) noteRows(notes, set, columns, PROGRAM, SECOND + 90 * DAY);
  expect(set.table.entities).toEqual(['p', 'q', 'p']);
  expect(notes.traits).toEqual({
    type: ['reseller', null, 'reseller'],
    region: ['EMEA', null, 'EMEA'],
    tier: [null, null, 'gold'],
  });
  expect([...notes.plainOn]).toEqual([Number.NaN, FIRST + 70 * DAY, FIRST + 100 * DAY]);
});
