import { column, type FeatureTable, rowCount } from '../../../features/index.ts';
import { type Bins, binCount } from './bins.ts';

/**
 * Rows as bins, in memory that threads share. Most cells of a table of windows hold their feature's usual bin, nothing
 * happened: a row lists the others only, so that it costs as many additions as it has something to say.
 */
export interface BinnedRows {
  rows: number;
  /** Where the bins of each feature begin among those of all, and at last how many there are. */
  offsets: Int32Array;
  /** The usual bin of each feature, among those of all. */
  usual: Int32Array;
  /** One byte per cell, feature after feature: the bin within its feature. */
  cells: Uint8Array;
  /** The bins of each row that are not usual, among those of all, row after row. */
  unusual: Uint16Array | Uint32Array;
  /** Where each row begins in `unusual`, and at last how many there are. */
  begins: Uint32Array;
}

/** Values up to this that are whole, as counts are, are looked up instead of searched. */
const LOOKED_UP = 512;
/** Rows handled together, so that a part of every column stays in the cache. */
const BLOCK = 4096;

/** Puts the rows of a table into bins. */
export function binRows(table: FeatureTable, bins: readonly Bins[]): BinnedRows {
  const rows = rowCount(table);
  const offsets = new Int32Array(shared((bins.length + 1) * 4));
  bins.forEach((each, f) => {
    offsets[f + 1] = offsets[f] + binCount(each);
  });
  const cells = new Uint8Array(shared(bins.length * rows));
  const usual = new Int32Array(shared(bins.length * 4));
  let usualCells = 0;
  bins.forEach((each, f) => {
    const counts = fillCells(column(table, each.feature), each.edges, cells.subarray(f * rows, (f + 1) * rows));
    const most = counts.indexOf(Math.max(...counts));
    usual[f] = offsets[f] + most;
    usualCells += counts[most];
  });
  return { rows, offsets, usual, cells, ...listUnusual(rows, offsets, usual, cells, cells.length - usualCells) };
}

/** The bin of each value; returns how many values each bin has. */
function fillCells(values: Float32Array, edges: Float64Array, cells: Uint8Array): number[] {
  const table = Uint8Array.from({ length: LOOKED_UP }, (_, value) => binOf(value, edges));
  const counts = new Array<number>(edges.length + 2).fill(0);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    const bin = value >= 0 && value < LOOKED_UP && value === (value | 0) ? table[value] : binOf(value, edges);
    cells[row] = bin;
    counts[bin]++;
  }
  return counts;
}

/** 0 for what is unknown, else 1 more than the number of edges below a value. */
function binOf(value: number, edges: Float64Array): number {
  if (Number.isNaN(value)) return 0;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}

function listUnusual(rows: number, offsets: Int32Array, usual: Int32Array, cells: Uint8Array, many: number) {
  const [features, wide] = [usual.length, offsets[usual.length] > 0xffff];
  const unusual = wide ? new Uint32Array(shared(many * 4)) : new Uint16Array(shared(many * 2));
  const begins = new Uint32Array(shared((rows + 1) * 4));
  const next = new Uint32Array(BLOCK);
  for (let from = 0; from < rows; from += BLOCK) {
    const size = Math.min(BLOCK, rows - from);
    countUnusual(from, size, rows, usual, offsets, cells, next);
    for (let i = 0, at = begins[from]; i < size; i++) {
      at += next[i];
      begins[from + i + 1] = at;
      next[i] = begins[from + i];
    }
    for (let f = 0; f < features; f++) {
      const [offset, most, place] = [offsets[f], usual[f] - offsets[f], f * rows + from];
      for (let i = 0; i < size; i++) {
        const bin = cells[place + i];
        if (bin !== most) unusual[next[i]++] = offset + bin;
      }
    }
  }
  return { unusual, begins };
}

function countUnusual(
  from: number,
  size: number,
  rows: number,
  usual: Int32Array,
  offsets: Int32Array,
  cells: Uint8Array,
  counts: Uint32Array,
): void {
  counts.fill(0);
  for (let f = 0; f < usual.length; f++) {
    const [most, place] = [usual[f] - offsets[f], f * rows + from];
    for (let i = 0; i < size; i++) if (cells[place + i] !== most) counts[i]++;
  }
}

/** Memory that threads can share, zeros at first. */
export function shared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}
