import { UNKNOWN_BIN } from './bins.ts';
import type { Split } from './splitting.ts';
import type { Workspace } from './workspace.ts';

/**
 * Sorts some rows of a leaf out, those that go to the left and those that go to the right, each in their order, and
 * notes how many go to the left. Nothing is moved before all threads have done so.
 */
export function sortOut(
  { binned, order, aside, lefts }: Workspace,
  thread: number,
  from: number,
  to: number,
  split: Split,
): void {
  const [toLeft, toRight] = aside;
  const cells = binned.cells.subarray(split.feature * binned.rows, (split.feature + 1) * binned.rows);
  const side = new Uint8Array(256);
  for (let bin = 0; bin < side.length; bin++) side[bin] = Number(bin <= split.bin);
  side[UNKNOWN_BIN] = Number(split.unknownLeft);
  let [left, right] = [from, from];
  for (let i = from; i < to; i++) {
    const row = order[i];
    const goesLeft = side[cells[row]];
    // Written to both sides, kept on one: cheaper than a branch that cannot be foreseen.
    toLeft[left] = row;
    toRight[right] = row;
    left += goesLeft;
    right += 1 - goesLeft;
  }
  lefts[thread] = left - from;
}

/** Puts the rows that a thread has sorted out to where they belong: all to the left first, thread after thread. */
export function moveOver(
  { order, aside, lefts }: Workspace,
  thread: number,
  from: number,
  to: number,
  leaf: { from: number; middle: number },
): void {
  const before = lefts.subarray(0, thread).reduce((sum, left) => sum + left, 0);
  const rightsBefore = from - leaf.from - before;
  const left = lefts[thread];
  order.set(aside[0].subarray(from, from + left), leaf.from + before);
  order.set(aside[1].subarray(from, to - left), leaf.middle + rightsBefore);
}
