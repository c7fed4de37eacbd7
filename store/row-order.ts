/**
 * The order in which each partner's rows are read: by when they happened, then by when they became known; those of one
 * moment stay in the order they are in.
 * Source: merge sort, bottom up.
 * @param offsets partner p has the rows from `offsets[p]` up to `offsets[p + 1]`
 * @returns the rows in order, partner by partner
 */
export function orderRows(offsets: Int32Array, happenedAt: Float64Array, knownAt: Float64Array): Int32Array {
  const order = new Int32Array(happenedAt.length).map((_, row) => row);
  const spare = new Int32Array(order.length);
  for (let partner = 0; partner + 1 < offsets.length; partner++) {
    sortRange(order, spare, offsets[partner], offsets[partner + 1], happenedAt, knownAt);
  }
  return order;
}

/** Sorts order[from … to − 1] by doubling the width of sorted runs; `spare` is as long as `order`. */
function sortRange(
  order: Int32Array,
  spare: Int32Array,
  from: number,
  to: number,
  happenedAt: Float64Array,
  knownAt: Float64Array,
): void {
  let source = order;
  let target = spare;
  for (let width = 1; width < to - from; width *= 2) {
    for (let left = from; left < to; left += 2 * width) {
      const middle = Math.min(left + width, to);
      const right = Math.min(left + 2 * width, to);
      let a = left;
      let b = middle;
      for (let i = left; i < right; i++) {
        const takesLeft = b >= right || (a < middle && !isBefore(source[b], source[a], happenedAt, knownAt));
        target[i] = takesLeft ? source[a++] : source[b++];
      }
    }
    [source, target] = [target, source];
  }
  if (source !== order) order.set(source.subarray(from, to), from);
}

function isBefore(a: number, b: number, happenedAt: Float64Array, knownAt: Float64Array): boolean {
  return happenedAt[a] < happenedAt[b] || (happenedAt[a] === happenedAt[b] && knownAt[a] < knownAt[b]);
}
