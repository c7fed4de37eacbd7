import { column, type FeatureTable, type Instant, rowsByCutoff } from '../features/index.ts';
import { quantile } from './bootstrap.ts';
import { breathe } from './breathe.ts';
import { metricNamed, rank } from './metrics.ts';
import { type Drift, driftBetween } from './stability.ts';
import type { TrainingSet } from './training-set.ts';

/** How well a feature alone tells apart whom the outcome happened to. */
export interface Separation {
  /** Of the known values, read in the direction that separates: 0.5 to 1. */
  auc: number;
  /** Which values go with the outcome. */
  outcome: 'higher' | 'lower';
  /** A feature that knows this much has most likely seen the outcome. */
  isSuspicious: boolean;
}

/** What is to be known of one feature before it is trusted. */
export interface FeatureQuality {
  feature: string;
  rows: number;
  /** Share of the rows, 0 to 1. */
  unknown: number;
  /** The one value of every row that is known; null when there are several, or none. */
  constant: number | null;
  /** Of the known values; null when there are none. */
  min: number | null;
  median: number | null;
  max: number | null;
  /** null when one of the windows is empty. */
  drift: Drift | null;
  /** null without outcomes, or with fewer than ten known values of either kind. */
  separation: Separation | null;
}

const SUSPICIOUS_AUC = 0.95;
/** With fewer of a kind, an AUC above 0.95 comes about by chance among a hundred features. */
const LEAST_OF_A_KIND = 10;

/** What a table is held against. */
export interface Beheld {
  /** Places of the rows that are compared with all others; those of the last cutoff when left out. */
  recent?: readonly number[];
  /** Rows with the same features whose outcome is known. */
  settled?: Pick<TrainingSet, 'table' | 'outcomes'> | undefined;
}

/**
 * The quality of every feature of a table, in the order of its columns. Costs O(rows log rows) per feature; other work
 * has its turn between two of them.
 */
export async function qualityOf(table: FeatureTable, { recent, settled }: Beheld = {}): Promise<FeatureQuality[]> {
  const later = new Set(recent ?? [...rowsByCutoff(table).values()].at(-1));
  const earlier = [...table.entities.keys()].filter((row) => !later.has(row));
  const windows = { earlier: windowOf(table, earlier), later: windowOf(table, [...later]) };
  const found: FeatureQuality[] = [];
  for (const [i, feature] of table.names.entries()) {
    await breathe();
    found.push({
      feature,
      ...spread(table.columns[i]),
      drift: driftOf(table.columns[i], table.cutoffs, windows.earlier, windows.later),
      separation: settled ? separationOf(column(settled.table, feature), settled.outcomes) : null,
    });
  }
  return found;
}

function spread(
  values: Float32Array,
): Pick<FeatureQuality, 'rows' | 'unknown' | 'constant' | 'min' | 'median' | 'max'> {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const unknown = values.length === 0 ? 0 : 1 - known.length / values.length;
  if (known.length === 0) return { rows: values.length, unknown, constant: null, min: null, median: null, max: null };
  const [min, max] = [known[0], known[known.length - 1]];
  return { rows: values.length, unknown, constant: min === max ? min : null, min, median: quantile(known, 0.5), max };
}

/** Rows of a table that are held against others. */
interface Window {
  rows: readonly number[];
  partners: number;
  cutoffs: number;
}

function windowOf({ entities, cutoffs }: FeatureTable, rows: readonly number[]): Window {
  return {
    rows,
    partners: new Set(rows.map((row) => entities[row])).size,
    cutoffs: new Set(rows.map((row) => cutoffs[row])).size,
  };
}

function driftOf(values: Float32Array, cutoffs: Float64Array, earlier: Window, later: Window): Drift | null {
  if (earlier.rows.length === 0 || later.rows.length === 0) return null;
  // What is the same for everyone on a day has been seen once a day, however many partners there are.
  const seen = isOfTheDay(values, cutoffs) ? 'cutoffs' : 'partners';
  const evidence = { reference: earlier[seen], recent: later[seen] };
  return driftBetween(pick(values, earlier.rows), pick(values, later.rows), evidence);
}

function isOfTheDay(values: Float32Array, cutoffs: Float64Array): boolean {
  const ofDay = new Map<Instant, number>();
  return values.every((value, row) => {
    const first = ofDay.get(cutoffs[row]);
    if (first === undefined) ofDay.set(cutoffs[row], value);
    return first === undefined || Object.is(first, value);
  });
}

function pick(values: Float32Array, rows: readonly number[]): Float32Array {
  return Float32Array.from(rows, (row) => values[row]);
}

function separationOf(values: Float32Array, outcomes: Uint8Array): Separation | null {
  const known = [...values.keys()].filter((row) => !Number.isNaN(values[row]));
  const happened = known.filter((row) => outcomes[row] === 1).length;
  if (Math.min(happened, known.length - happened) < LEAST_OF_A_KIND) return null;
  const ranked = rank(
    Float64Array.from(known, (row) => values[row]),
    Uint8Array.from(known, (row) => outcomes[row]),
  );
  const auc = metricNamed('auc').compute(ranked, new Uint8Array(known.length).fill(1));
  const best = Math.max(auc, 1 - auc);
  return { auc: best, outcome: auc >= 0.5 ? 'higher' : 'lower', isSuspicious: best > SUSPICIOUS_AUC };
}
