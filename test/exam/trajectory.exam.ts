import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from '../helpers/command-line.ts';
import { recordRun } from '../helpers/runs-file.ts';

const LOG = fileURLToPath(
  new URL('../../../shared/data/openstack-partners/contributions-2010-2018.csv', import.meta.url),
);
const RUNS = new URL('./RUNS.md', import.meta.url);
/** Of the reference's multinomial logistic regression on the same rows. */
const REFERENCE = { log_loss: 0.736, rps: 0.1189 };

type Figure = { value: number; low: number; high: number };

interface Report {
  train: { rows: number };
  test: { rows: number };
  estimators: { name: string; log_loss: Figure; rps: Figure; macro_f1: Figure }[];
  champion: string;
  gain: Figure;
}

describe('trajectory of OpenStack partners, learnt until 2015-04 and judged on 2015-10 to 2018-07', () => {
  let directory: string;
  let report: Report;

  beforeAll(async () => {
    if (!existsSync(LOG)) throw new Error(`The exam needs ${LOG}, which is not here.`);
    directory = mkdtempSync(join(tmpdir(), 'partnercast-exam-'));
    await command(['ingest', LOG, '--map', 'openstack', '--json'], { cwd: directory });
    const backtest = [
      'backtest',
      'trajectory',
      '--train',
      '2012-01-01..2015-04-01',
      '--test',
      '2015-10-01..2018-07-01',
    ];
    report = JSON.parse((await command([...backtest, '--json'], { cwd: directory })).stdout);
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('finds the rows of the reference, and what it says of anybody', () => {
    expect(report.test.rows).toBe(857);
    // Ours is calibrated on the later half of the training time, the reference's is not.
    expect(Math.abs(of('class-base-rate').log_loss.value - 0.78)).toBeLessThanOrEqual(0.01);
  });

  it("its champion is not worse than the reference's multinomial logistic regression", () => {
    const champion = of(report.champion);
    recordRun(RUNS, 'OpenStack trajectories', [
      report.estimators.map((each) => `${each.name} ${tell(each)}`).join('; '),
      report.champion,
      interval(champion.log_loss, 3),
      interval(champion.rps, 4),
    ]);
    expect(champion.log_loss.low).toBeLessThanOrEqual(REFERENCE.log_loss);
    expect(champion.rps.low).toBeLessThanOrEqual(REFERENCE.rps);
    expect(champion.log_loss.value).toBeLessThanOrEqual(REFERENCE.log_loss);
    expect(champion.rps.value).toBeLessThanOrEqual(REFERENCE.rps);
  });

  it('it is clearly better than the rules of thumb', () => {
    expect(report.gain.low).toBeGreaterThan(0);
  });

  function of(name: string) {
    const found = report.estimators.find((each) => each.name === name);
    if (!found) throw new Error(`no estimator ${name}`);
    return found;
  }
});

function tell({ log_loss, rps, macro_f1 }: Report['estimators'][number]): string {
  return `${log_loss.value.toFixed(4)} / ${rps.value.toFixed(4)} / ${macro_f1.value.toFixed(3)}`;
}

function interval({ value, low, high }: Figure, digits: number): string {
  return `${value.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}
