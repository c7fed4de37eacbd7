/** The memory under typed arrays, each piece once, to be handed over to another thread instead of copied. */
export function buffersOf(values: readonly unknown[]): ArrayBuffer[] {
  const buffers = values.flatMap((value) =>
    ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
  );
  return [...new Set(buffers)];
}
