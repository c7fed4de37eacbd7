import {
  Bool,
  Float32,
  makeData,
  makeVector,
  Table,
  TimestampMillisecond,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { FeatureTable } from './feature-table.ts';

/**
 * A feature table as an Arrow IPC file: `entity_id` (utf8), `cutoff` (timestamp in milliseconds, UTC), `at_risk`
 * (bool), then one float32 column per feature; unknown is null.
 */
export function toArrow(table: FeatureTable): Uint8Array {
  const columns = Object.fromEntries(table.names.map((name, i) => [name, nullable(table.columns[i])]));
  return tableToIPC(
    new Table({
      entity_id: vectorFromArray([...table.entities], new Utf8()),
      cutoff: vectorFromArray(Array.from(table.cutoffs), new TimestampMillisecond('UTC')),
      at_risk: vectorFromArray(Array.from(table.atRisk, Boolean), new Bool()),
      ...columns,
    }),
    'file',
  );
}

function nullable(values: Float32Array) {
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8));
  let nullCount = 0;
  values.forEach((value, row) => {
    if (Number.isNaN(value)) nullCount++;
    else nullBitmap[row >> 3] |= 1 << (row & 7);
  });
  return makeVector(makeData({ type: new Float32(), length: values.length, nullCount, data: values, nullBitmap }));
}
