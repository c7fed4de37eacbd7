import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
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
    const report = await json(...TIMES, '--predictions', 'said.csv');
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
    const said: Record<string, string>[] = parse(readFileSync(join(directory, 'said.csv')), { columns: true });
    expect(Object.keys(said[0]).join()).toBe('entity_id,cutoff,estimator,probability,outcome');
    expect(said).toHaveLength(report.estimators.length * report.test.rows);
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

  it('--replay gives the list of a day with what happened and whom it missed', async () => {
    const { stdout } = await run('--replay', '2024-08-05');
    expect(stdout).toMatch(
      /^What would have been seen on 2024-08-05: \d+ to review of \d+ at risk\. \d+ of .* went quiet .*\n.*learnt from \d+ partner-months .* on record that day; .* known on 2025-01-01\.\n\n 1 {2}\S.*: (went quiet|stayed)\n.*Not on the list, and went quiet; the most surprising first:\n {4}\S/s,
    );
    const report = await json('--replay', '2024-08-05');
    expect(report).toMatchObject({ model: 'churn-risk', as_of: '2024-08-05', known_until: '2025-01-01' });
    expect(report.list).toHaveLength(report.listed);
    expect(report.list[0]).toMatchObject({ rank: 1, listed: true, name: expect.stringMatching(/ /) });
    expect(report.misses).toHaveLength(report.missed);
    expect(report.misses[0]).toMatchObject({ rank: null, listed: false, outcome: 'went quiet' });
    expect(report.at_risk.went_quiet).toBe(report.hits + report.missed);
    const rows: Record<string, string>[] = parse((await run('--replay', '2024-08-05', '--csv')).stdout, {
      columns: true,
    });
    expect(Object.keys(rows[0]).join()).toBe('rank,partner_id,name,as_of,probability,band,listed,outcome');
    expect(rows.map(({ partner_id, listed }) => [partner_id, listed])).toEqual(
      [...report.list, ...report.misses].map(({ partner_id, listed }) => [partner_id, listed ? '1' : '0']),
    );
  }, 120_000);

  it.each([
    [[], 2, /--train FROM\.\.TO --test FROM\.\.TO.*--replay DATE/],
    [['--replay', '2024-08-05', ...TIMES], 2, /all that was on record by its day; leave out --train, --test/],
    [['--replay', '2024-08-05', '--embargo', '5'], 2, /leave out --embargo/],
    [['--replay', 'monday'], 2, /yyyy-MM-dd/],
    [['--replay', '2025-02-03'], 2, /The facts reach to 2025-01-01/],
    [['--replay', '2023-05-01'], 3, /Not enough data for churn-risk until 2023-05-01/],
  ])('%j ends with %d and says what to do', async (args, code, message) => {
    const ended = await run(...args);
    expect(ended.stderr).toMatch(message);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
  });
});
