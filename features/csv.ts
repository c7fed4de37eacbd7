import { stringify } from 'csv-stringify/sync';
import { type FeatureTable, rowCount } from './feature-table.ts';
import { shortest } from './shortest.ts';
import { requireNoted, type TableNotes } from './table-notes.ts';
import { formatDay } from './time.ts';

const ROWS_TOGETHER = 1000;

/**
 * Feature tables as one CSV file: `entity_id`, `cutoff` (yyyy-MM-dd), one column per feature, `at_risk` (1 or 0) last;
 * unknown is empty, numbers have the fewest digits that give the same 32-bit float. Memory is bounded by a table.
 * @throws RangeError when a table has other columns than the notes
 */
export async function* csvBytes(
  tables: AsyncIterable<FeatureTable>,
  notes: TableNotes,
): AsyncGenerator<Uint8Array, void> {
  const header = ['entity_id', 'cutoff', ...notes.features.map(({ name }) => name), 'at_risk'];
  yield Buffer.from(stringify([header]));
  for await (const table of tables) {
    requireNoted(table, notes);
    const rows = rowCount(table);
    for (let from = 0; from < rows; from += ROWS_TOGETHER) {
      const some = Array.from({ length: Math.min(ROWS_TOGETHER, rows - from) }, (_, i) => line(table, from + i));
      yield Buffer.from(stringify(some));
    }
  }
}

function line(table: FeatureTable, row: number): (string | number)[] {
  return [
    table.entities[row],
    formatDay(table.cutoffs[row]),
    ...table.columns.map((values) => written(values[row])),
    table.atRisk[row],
  ];
}

function written(value: number): number | string {
  if (Number.isNaN(value)) return '';
  return Number.isInteger(value) ? value : shortest(value);
}
