import { describe, expect, it } from 'vitest';
import { seeded, tellTrackRecord } from '../../models/index.ts';
import { reviewList } from '../../models/review-list.ts';
import { trackRecord } from '../../models/track-record.ts';
import { someSet } from '../helpers/sets.ts';

it('the list holds the most probable, as many as can be called, and nobody below the band', () => {
  expect(reviewList([0.3, 0.9, 0.24, 0.5, 0.5], 0.25, 3)).toEqual([1, 3, 4]);
  expect(reviewList([0.1, 0.2], 0.25, 3)).toEqual([]);
});

describe('the track record', () => {
  const set = someSet(6, 2, 1);
  const rows = [...set.outcomes.keys()];
  const { entities } = set.table;
  // Six partners at each of two cutoffs; at each, the first two are flagged.
  const probabilities = Float64Array.from(rows, (row) => [0.9, 0.8, 0.1, 0.1, 0.1, 0.1][row % 6]);
  const outcomes = Uint8Array.from(rows, (row) => [1, 0, 1, 0, 0, 0][row % 6]);
  const record = trackRecord(set, { rows, entities, probabilities, outcomes }, 0.25, 12, seeded(1));

  it('counts the hits of every past list, beside the rule with as many calls and beside calling anyone', () => {
    expect(record).toMatchObject({ lists: 2, flagged: 4, hits: 2, capacity: 12, baseRate: 1 / 3 });
    expect(record?.hitRate.value).toBe(0.5);
    expect(record?.hitRate.low).toBeLessThanOrEqual(0.5);
  });

  it('the rule calls the quietest', () => {
    const recency = set.table.columns[0];
    const quietest = [0, 6].flatMap((first) =>
      [0, 1, 2, 3, 4, 5]
        .map((i) => first + i)
        .sort((a, b) => recency[b] - recency[a] || a - b)
        .slice(0, 2),
    );
    expect(record?.recencyRate).toBe(quietest.filter((row) => outcomes[row]).length / 4);
  });

  it('is told in a sentence', () => {
    expect(
      tellTrackRecord({
        lists: 10,
        flagged: 120,
        partners: 80,
        hits: 47,
        hitRate: { value: 47 / 120, low: 0.31, high: 0.48 },
        recencyRate: 0.28,
        baseRate: 0.11,
        capacity: 12,
      }),
    ).toBe(
      'Of the last 120 flagged like this, 47 went quiet (39 %, 31–48); the quietest-first rule would have hit 28 %, calling anyone 11 %. ' +
        'They were 80 partners, some flagged more than once.',
    );
  });

  it('is not known when no list would have had anybody', () => {
    const none = trackRecord(
      set,
      { rows, entities, probabilities: probabilities.map(() => 0.1), outcomes },
      0.25,
      12,
      seeded(1),
    );
    expect(none).toBeNull();
    expect(tellTrackRecord(none)).toMatch(/is not known/);
  });
});
