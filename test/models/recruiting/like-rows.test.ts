import { expect, it } from 'vitest';
import { DAY } from '../../../features/index.ts';
import { seeded } from '../../../models/index.ts';
import { partsOf, withoutTime } from '../../../models/recruiting/like-rows.ts';
import { tableOf } from '../../helpers/sets.ts';

/** Sixty companies of two rows each; every fourth is positive. */
const rows = [...Array(120).keys()];
const table = { ...tableOf({ x: rows }), entities: rows.map((row) => `c${row % 60}`) };
const outcomes = Uint8Array.from(rows, (row) => Number((row % 60) % 4 === 0));

it('parts hold every row once, all rows of a company together, and each as many positive companies', () => {
  const parts = partsOf(table, outcomes, 5, seeded(1));
  expect(parts.flat().sort((a, b) => a - b)).toEqual(rows);
  for (const part of parts) {
    expect(part.toSorted((a, b) => a - b)).toEqual(part);
    expect(part.every((row) => part.includes((row + 60) % 120))).toBe(true);
    expect(part.filter((row) => outcomes[row] === 1)).toHaveLength(2 * 3);
  }
});

it('rows without time are dealt onto ten days, each with its share of either outcome, in the order of the days', () => {
  const set = withoutTime(table, outcomes, seeded(1));
  const days = [...set.table.cutoffs].map((cutoff) => cutoff / DAY);
  expect(days).toEqual(days.toSorted((a, b) => a - b));
  for (let day = 0; day < 10; day++) {
    const ofDay = [...set.outcomes].filter((_, row) => days[row] === day);
    expect([ofDay.length, ofDay.filter((outcome) => outcome === 1).length]).toEqual([12, 3]);
  }
});
