import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureTable } from '../../../features/index.ts';
import { binTable } from '../../../models/estimators/boosting/bin-table.ts';
import { learnEdges, MOST_KNOWN_BINS } from '../../../models/estimators/boosting/bins.ts';
import { callCrew } from '../../../models/estimators/boosting/crew.ts';
import { someSet, tableOf } from '../../helpers/sets.ts';

const edges = (...values: number[]) => learnEdges(Float32Array.from(values), MOST_KNOWN_BINS);
const binned = (table: FeatureTable) => binTable(table, MOST_KNOWN_BINS, callCrew(1));
const U = Number.NaN;

describe('bins', () => {
  it('part neighbouring values half-way, whatever their order and however often they come', () => {
    expect([...edges(4, 1, 2, 2, 1, 4)]).toEqual([1.5, 3]);
  });

  it('are of what is known', () => {
    expect([...edges(U, 1, U, 3)]).toEqual([2]);
    expect([...edges(U, 5, 5)]).toEqual([]);
  });

  it('are none where nothing varies', async () => {
    const { bins } = await binned(tableOf({ a: [7, 7, 7], b: [U, U, U], c: [7, U, 7] }));
    expect(bins.map(({ feature }) => feature)).toEqual(['c']);
  });

  it('stand in the order of the features’ names', async () => {
    const { bins } = await binned(tableOf({ b: [1, 2], a: [3, 4] }));
    expect(bins.map(({ feature }) => feature)).toEqual(['a', 'b']);
  });

  it('are 255 where there are many values, and as good as equally full', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => Math.fround(Math.sin(i) * 1000));
    const found = edges(...values);
    expect(found).toHaveLength(254);
    const inBin = new Array<number>(255).fill(0);
    for (const value of values) inBin[found.filter((edge) => edge < value).length]++;
    expect(Math.min(...inBin)).toBeGreaterThan(30);
    expect(Math.max(...inBin)).toBeLessThan(50);
  });

  it('spend one on a value that most rows have, and the rest on the others', () => {
    const values = [...new Array<number>(9000).fill(0), ...Array.from({ length: 1000 }, (_, i) => i + 1)];
    const found = edges(...values);
    expect(found[0]).toBe(0.5);
    expect(found).toHaveLength(254);
  });
});

describe('rows in bins', () => {
  /** The bins of each row as they are listed, features without an entry at their usual bin. */
  async function listed(table: FeatureTable): Promise<number[][]> {
    const { rows, offsets, usual, unusual, begins } = (await binned(table)).binned;
    return Array.from({ length: rows }, (_, row) => {
      const bins = [...usual];
      for (const bin of unusual.subarray(begins[row], begins[row + 1])) {
        bins[offsets.findLastIndex((offset) => offset <= bin)] = bin;
      }
      return bins.map((bin, f) => bin - offsets[f]);
    });
  }

  it('hold 0 for unknown, 1 for the lowest values and so on', async () => {
    expect(await listed(tableOf({ a: [U, 1, 2, 4, 2], b: [0, 0, 0, 0, 9] }))).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
      [2, 2],
    ]);
  });

  it('list what is not usual only', async () => {
    const { unusual, usual } = (await binned(tableOf({ a: [0, 0, 0, 5] }))).binned;
    expect([[...usual], [...unusual]]).toEqual([[1], [2]]);
  });

  it('are the same by cell and by list, of any numbers', async () => {
    const number = fc.oneof(fc.constantFrom(U, 0, 1, 511, 512, -1), fc.float({ noDefaultInfinity: true, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(number, number), { minLength: 2, maxLength: 60 }), async (pairs) => {
        const table = tableOf({ a: pairs.map(([a]) => a), b: pairs.map(([, b]) => b) });
        const {
          bins,
          binned: { cells, rows },
        } = await binned(table);
        const byHand = bins.map(({ feature, edges: own }) =>
          [...table.columns[table.names.indexOf(feature)]].map((value) =>
            Number.isNaN(value) ? 0 : 1 + own.filter((edge) => edge < value).length,
          ),
        );
        expect(bins.map((_, f) => [...cells.subarray(f * rows, (f + 1) * rows)])).toEqual(byHand);
        expect(await listed(table)).toEqual(
          Array.from({ length: rows }, (_, row) => byHand.map((column) => column[row])),
        );
      }),
    );
  });

  it('are the same on any number of threads, though a part ends within a block of rows', async () => {
    const { table } = someSet(230, 45, 1);
    const bits = (found: object) => createHash('sha256').update(JSON.stringify(found)).digest('hex');
    const alone = bits(await binned(table));
    for (const threads of [2, 3]) {
      const crew = callCrew(threads);
      expect(bits(await binTable(table, MOST_KNOWN_BINS, crew))).toBe(alone);
      await crew.dismiss();
    }
  });
});
