import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import { type Measured, metricNamed, rank } from '../../models/index.ts';
import type { WorldSettings } from '../../pipelines/index.ts';
import { aucGap } from '../helpers/auc-gap.ts';
import { command } from '../helpers/command-line.ts';
import { foresee } from '../helpers/oracle.ts';
import { readRecords } from '../helpers/records.ts';
import { recordRun } from '../helpers/runs-file.ts';

const RUNS = new URL('./RUNS.md', import.meta.url);
/** The default world of `simulate`. */
const WORLD: WorldSettings = { partners: 2000, months: 36, seed: 1, end: parseDay('2026-01-01') };
/** The last four quarters whose outcomes are known before the world ends, and the months that are known before them. */
const TRAIN = '2023-04-01..2024-10-01';
const TEST = '2025-01-01..2025-10-01';
const SCORED = '2025-07-01';

type Row = Record<string, string>;

/** The rows of the test with their outcomes, and what was said of each. */
interface Said {
  entities: string[];
  outcomes: Uint8Array;
  champion: Float64Array;
  rule: Float64Array;
  oracle: Float64Array;
}

describe('the default world: learnt until 2025 and judged on its four quarters', () => {
  let directory: string;
  let champion: string;
  let verdict: string;
  let said: Said;
  let scores: Row[];
  /** The oracle's chance of churn by partner and cutoff. */
  const oracle = new Map<string, number>();

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'partnercast-world-'));
    await run('simulate', '--out', 'exports');
    await run('ingest', 'exports');
    const ranges = ['--train', TRAIN, '--test', TEST, '--predictions', 'predictions.csv'];
    const report = JSON.parse(await run('backtest', 'churn-risk', ...ranges, '--json'));
    ({ champion, verdict } = report);
    const predictions: Row[] = parse(readFileSync(join(directory, 'predictions.csv')), { columns: true });
    await run('train', 'churn-risk', '--until', SCORED);
    scores = parse(await run('score', 'churn-risk', '--as-of', SCORED, '--csv'), { columns: true });
    askOracle([...predictions.map(keyOf), ...scores.map(scoredKey)]);
    said = gather(predictions);
  }, 3_600_000);

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('the champion ranks within .02 of the oracle, and far better than recency', () => {
    const toOracle = aucGap(said.entities, said.outcomes, said.oracle, said.champion);
    const toRule = aucGap(said.entities, said.outcomes, said.champion, said.rule);
    recordRun(RUNS, 'The default world', [
      said.outcomes.length,
      `${champion} ${aucOf(said.champion).toFixed(4)}`,
      aucOf(said.oracle).toFixed(4),
      tell(toOracle),
      tell(toRule),
      verdict,
    ]);
    expect(toOracle.value).toBeLessThanOrEqual(0.02);
    expect(toRule.low).toBeGreaterThan(0.02);
    expect(verdict).toMatch(/is better than/);
  });

  it('the oracle is right on average, and no model ranks clearly better', () => {
    const [expected, happened] = [said.oracle, said.outcomes].map(mean);
    expect(Math.abs(expected - happened)).toBeLessThan(0.02);
    expect(aucGap(said.entities, said.outcomes, said.oracle, said.champion).high).toBeGreaterThan(0);
  });

  it('intervals hold what can be known far more often than what is hidden', () => {
    const truth: Row[] = parse(readFileSync(join(directory, 'exports/truth/partners.csv')), { columns: true });
    const hazards = new Map(truth.map((row) => [`${row.partner_id} ${row.cutoff}`, Number(row.true_hazard_90)]));
    const known = shareHolding((row) => oracle.get(scoredKey(row)));
    const hidden = shareHolding((row) => hazards.get(scoredKey(row)));
    const width = mean(scores.map(({ low, high }) => Number(high) - Number(low)));
    recordRun(RUNS, 'Intervals in the default world', [
      scores.length,
      known.toFixed(3),
      hidden.toFixed(3),
      width.toFixed(3),
    ]);
    expect(known).toBeGreaterThan(0.6);
    expect(hidden).toBeLessThan(known);
  });

  async function run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await command(args, { cwd: directory });
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  }

  function askOracle(keys: readonly string[]): void {
    const asked = new Set(keys);
    const partners = new Set(keys.map((key) => key.split(' ')[0]));
    const cutoffs = new Set(keys.map((key) => parseDay(key.split(' ')[1])));
    for (const record of readRecords(join(directory, 'exports')).filter(({ id }) => partners.has(id))) {
      for (const { cutoff, churn } of foresee(record, cutoffs, WORLD)) {
        const key = `${record.id} ${new Date(cutoff).toISOString().slice(0, 10)}`;
        if (asked.has(key)) oracle.set(key, churn);
      }
    }
    expect(oracle.size).toBe(asked.size);
  }

  function gather(predictions: readonly Row[]): Said {
    const by = (name: string) => predictions.filter(({ estimator }) => estimator === name);
    const rows = by(champion);
    const probabilities = (of: readonly Row[]) => Float64Array.from(of, ({ probability }) => Number(probability));
    return {
      entities: rows.map(({ entity_id }) => entity_id),
      outcomes: Uint8Array.from(rows, ({ outcome }) => Number(outcome)),
      champion: probabilities(rows),
      rule: probabilities(by('recency-rule')),
      oracle: Float64Array.from(rows, (row) => oracle.get(keyOf(row)) ?? Number.NaN),
    };
  }

  function aucOf(probabilities: Float64Array): number {
    const { outcomes } = said;
    return metricNamed('auc').compute(rank(probabilities, outcomes), new Float64Array(outcomes.length).fill(1));
  }

  function shareHolding(truthOf: (row: Row) => number | undefined): number {
    return mean(
      scores.map((row) => {
        const truth = truthOf(row) ?? Number.NaN;
        return Number(Number(row.low) <= truth && truth <= Number(row.high));
      }),
    );
  }
});

function keyOf({ entity_id, cutoff }: Row): string {
  return `${entity_id} ${cutoff}`;
}

function scoredKey({ entity_id, as_of }: Row): string {
  return `${entity_id} ${as_of}`;
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

function tell({ value, low, high }: Measured): string {
  return `${value.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
}
