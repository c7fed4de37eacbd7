import { binCount, learnEdges } from './bins.ts';

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

/** Columns that one thread puts into bins. */
export interface ColumnsPart {
  columns: readonly Float32Array[];
  /** Known bins at most. */
  most: number;
  /** Room for their cells, column after column. */
  cells: Uint8Array;
}

/** What a column's bins are like. */
export interface BinnedColumn {
  edges: Float64Array;
  /** The bin that most rows are in, and how many they are. */
  usual: number;
  usualRows: number;
}

/** Finds the bins of some columns and puts their values into them. */
export function binColumns({ columns, most, cells }: ColumnsPart): BinnedColumn[] {
  return columns.map((values, f) => {
    const edges = learnEdges(values, most);
    const counts = fillCells(values, edges, cells.subarray(f * values.length, (f + 1) * values.length));
    const usualRows = Math.max(...counts);
    return { edges, usual: counts.indexOf(usualRows), usualRows };
  });
}

/** The bin of each value; returns how many values each bin has. */
function fillCells(values: Float32Array, edges: Float64Array, cells: Uint8Array): number[] {
  const table = Uint8Array.from({ length: LOOKED_UP }, (_, value) => binOf(value, edges));
  const counts = new Array<number>(binCount(edges)).fill(0);
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

/** Rows that one thread lists the unusual bins of. */
export interface RowsPart {
  binned: BinnedRows;
  from: number;
  to: number;
}

/** Notes behind each row of a part how many unusual bins the part has up to there; returns how many it has in all. */
export function countUnusual({ binned: { rows, offsets, usual, cells, begins }, from, to }: RowsPart): number {
  let many = 0;
  for (let block = from; block < to; block += BLOCK) {
    const ends = begins.subarray(block + 1, Math.min(to, block + BLOCK) + 1).fill(0);
    for (let f = 0; f < usual.length; f++) {
      const [most, place] = [usual[f] - offsets[f], f * rows + block];
      for (let i = 0; i < ends.length; i++) if (cells[place + i] !== most) ends[i]++;
    }
    for (let i = 0; i < ends.length; i++) {
      many += ends[i];
      ends[i] = many;
    }
  }
  return many;
}

/**
 * Lists the unusual bins of a part's rows, which have been counted.
 * @param before how many the rows before the part have
 */
export function listUnusual({ binned, from, to, before }: RowsPart & { before: number }): null {
  const { rows, offsets, usual, cells, unusual, begins } = binned;
  const next = new Uint32Array(BLOCK);
  let begin = before;
  for (let block = from; block < to; block += BLOCK) {
    const size = Math.min(BLOCK, to - block);
    for (let i = 0; i < size; i++) {
      next[i] = begin;
      begin = before + begins[block + i + 1];
      begins[block + i + 1] = begin;
    }
    for (let f = 0; f < usual.length; f++) {
      const [offset, most, place] = [offsets[f], usual[f] - offsets[f], f * rows + block];
      for (let i = 0; i < size; i++) {
        const bin = cells[place + i];
        if (bin !== most) unusual[next[i]++] = offset + bin;
      }
    }
  }
  return null;
}

/** Memory that threads can share, zeros at first. */
export function shared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}
