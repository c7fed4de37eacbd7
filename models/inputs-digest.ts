import { createHash } from 'node:crypto';
import type { FeatureTable } from '../features/index.ts';

/** The one NaN that stands for unknown: processors make others, which differ in bits and mean the same. */
const UNKNOWN_BITS = 0x7fc00000;

/**
 * What tells whether a row of features is the same again, to the bit: SHA-256 over the names of its features and its
 * Float32 values.
 * @returns the digest of a row as 64 hex digits
 */
export function inputsDigests(table: FeatureTable): (row: number) => string {
  const ofNames = createHash('sha256').update(JSON.stringify(table.names));
  const bits = new DataView(new ArrayBuffer(4 * table.columns.length));
  return (row) => {
    table.columns.forEach((values, i) => {
      if (Number.isNaN(values[row])) bits.setUint32(4 * i, UNKNOWN_BITS, true);
      else bits.setFloat32(4 * i, values[row], true);
    });
    return ofNames.copy().update(bits).digest('hex');
  };
}
