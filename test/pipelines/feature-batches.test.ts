import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cutoffsBetween,
  describedFeatures,
  type FeatureTable,
  joinTables,
  parseDay,
  selectRows,
  views,
} from '../../features/index.ts';
import {
  buildFeatures,
  canonicalMapping,
  featureBatches,
  ingest,
  programFacts,
  QualitySample,
  settledOutcomes,
  simulate,
} from '../../pipelines/index.ts';
import { contextOn } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';

const END = parseDay('2025-01-01');
const CUTOFFS = cutoffsBetween(parseDay('2023-10-01'), END, 'month');
const [view] = views;

describe('features in batches', () => {
  let directory: string;
  let source: Awaited<ReturnType<typeof programFacts>>;
  const batches: FeatureTable[] = [];
  /** What four cutoffs take, and half of another. */
  const BATCH = 4.5 * 40 * describedFeatures(view).length * Float32Array.BYTES_PER_ELEMENT;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'partnercast-batches-'));
    await simulate({ partners: 40, months: 20, seed: 2, end: END }, directory);
    const context = contextOn(await openDatabase(), END);
    await ingest(context.database, [directory], {
      mapping: canonicalMapping(),
      backfill: false,
      maxBad: 0,
      now: context.now,
    });
    source = await programFacts(context);
    for await (const table of featureBatches(view, source, [...CUTOFFS].reverse(), BATCH)) batches.push(table);
  }, 120_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('are, one after the other, the table built at once', async () => {
    expect(joinTables(batches)).toEqual(await buildFeatures(view, source, CUTOFFS));
  });

  it('hold whole cutoffs, as many together as a batch may take, at least one', async () => {
    const held = batches.map(({ cutoffs }) => [...new Set(cutoffs)]);
    expect(held.map(({ length }) => length)).toEqual([4, 4, 4, 4]);
    expect(held.flat()).toEqual(CUTOFFS);
    const single = featureBatches(view, source, CUTOFFS.slice(0, 2), 1);
    for (const cutoff of CUTOFFS.slice(0, 2)) {
      expect([...new Set((await single.next()).value?.cutoffs)]).toEqual([cutoff]);
    }
    expect((await single.next()).done).toBe(true);
  });

  it('pass by a sample that holds the rows at risk against what came after', async () => {
    const sample = new QualitySample(CUTOFFS);
    for (const table of batches) sample.add(table);
    const settled = await settledOutcomes(view, source, CUTOFFS);
    // Of fifteen months to 1 January, the outcomes of those to 1 October are 90 days old.
    const matured = new Set(settled?.set.table.cutoffs);
    expect(Math.max(...matured)).toBe(parseDay('2024-10-01'));
    const { summary, features, outcomes } = await sample.report(settled);
    const atRisk = batches.reduce((sum, { atRisk }) => sum + atRisk.reduce((some, one) => some + one, 0), 0);
    expect(summary).toMatchObject({ rows: atRisk, features: features.length, suspicious: [] });
    expect(outcomes).toEqual({ model: 'churn-risk', rows: settled?.set.outcomes.length });
    expect(features[0].separation).toMatchObject({ outcome: 'higher', isSuspicious: false });
    expect(await settledOutcomes(view, source, [END])).toBeNull();
  });
});

describe('tables joined', () => {
  const table: FeatureTable = {
    names: ['a'],
    entities: ['p', 'q'],
    cutoffs: Float64Array.of(1, 2),
    columns: [Float32Array.of(Number.NaN, 5)],
    atRisk: Uint8Array.of(0, 1),
    peers: ['', ''],
  };

  it('hold the rows of one after those of the other', () => {
    expect(joinTables([table, selectRows(table, [])])).toEqual(table);
    expect(joinTables([selectRows(table, [0]), selectRows(table, [1])])).toEqual(table);
  });

  it('are refused when there is none, or columns differ', () => {
    expect(() => joinTables([])).toThrow(/no table/);
    expect(() => joinTables([table, { ...table, names: ['b'] }])).toThrow(/differ/);
  });
});
