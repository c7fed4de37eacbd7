import { tableFromIPC } from 'apache-arrow';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { type FeatureTable, parseDay, toArrow, toParquet } from '../../features/index.ts';

const table: FeatureTable = {
  names: ['events_30d', 'recency_days'],
  entities: ['a', 'ü–"quoted"', 'c'],
  cutoffs: Float64Array.of(parseDay('2024-01-01'), parseDay('2024-01-01'), parseDay('2024-02-01')),
  columns: [Float32Array.of(1, Number.NaN, 3), Float32Array.of(Number.NaN, 0.5, -2)],
  atRisk: Uint8Array.of(1, 0, 1),
};
const expected = [
  { entity_id: 'a', cutoff: parseDay('2024-01-01'), at_risk: true, events_30d: 1, recency_days: null },
  { entity_id: 'ü–"quoted"', cutoff: parseDay('2024-01-01'), at_risk: false, events_30d: null, recency_days: 0.5 },
  { entity_id: 'c', cutoff: parseDay('2024-02-01'), at_risk: true, events_30d: 3, recency_days: -2 },
];

describe('a feature table reads back as it was written', () => {
  it('from Arrow', () => {
    const rows = tableFromIPC(toArrow(table))
      .toArray()
      .map((row) => row.toJSON());
    expect(rows.map((row) => ({ ...row, cutoff: Number(row.cutoff) }))).toEqual(expected);
  });

  it('from Parquet', async () => {
    const bytes = toParquet(table);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows.map((row) => ({ ...row, cutoff: Number(row['cutoff']) }))).toEqual(expected);
  });
});
