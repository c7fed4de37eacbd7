import { describe, expect, it } from 'vitest';
import { isExplained, logit } from '../../models/estimator.ts';
import { loadModel } from '../../models/estimators/index.ts';
import { busiestRule, newestRule } from '../../models/estimators/order-rule.ts';
import { seeded } from '../../models/index.ts';
import { NAMES, someSet, withColumns } from '../helpers/sets.ts';

const SOME = someSet(60, 12, 1);
const days = SOME.table.columns[NAMES.indexOf('recency_days')];
/** In it the rarest have the outcome most often, and the quietest. */
const SET = withColumns(
  SOME,
  [...NAMES, 'signed_days', 'events_ever'],
  [...SOME.table.columns, days.map((each) => 91 - each), days.map((each, row) => (row % 7 === 0 ? Number.NaN : each))],
);

describe.each([
  ['newest-rule', newestRule, 'signed_days', -1],
  ['busiest-rule', busiestRule, 'events_ever', 1],
] as const)('%s', (name, estimator, feature, sign) => {
  const values = SET.table.columns[SET.table.names.indexOf(feature)];

  it('ranks by its feature alone, and by nothing but the order', async () => {
    const said = (await estimator.fit(SET, seeded(1))).predict(SET.table);
    for (let row = 1; row < said.length; row++) {
      const [here, before] = [values[row], values[row - 1]];
      if (Number.isNaN(here + before)) continue;
      expect(Math.sign(said[row] - said[row - 1])).toBe(sign * Math.sign(here - before) + 0);
    }
  });

  it('tells why, and is itself again when saved and loaded', async () => {
    const model = await estimator.fit(SET, seeded(1));
    const loaded = loadModel(JSON.parse(JSON.stringify(model.save())));
    expect([...loaded.predict(SET.table)]).toEqual([...model.predict(SET.table)]);
    if (!isExplained(loaded)) throw new Error(`${name} gives no reasons`);
    const { intercept, contributions, features } = loaded.explain(SET.table, [0, 1, 2]);
    expect(features).toEqual([feature]);
    contributions.forEach(([own], row) => {
      expect(intercept + own).toBeCloseTo(logit(model.predict(SET.table)[row]), 9);
    });
  });

  it('with the order the wrong way round says the same of all, nearly', async () => {
    const turned = { ...SET, outcomes: SET.outcomes.map((_, row) => Number(values[row] * sign < 20 * sign)) };
    const said = (await estimator.fit(turned, seeded(1))).predict(SET.table);
    expect(Math.max(...said) - Math.min(...said)).toBeLessThan(1e-4);
  });
});
