import { describe, expect, it } from 'vitest';
import { DAY } from '../../features/index.ts';
import { rollingOrigin } from '../../models/folds.ts';
import { someSet } from '../helpers/sets.ts';

describe('rolling origin', () => {
  const set = someSet(40, 16, 1);
  const folds = rollingOrigin(set, 4, 0.5);

  it('checks the later half in blocks, every row once', () => {
    expect(folds).toHaveLength(4);
    const rows = folds.flatMap(({ checkRows }) => checkRows);
    const cutoffs = [...new Set(set.table.cutoffs)].sort((a, b) => a - b);
    expect(new Set(rows).size).toBe(rows.length);
    expect(new Set(rows.map((row) => set.table.cutoffs[row]))).toEqual(new Set(cutoffs.slice(8)));
  });

  it('learns only from outcomes that had matured when the block began', () => {
    for (const { learn, check } of folds) {
      const last = Math.max(...learn.table.cutoffs);
      expect(last + 90 * DAY).toBeLessThanOrEqual(Math.min(...check.table.cutoffs));
    }
  });

  it('carries the rows it names', () => {
    const [{ check, checkRows }] = folds;
    expect(check.table.entities).toEqual(checkRows.map((row) => set.table.entities[row]));
    expect([...check.outcomes]).toEqual(checkRows.map((row) => set.outcomes[row]));
  });

  it('leaves out blocks with nothing matured to learn from', () => {
    expect(rollingOrigin(someSet(10, 3, 1), 4, 0.9)).toEqual([]);
  });
});
