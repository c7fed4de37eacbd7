/** The values at the given places, in that order, written into a column. */
export function pick<Column extends Float64Array | Float32Array | Int32Array | Uint16Array | Int16Array | Uint8Array>(
  from: Column,
  rows: ArrayLike<number>,
  into: Column,
): Column {
  for (let i = 0; i < rows.length; i++) into[i] = from[rows[i]];
  return into;
}
