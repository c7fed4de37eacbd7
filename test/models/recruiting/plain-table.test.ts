import { describe, expect, it } from 'vitest';
import { labelledTable, rankRows, seeded } from '../../../models/index.ts';

const repeated = (count: number, row: string[]) => Array.from({ length: count }, () => row);

describe('a plain table', () => {
  it('becomes numbers: words a flag each, what is empty unknown, rare words one flag', () => {
    const rows = [
      ...repeated(10, ['1', 'red', '5', 'x']),
      ...repeated(10, ['', 'blue', '', 'x']),
      ['', 'mauve', '7.5', 'x'],
      ['0', '', '-1', 'x'],
    ];
    const { table, labels, leftOut } = labelledTable({ header: ['label', 'colour', 'size', 'same'], rows }, 'label');
    expect(table.names).toEqual(['colour=blue', 'colour=red', 'colour is another', 'size']);
    expect([0, 10, 20, 21].map((row) => table.columns.map((values) => values[row]))).toEqual([
      [0, 1, 0, 5],
      [1, 0, 0, Number.NaN],
      [0, 0, 1, 7.5],
      [Number.NaN, Number.NaN, Number.NaN, -1],
    ]);
    expect(labels.filter((label) => label === 1)).toHaveLength(10);
    expect(leftOut).toEqual([{ column: 'same', why: 'is the same in all rows' }]);
  });

  it('leaves out what is empty and what only names rows', () => {
    const rows = Array.from({ length: 80 }, (_, i) => [i < 20 ? '1' : '', `company ${i}`, '', String(i)]);
    const { table, leftOut } = labelledTable({ header: ['y', 'name', 'note', 'n'], rows }, 'y');
    expect(table.names).toEqual(['n']);
    expect(leftOut.map(({ column }) => column)).toEqual(['name', 'note']);
  });

  it.each([
    ['z', [['1', 'a']], /no column "z"; the columns are y, x/],
    ['y', [['yes', 'a']], /row 1 has "yes" in "y"; write 1/],
    [
      'y',
      [
        ['', 'a'],
        ['0', 'b'],
      ],
      /no row has a 1 in "y"/,
    ],
    [
      'y',
      [
        ['1', 'a'],
        ['1', 'b'],
      ],
      /every row has a 1/,
    ],
    [
      'y',
      [
        ['1', 'a'],
        ['', 'a'],
      ],
      /nothing to learn from beside "y": x is the same/,
    ],
  ])('refuses label %s in %j', (label, rows, says) => {
    expect(() => labelledTable({ header: ['y', 'x'], rows }, label)).toThrow(says);
  });
});

describe('rows ranked by those labelled', () => {
  const random = seeded(4);
  const like = Array.from({ length: 400 }, (_, i) => i % 4 === 0);
  const rows = like.map((isLike, i) => [
    isLike && i % 8 === 0 ? '1' : '',
    random() < (isLike ? 0.9 : 0.2) ? 'red' : 'blue',
    String(random() + (isLike ? 1 : 0)),
  ]);
  const { table, labels } = labelledTable({ header: ['y', 'colour', 'size'], rows }, 'y');

  it('those who are like them come before the others, though they are not labelled', async () => {
    const { fit, judgement } = await rankRows(table, labels, { seed: 1 });
    const mean = (wanted: boolean) => {
      const some = [...fit.keys()].filter((row) => labels[row] === 0 && like[row] === wanted);
      return some.reduce((sum, row) => sum + fit[row], 0) / some.length;
    };
    expect(mean(true)).toBeGreaterThan(0.8);
    expect(mean(false)).toBeLessThan(0.45);
    expect(judgement.verdict).toBe('usable');
    expect([Math.min(...fit) >= 0, Math.max(...fit) <= 1]).toEqual([true, true]);
  });

  it('of rows that are alike none is before another: they share the middle of their places', async () => {
    const two = labelledTable({ header: ['y', 'colour'], rows: rows.map(([label, colour]) => [label, colour]) }, 'y');
    const { fit } = await rankRows(two.table, two.labels, { seed: 1 });
    expect(new Set(fit).size).toBeLessThan(100);
    expect(fit.reduce((sum, each) => sum + each, 0) / fit.length).toBeCloseTo(0.5, 12);
  });

  it('refuses fewer than ten of either', async () => {
    const few = labels.map((label, row) => (row < 60 ? label : 0));
    await expect(rankRows(table, few, { seed: 1 })).rejects.toThrow(/too few to learn from: 8 labelled rows and 392/);
  });
});
