import { describe, expect, it } from 'vitest';
import {
  completeTable,
  DAY,
  type EventColumns,
  FeatureRows,
  parseDay,
  views,
  visitHistories,
} from '../../features/index.ts';
import { columnsIn, livelyWorld, programTracking } from '../helpers/lively-world.ts';

const [view] = views;
const END = parseDay('2024-07-01');
const CUTOFFS = [END - 60 * DAY, END - 30 * DAY, END];
const PROGRAM = programTracking(END);
/** Two ranges of four partners, one of which has done nothing. */
const RANGES = [1, 2].map((seed) => columnsIn(livelyWorld([40, 9, 0, 25], END, seed)));

function rowsOf(ranges: readonly EventColumns[], most: number) {
  const rows = new FeatureRows(view, most);
  for (const columns of ranges) visitHistories(columns, PROGRAM, CUTOFFS, (history) => rows.add(history));
  return rows.taken();
}

describe('a table', () => {
  it('is the same of one part as of several, ordered by cutoff and then as the rows came', () => {
    const several = completeTable(
      view,
      RANGES.map((columns) => rowsOf([columns], 100)),
    );
    expect(several.table.cutoffs).toEqual(several.table.cutoffs.slice().sort());
    expect(several.table.entities.slice(0, 6)).toEqual(['p0000', 'p0001', 'p0003', 'p0000', 'p0001', 'p0003']);
    expect(completeTable(view, [rowsOf(RANGES, 100)])).toEqual(several);
  });

  it.each([0, 1, 5])('is the same though more rows came than the %i that were expected', (most) => {
    expect(completeTable(view, [rowsOf(RANGES, most)])).toEqual(completeTable(view, [rowsOf(RANGES, 100)]));
  });
});
