import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalMapping, ingest } from '../../pipelines/index.ts';
import type { Database, InputName } from '../../store/index.ts';

/**
 * A row of an input as a test writes it, in the input's own words; what is left out is empty, and a number in a column
 * of instants is one.
 */
export interface SomeRow {
  /** Day or instant it became known. */
  known_at: string | number;
  [column: string]: string | number;
}

/** Stores the rows of one file of a source. */
export async function storeRows(
  database: Database,
  input: InputName,
  rows: readonly SomeRow[],
  source = 'test',
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'partnercast-rows-'));
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const written = (column: string, value: string | number) =>
    typeof value === 'number' && column.endsWith('_at') ? new Date(value).toISOString() : value;
  const lines = rows.map((row) => columns.map((column) => written(column, row[column] ?? '')).join(','));
  const path = join(directory, `${input}.csv`);
  writeFileSync(path, [columns.join(','), ...lines, ''].join('\n'));
  const mapping = { ...canonicalMapping(), source };
  await ingest(database, [path], { mapping, backfill: false, maxBad: 0, now: Date.parse('2030-01-01') });
  rmSync(directory, { recursive: true, force: true });
}

/** Deals that a partner registered on some days, known when they happened. */
export function deals(partner: string, ...days: string[]): SomeRow[] {
  return days.map((day) => deal(partner, day, day));
}

/** A deal registered on a day that became known on another. */
export function deal(partner: string, day: string, known: string | number): SomeRow {
  return {
    partner_id: partner,
    event_id: `${partner}-${day}`,
    known_at: known,
    happened_at: day,
    kind: 'deal.registered',
  };
}
