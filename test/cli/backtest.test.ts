import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from '../helpers/command-line.ts';

const measured = { value: expect.any(Number), low: expect.any(Number), high: expect.any(Number) };
const TIMES = ['--train', '2023-07-01..2024-02-01', '--test', '2024-06-01..2024-09-01', '--test-every', 'month'];

describe('backtest, by the command line', () => {
  let directory: string;
  const run = (...args: string[]) => command(['backtest', 'churn-risk', ...args], { cwd: directory });
  const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'partnercast-backtest-'));
    const world = ['--partners', '140', '--months', '22', '--seed', '4', '--end', '2025-01-01', '--out', 'world'];
    await command(['simulate', ...world], { cwd: directory });
    await command(['ingest', 'world'], { cwd: directory });
  }, 120_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('looks at the champion from all sides, every accuracy with its interval', async () => {
    const report = await json(...TIMES);
    expect(report.train).toMatchObject({ until: '2024-06-01', purged_cutoffs: 0 });
    const others = report.estimators.map(({ name }: { name: string }) => name);
    expect(report.challengers.map(({ name }: { name: string }) => name)).toEqual(
      others.filter((name: string) => name !== report.champion),
    );
    expect(report.challengers[0]).toMatchObject({ log_loss: measured, auc: measured, verdict: expect.any(String) });
    expect(report.at_capacity).toMatchObject({ capacity: 12, lists: 4, hit_rate: measured, recency_rate: measured });
    expect(report.at_capacity).toMatchObject({ anyone_rate: measured, above_recency: measured, caught: measured });
    expect(report.lead_time).toMatchObject({ endings: expect.any(Number), never: measured });
    expect(report.false_alarms).toMatchObject({ count: expect.any(Number), per_partner_quarter: measured });
    expect(report.false_alarms.count).toBe(report.at_capacity.flagged - report.at_capacity.hits);
    const rows = (slices: { rows: number }[]) => slices.reduce((sum, slice) => sum + slice.rows, 0);
    expect(rows(report.unseen)).toBe(report.test.rows);
    expect(report.segments.map(({ by }: { by: string }) => by)).toEqual(['type', 'region', 'tier']);
    for (const { segments } of report.segments) expect(rows(segments)).toBe(report.test.rows);
    expect(report.segments[0].segments[0]).toMatchObject({ name: expect.any(String), base_rate: measured });
    expect(report.learning_curve.points.at(-1)).toMatchObject({ share: 1, rows: report.train.rows, auc: measured });
    expect(report.learning_curve.text).toMatch(/^More partners would/);
  }, 120_000);

  it('tells people the estimators and the verdict first, and what an embargo left out', async () => {
    const { stdout, stderr } = await run(...TIMES, '--embargo', '60');
    expect(stderr).toMatch(
      /1 training cutoffs were left out: .* known on 2024-04-02, 60 days before the first test cutoff/,
    );
    expect(stdout).toMatch(
      /^churn-risk: learnt from .*\n\nestimator .*\* champion, .* (better than|as good).*The others beside .*4 lists of at most 12\. Of \d+ flagged.*How early: of \d+ endings .*False alarms: \d+.*By type:.*By tier:.*learnt from fewer partners/s,
    );
  }, 120_000);

  it.each([[[], 2, /--train FROM\.\.TO --test FROM\.\.TO/]])(
    '%j ends with %d and says what to do',
    async (args, code, message) => {
      const ended = await run(...args);
      expect(ended.stderr).toMatch(message);
      expect([ended.code, ended.stdout]).toEqual([code, '']);
    },
  );
});
