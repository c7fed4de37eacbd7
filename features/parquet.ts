import { parquetWriteBuffer } from 'hyparquet-writer';
import type { FeatureTable } from './feature-table.ts';

/** A feature table as a Parquet file, with the columns of `toArrow`; unknown is null. */
export function toParquet(table: FeatureTable): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'entity_id', data: [...table.entities], type: 'STRING' },
        { name: 'cutoff', data: Array.from(table.cutoffs, (cutoff) => new Date(cutoff)), type: 'TIMESTAMP' },
        { name: 'at_risk', data: Array.from(table.atRisk, Boolean), type: 'BOOLEAN' },
        ...table.names.map((name, i) => ({
          name,
          data: Array.from(table.columns[i], (value) => (Number.isNaN(value) ? null : value)),
          type: 'FLOAT' as const,
        })),
      ],
    }),
  );
}
