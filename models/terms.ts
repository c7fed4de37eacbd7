import { z } from 'zod';
import { column, type FeatureTable } from '../features/index.ts';

/** One column that weights are learnt for: a feature's signed logarithm, or whether it is unknown; standardised either way. */
export interface Term {
  feature: string;
  of: 'value' | 'unknown';
  mean: number;
  deviation: number;
  /** The range that was learnt from, standardised. */
  low: number;
  high: number;
}

/** Terms as they are saved. */
export const savedTerms = z
  .array(
    z.strictObject({
      feature: z.string(),
      of: z.enum(['value', 'unknown']),
      mean: z.number(),
      deviation: z.number().positive(),
      low: z.number(),
      high: z.number(),
    }),
  )
  .max(10_000);

/**
 * The terms of a table's features, by name. What never varies says nothing and gets none; features that are unknown in
 * the very same rows share one term for it. What is unknown of everybody until some day tells the time, not partners
 * apart, and no later time is told by it: that it is unknown gets no term either.
 */
export function termsOf(table: FeatureTable): Term[] {
  const values: Term[] = [];
  const unknowns = new Map<string, Term>();
  for (const feature of [...table.names].sort()) {
    const all = column(table, feature);
    const known = knownLogs(all);
    values.push({ feature, of: 'value', ...spread(known) });
    if (known.length === all.length) continue;
    const unknown = Uint8Array.from(all, (value) => Number(Number.isNaN(value)));
    if (isOfCutoffs(unknown, table.cutoffs)) continue;
    const pattern = Buffer.from(unknown).toString('latin1');
    if (!unknowns.has(pattern))
      unknowns.set(pattern, { feature, of: 'unknown', ...spread(Float64Array.from(unknown)) });
  }
  return [...values, ...unknowns.values()].filter(({ deviation }) => deviation > 0);
}

/** Whether a flag is the same for all rows of a cutoff, whichever it is. */
function isOfCutoffs(flags: Uint8Array, cutoffs: Float64Array): boolean {
  const first = new Map<number, number>();
  for (let row = 0; row < flags.length; row++) {
    const flag = first.get(cutoffs[row]);
    if (flag === undefined) first.set(cutoffs[row], flags[row]);
    else if (flag !== flags[row]) return false;
  }
  return true;
}

/** The signed logarithms of the values that are known. */
function knownLogs(values: Float32Array): Float64Array {
  const logs = new Float64Array(values.length);
  let known = 0;
  for (let row = 0; row < values.length; row++) {
    if (!Number.isNaN(values[row])) logs[known++] = signedLog(values[row]);
  }
  return logs.subarray(0, known);
}

function signedLog(x: number): number {
  return Math.sign(x) * Math.log1p(Math.abs(x));
}

function spread(values: Float64Array): Omit<Term, 'feature' | 'of'> {
  if (values.length === 0) return { mean: 0, deviation: 0, low: 0, high: 0 };
  let [sum, low, high] = [0, values[0], values[0]];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    sum += value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  const variance = squares / values.length;
  // A spread that is rounding noise would blow the noise up.
  const deviation = variance > 1e-12 * (1 + mean * mean) ? Math.sqrt(variance) : 0;
  return { mean, deviation, low: (low - mean) / deviation, high: (high - mean) / deviation };
}

/**
 * What a feature's value is in a term, in standard deviations from the mean of what was learnt from: 0 where it is
 * unknown, and never beyond what was learnt from.
 */
export function termValue({ of, mean, deviation, low, high }: Term, value: number): number {
  if (of === 'unknown') return (Number(Number.isNaN(value)) - mean) / deviation;
  if (Number.isNaN(value)) return 0;
  return Math.min(high, Math.max(low, (signedLog(value) - mean) / deviation));
}

/** The columns that a table has in some terms, one per term. */
export function design(table: FeatureTable, terms: readonly Term[]): Float64Array[] {
  return terms.map((term) => {
    const from = column(table, term.feature);
    const into = new Float64Array(from.length);
    for (let row = 0; row < from.length; row++) into[row] = termValue(term, from[row]);
    return into;
  });
}
