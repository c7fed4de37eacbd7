import { expect, it } from 'vitest';
import { logistic } from '../../models/estimators/logistic.ts';
import { seeded } from '../../models/index.ts';
import { NAMES, someSet, withColumns } from '../helpers/sets.ts';

it('does not run away: beyond what it learnt from, a value counts as the outermost that was', async () => {
  const set = someSet(60, 12, 1);
  const model = await logistic.fit(set, seeded(4));
  for (const [place, name] of NAMES.entries()) {
    const known = set.table.columns[place].filter((value) => !Number.isNaN(value));
    const outermost = known.reduce((a, b) => Math.max(a, b));
    const at = (value: number) => {
      const columns = set.table.columns.map((values, i) =>
        i === place ? new Float32Array(values.length).fill(value) : values,
      );
      return model.predict(withColumns(set, NAMES, columns).table);
    };
    expect(at(outermost + 1e6), name).toEqual(at(outermost));
  }
});
