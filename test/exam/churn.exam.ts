import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aucGap } from '../helpers/auc-gap.ts';
import { command } from '../helpers/command-line.ts';
import { recordRun } from '../helpers/runs-file.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/openstack-partners/', import.meta.url));
const RUNS = new URL('./RUNS.md', import.meta.url);
const LOG = join(DATA, 'contributions-2010-2018.csv');

interface Prediction {
  entity_id: string;
  cutoff: string;
  estimator: string;
  probability: string;
  outcome: string;
}

interface Report {
  train: { rows: number; base_rate: number };
  test: { rows: number; base_rate: number };
  estimators: ({ name: string } & Record<string, { value: number; low: number; high: number }>)[];
  champion: string;
  verdict: string;
}

describe('churn of OpenStack partners, learnt until 2015-07 and judged on 2015-10 to 2018-07', () => {
  let directory: string;
  let report: Report;
  let seconds: number;
  const loads: { stored: number; duplicate: number }[] = [];

  beforeAll(async () => {
    if (!existsSync(LOG)) throw new Error(`The exam needs ${LOG}, which is not here.`);
    directory = mkdtempSync(join(tmpdir(), 'partnercast-exam-'));
    const from = performance.now();
    const ingest = ['ingest', LOG, '--map', 'openstack', '--json'];
    loads.push(JSON.parse((await command(ingest, { cwd: directory })).stdout).total);
    const backtest = await command(
      [
        ...['backtest', 'churn-risk', '--train', '2012-01-01..2015-07-01', '--train-every', 'month'],
        ...[
          '--test',
          '2015-10-01..2018-07-01',
          '--test-every',
          'quarter',
          '--predictions',
          'predictions.csv',
          '--json',
        ],
      ],
      { cwd: directory },
    );
    seconds = (performance.now() - from) / 1000;
    report = JSON.parse(backtest.stdout);
    loads.push(JSON.parse((await command(ingest, { cwd: directory })).stdout).total);
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('stores all 64,382 events, repeats included, and none of them twice', () => {
    expect(loads).toMatchObject([
      { stored: 64_382, duplicate: 0 },
      { stored: 0, duplicate: 64_382 },
    ]);
  });

  it('finds the rows and base rates of the reference exactly', () => {
    expect(report.train.rows).toBe(3340);
    expect(report.test.rows).toBe(1283);
    expect(report.train.base_rate.toFixed(4)).toBe('0.2216');
    expect(report.test.base_rate.toFixed(4)).toBe('0.2689');
  });

  it('ranks by recency as the reference does', () => {
    expect(Math.abs(figure('recency-rule', 'auc').value - 0.772)).toBeLessThanOrEqual(0.001);
  });

  it("its champion ranks as well as the reference's logistic regression, and its probabilities mean what they say", () => {
    const difference = pairedAucDifference(report.champion, 'logistic-70');
    logRun(difference);
    expect(difference.low).toBeGreaterThanOrEqual(-0.01);
    expect(figure(report.champion, 'brier').value).toBeLessThanOrEqual(0.14);
    const slope = figure(report.champion, 'calibration_slope');
    expect([slope.low <= 1, slope.high >= 1]).toEqual([true, true]);
  });

  it('so does its logistic regression', () => {
    expect(pairedAucDifference('logistic', 'logistic-70').low).toBeGreaterThanOrEqual(-0.01);
    expect(figure('logistic', 'brier').value).toBeLessThanOrEqual(0.141);
  });

  it("its boosting is at least the reference's within its interval", () => {
    expect(pairedAucDifference('boosting', 'xgboost-70').high).toBeGreaterThanOrEqual(0);
    expect(figure('boosting', 'auc').high).toBeGreaterThanOrEqual(0.837);
  });

  it('its network beats the base rate', () => {
    expect(figure('neural-hazard', 'auc').low).toBeGreaterThan(0.5);
    expect(figure('neural-hazard', 'log_loss').value).toBeLessThan(figure('base-rate', 'log_loss').low);
  });

  it('loads and judges within two minutes, though a network learns too', () => {
    expect(seconds).toBeLessThanOrEqual(120);
  });

  function figure(estimator: string, metric: string) {
    const found = report.estimators.find(({ name }) => name === estimator);
    if (!found) throw new Error(`no estimator ${estimator}`);
    return found[metric];
  }

  /** Ours minus the reference's AUC on the same rows, with its 95 % interval over partners. */
  function pairedAucDifference(ours: string, reference: string) {
    const mine = read(join(directory, 'predictions.csv'), ours);
    const theirs = new Map(read(join(DATA, 'reference-predictions.csv'), reference).map((row) => [key(row), row]));
    const pairs = mine.map((row) => ({ row, other: theirs.get(key(row)) }));
    const outcomes = Uint8Array.from(mine, ({ outcome }) => Number(outcome));
    expect(pairs.every(({ row, other }) => other?.outcome === row.outcome)).toBe(true);
    return aucGap(
      mine.map(({ entity_id }) => entity_id),
      outcomes,
      Float64Array.from(mine, ({ probability }) => Number(probability)),
      Float64Array.from(pairs, ({ other }) => Number(other?.probability)),
    );
  }

  /** Every look at the test window is on record. */
  function logRun(difference: { value: number; low: number; high: number }): void {
    const cells = report.estimators.map(
      ({ name, auc, brier, log_loss }) =>
        `${name} ${auc.value.toFixed(4)} / ${brier.value.toFixed(4)} / ${log_loss.value.toFixed(4)}`,
    );
    const gap = tell(difference, 4);
    const slope = tell(figure(report.champion, 'calibration_slope'), 2);
    recordRun(RUNS, 'OpenStack partners', ['churn-risk', cells.join('; '), `${report.champion}, slope ${slope}`, gap]);
  }
});

function tell({ value, low, high }: { value: number; low: number; high: number }, digits: number): string {
  return `${value.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

function read(file: string, estimator: string): Prediction[] {
  const rows: Prediction[] = parse(readFileSync(file), { columns: true });
  return rows.filter((row) => row.estimator === estimator);
}

function key({ entity_id, cutoff }: Prediction): string {
  return `${entity_id} ${cutoff}`;
}
