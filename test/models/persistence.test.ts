import { expect, it } from 'vitest';
import type { ClassSet } from '../../models/classes.ts';
import { persistence } from '../../models/estimators/persistence.ts';
import { seeded } from '../../models/index.ts';
import { tableOf } from '../helpers/sets.ts';

/** Lately 8 events of 13 or of 18 in the year: 8 after about 5 is growth, 8 after about 10 is none. */
const [GREW, HELD, UNKNOWN] = [13, 18, Number.NaN];

function setOf(rows: readonly [year: number, outcome: number][]): ClassSet {
  const table = tableOf({ events_180d: rows.map(() => 8), events_365d: rows.map(([year]) => year) });
  const outcomes = Uint8Array.from(rows, ([, outcome]) => outcome);
  return { table, outcomes, label: { gapDays: 0, horizonDays: 180 }, classes: ['churn', 'stagnate', 'grow'] };
}

const times = (count: number, ...row: [year: number, outcome: number]) => Array.from({ length: count }, () => row);

it('says what came after the same past, thin pasts held towards everyone by ten rows', async () => {
  // 40 rows of everyone: churn 4, stagnate 20, grow 16.
  const set = setOf([
    ...times(5, GREW, 1),
    ...times(15, GREW, 2),
    ...times(4, HELD, 0),
    ...times(15, HELD, 1),
    ...times(1, HELD, 2),
  ]);
  const said = (await persistence.fit(set, seeded(1))).predict(
    setOf([
      [GREW, 0],
      [HELD, 0],
      [UNKNOWN, 0],
    ]).table,
  );
  const rows = [0, 1, 2].map((row) => said.map((ofClass) => ofClass[row]));
  const expected = [
    [1 / 30, 10 / 30, 19 / 30],
    [5 / 30, 20 / 30, 5 / 30],
    [0.1, 0.5, 0.4],
  ];
  rows.forEach((ofRow, i) => {
    ofRow.forEach((p, k) => {
      expect(p).toBeCloseTo(expected[i][k], 12);
    });
  });
});

it('takes a quarter more and three more, of as many days, for growth', async () => {
  const set = setOf([...times(20, GREW, 2), ...times(20, HELD, 1), ...times(2, HELD, 0)]);
  const { predict } = await persistence.fit(set, seeded(1));
  // 8 in 180 days, and 5.14 in the 185 before are 5 in 180: just 3 fewer.
  const grows = (year: number) => predict(setOf([[year, 0]]).table)[2][0] > 0.5;
  expect([13.1, 13.2].map(grows)).toEqual([true, false]);
});
