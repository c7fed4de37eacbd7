import { expect, it } from 'vitest';
import type { Estimator } from '../../../models/estimator.ts';
import { logistic } from '../../../models/estimators/logistic.ts';
import { seeded } from '../../../models/index.ts';
import { bagged } from '../../../models/recruiting/bagging.ts';
import { withoutTime } from '../../../models/recruiting/like-rows.ts';
import { tableOf } from '../../helpers/sets.ts';

it('each member learns from all positives and as many of the rest, drawn anew', async () => {
  const rows = [...Array(60).keys()];
  const outcomes = Uint8Array.from(rows, (row) => Number(row < 20));
  const set = withoutTime(tableOf({ x: rows.map((row) => row % 7) }), outcomes, seeded(1));
  const learnt: string[][] = [];
  const member: Estimator = {
    name: 'logistic',
    fit(bag, random) {
      expect(bag.outcomes.filter((outcome) => outcome === 1)).toHaveLength(20);
      expect(bag.outcomes).toHaveLength(40);
      learnt.push([...bag.table.entities].sort());
      return logistic.fit(bag, random);
    },
  };
  await bagged(member, 4).fit(set, seeded(1));
  const positives = rows.filter((row) => row < 20).map((row) => `p${row}`);
  for (const bag of learnt) expect(bag).toEqual(expect.arrayContaining(positives));
  expect(new Set(learnt.map((bag) => bag.join())).size).toBe(4);
});
