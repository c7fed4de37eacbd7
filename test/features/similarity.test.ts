import { describe, expect, it } from 'vitest';
import type { FeatureTable } from '../../features/index.ts';
import { similarityToTop } from '../../features/similarity.ts';

const NAMES = [
  'events_90d',
  'events_365d',
  'active_weeks_365d',
  'contacts_180d',
  'products_365d',
  'life_weeks_180d',
  'learning_events_365d',
  'deals_won_365d',
  'portal_events_90d',
];

/** A table of rows at risk whose every count is the row's number, save for some columns. */
function tableOf(counts: readonly number[], others: Record<string, readonly number[]> = {}, atRisk = counts.length) {
  const table: FeatureTable = {
    names: NAMES,
    entities: counts.map((_, i) => `p${i}`),
    cutoffs: new Float64Array(counts.length),
    columns: NAMES.map((name) => Float32Array.from(others[name] ?? counts)),
    atRisk: Uint8Array.from(counts, (_, i) => Number(i < atRisk)),
    peers: counts.map(() => ''),
  };
  return table;
}

const hundred = [...new Array<number>(10).fill(50), ...new Array<number>(90).fill(2)];

describe('similarity to the most active tenth', () => {
  it('is 1 for whoever is as they are, −1 for whoever is the opposite', () => {
    const similarity = similarityToTop(tableOf(hundred), 10);
    for (const [row, value] of similarity.entries()) expect(value).toBeCloseTo(row < 10 ? 1 : -1, 5);
  });

  it('looks at what is done, not at how much: eight of nine alike', () => {
    // Standardised, the tenth stand 3 above the mean and the others ⅓ below. The first has less of one thing in nine:
    // about 8 · 9 over √(8 · 9) · √(9 · 8.8).
    const trainings = hundred.map((count, row) => (row === 0 ? 2 : count));
    const [without, like] = similarityToTop(tableOf(hundred, { learning_events_365d: trainings }), 10);
    expect(like).toBeGreaterThan(0.99);
    expect(without).toBeGreaterThan(0.92);
    expect(without).toBeLessThan(0.95);
  });

  it('takes a tenth and no more: the eleventh of a hundred is not among them', () => {
    const counts = hundred.with(10, 2000);
    const ranks = hundred.map((_, row) => 100 - row);
    const table = tableOf(counts, { events_365d: ranks });
    const profile = table.columns.map((column) => standardisedLogs([...column]));
    const centre = profile.map((values) => values.slice(0, 10).reduce((sum, value) => sum + value, 0) / 10);
    const own = profile.map((values) => values[50]);
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    expect(similarityToTop(table, 10)[50]).toBeCloseTo(
      dot(own, centre) / Math.sqrt(dot(own, own) * dot(centre, centre)),
      6,
    );
  });

  function standardisedLogs(counts: number[]): number[] {
    const logs = counts.map((count) => Math.log1p(count));
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length);
    return logs.map((log) => (log - mean) / deviation);
  }

  it('is told also to those not at risk, of whom it does not learn', () => {
    const [at, beside] = [tableOf(hundred), tableOf([...hundred, 5000, 2], {}, 100)].map((table) =>
      similarityToTop(table, 10),
    );
    expect([...beside.slice(0, 100)]).toEqual([...at]);
    expect(beside[100]).toBeCloseTo(1, 5);
    expect(beside[101]).toBeCloseTo(-1, 5);
  });

  it('takes whoever is as active as the last of the tenth, in whatever order they come', () => {
    const counts = hundred.map((count, row) => (row < 5 ? 100 : count));
    const trainings = counts.map((_, row) => row % 4);
    const tied = { events_365d: counts.with(10, 50).with(11, 50), learning_events_365d: trainings };
    const there = similarityToTop(tableOf(counts, tied), 10);
    const back = Object.fromEntries(Object.entries(tied).map(([name, values]) => [name, values.toReversed()]));
    const here = similarityToTop(tableOf(counts.toReversed(), back), 10).reverse();
    for (const [row, value] of there.entries()) expect(here[row]).toBeCloseTo(value, 5);
  });

  it('takes what is unknown for the mean, and a profile without any difference for unknown', () => {
    const unknown = similarityToTop(tableOf(hundred, { products_365d: hundred.map(() => Number.NaN) }), 10);
    expect(unknown[0]).toBeCloseTo(1, 5);
    expect(similarityToTop(tableOf(new Array<number>(100).fill(3)), 10)[0]).toBeNaN();
  });

  it('is unknown where the tenth would be too few', () => {
    expect(similarityToTop(tableOf(hundred.slice(1)), 10)[0]).toBeNaN();
    expect(similarityToTop(tableOf(hundred, {}, 99), 10)[0]).toBeNaN();
  });
});
