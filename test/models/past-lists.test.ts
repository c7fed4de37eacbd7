import { describe, expect, it } from 'vitest';
import { precisionAtCapacity } from '../../models/capacity.ts';
import { falseAlarms } from '../../models/false-alarms.ts';
import { seeded } from '../../models/index.ts';
import { pastLists } from '../../models/past-lists.ts';
import { trackRecord } from '../../models/track-record.ts';
import { setOf, someSet } from '../helpers/sets.ts';

/** Two lists of at most two places: a and b, then b alone. */
const set = setOf(
  ['a', 0, 1, 5],
  ['b', 0, 0, 9],
  ['c', 0, 1, 8],
  ['d', 0, 0, 1],
  ['a', 1, 0, 7],
  ['b', 1, 1, 6],
  ['c', 1, 0, 2],
);
const said = Float64Array.of(0.9, 0.8, 0.7, 0.1, 0.2, 0.3, 0.1);
const lists = pastLists(set.table, said, 0.25, 2);

describe('past lists', () => {
  it('are one per cutoff: the most probable, and as many of the quietest', () => {
    expect(lists.map(({ rows, listed, quietest }) => ({ rows, listed, quietest }))).toEqual([
      { rows: [0, 1, 2, 3], listed: [0, 1], quietest: [1, 2] },
      { rows: [4, 5, 6], listed: [5], quietest: [4] },
    ]);
  });
});

describe('precision at the capacity of the team', () => {
  const found = precisionAtCapacity(set, lists, 2, seeded(1));

  it('counts who was flagged and right, beside the quietest and anyone, and who was caught', () => {
    expect(found).toMatchObject({ capacity: 2, lists: 2, flagged: 3, hits: 2 });
    const value = (name: 'hitRate' | 'recencyRate' | 'anyoneRate' | 'aboveRecency' | 'caught') => found?.[name].value;
    expect(value('hitRate')).toBe(2 / 3);
    expect(value('recencyRate')).toBe(1 / 3);
    expect(value('anyoneRate')).toBe(3 / 7);
    expect(value('aboveRecency')).toBe(2 / 3 - 1 / 3);
    expect(value('caught')).toBe(2 / 3);
  });

  it('is the track record of the same lists', () => {
    const many = someSet(40, 6, 1);
    const probabilities = Float64Array.from(many.outcomes, (_, row) => ((row * 37) % 97) / 97);
    const record = trackRecord(
      many,
      { rows: [...many.outcomes.keys()], entities: many.table.entities, probabilities, outcomes: many.outcomes },
      0.25,
      5,
      seeded(1),
    );
    const judged = precisionAtCapacity(many, pastLists(many.table, probabilities, 0.25, 5), 5, seeded(1));
    expect(record).toMatchObject({ flagged: 30, hits: judged?.hits, hitRate: judged?.hitRate });
    expect([record?.recencyRate, record?.baseRate]).toEqual([judged?.recencyRate.value, judged?.anyoneRate.value]);
  });

  it('is nothing where nobody was flagged', () => {
    expect(precisionAtCapacity(set, pastLists(set.table, said, 0.95, 2), 2, seeded(1))).toBeNull();
  });
});

describe('false alarms', () => {
  const month = 30 / (365.25 / 4);

  it('are the flagged without the outcome, per quarter that a partner was at risk', () => {
    const found = falseAlarms(set, lists, seeded(1));
    expect(found?.count).toBe(1);
    // Seven rows, each of them 30 days until the next list.
    expect(found?.partnerQuarters).toBeCloseTo(7 * month, 12);
    expect(found?.perPartnerQuarter.value).toBeCloseTo(1 / (7 * month), 12);
    expect(found?.perPartnerQuarter.low).toBe(0);
  });

  it('count a row for the time until the next list, the last for as long as the one before', () => {
    const uneven = setOf(['a', 0, 0], ['a', 1, 0], ['a', 4, 0]);
    const none = pastLists(uneven.table, [0, 0, 0], 0.5, 1);
    expect(falseAlarms(uneven, none, seeded(1))?.partnerQuarters).toBeCloseTo((1 + 3 + 3) * month, 12);
  });

  it('of a single list count each row for the time that its outcome takes', () => {
    const single = setOf(['a', 0, 0], ['b', 0, 1]);
    const found = falseAlarms(single, pastLists(single.table, [0.9, 0.8], 0.5, 2), seeded(1));
    expect(found).toMatchObject({ count: 1 });
    expect(found?.partnerQuarters).toBeCloseTo(2 * 3 * month, 12);
  });

  it('are unknown without rows', () => {
    expect(falseAlarms(setOf(), [], seeded(1))).toBeNull();
  });
});
