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

  it('learns no more of a wait than had passed when the block began', () => {
    // Everybody waited 100 days: at most blocks that was not over for the latest of what is learnt from.
    const rows = set.outcomes.length;
    const waits = { from: new Float32Array(rows).fill(99), until: new Float32Array(rows).fill(100) };
    const [first] = rollingOrigin({ ...set, waits }, 4, 0.5);
    const began = Math.min(...first.check.table.cutoffs);
    const passed = Array.from(first.learn.table.cutoffs, (cutoff) => (began - cutoff) / DAY);
    expect(Math.min(...passed)).toBe(90);
    expect(Array.from(first.learn.waits?.from ?? [])).toEqual(passed.map((days) => Math.min(days, 99)));
    expect(Array.from(first.learn.waits?.until ?? [])).toEqual(
      passed.map((days) => (days < 100 ? Number.POSITIVE_INFINITY : 100)),
    );
    // What is looked at next is not cut short by that.
    expect(first.check.waits?.until.every((until) => until === 100)).toBe(true);
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

describe('folds of partners', () => {
  it('check every partner once, by what the others teach, at any time', () => {
    const set = someSet(20, 5, 1);
    const folds = rollingOrigin({ ...set, label: { ...set.label, foldsOfPartners: true } }, 6, 0.5);
    expect(folds).toHaveLength(6);
    const checked = folds.flatMap(({ checkRows }) => checkRows).sort((a, b) => a - b);
    expect(checked).toEqual([...set.outcomes.keys()]);
    for (const { learn, check, checkRows } of folds) {
      expect(learn.table.entities.filter((entity) => check.table.entities.includes(entity))).toEqual([]);
      expect(learn.outcomes.length + checkRows.length).toBe(set.outcomes.length);
    }
  });
});
