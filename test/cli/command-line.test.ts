import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import { saveVersion, scoringModels, trainVersion } from '../../models/index.ts';
import { inputs } from '../../pipelines/ingest/inputs.ts';
import { openStore, promoteVersion, registerVersion } from '../../store/index.ts';
import { command, startCommand } from '../helpers/command-line.ts';
import { NAMES, someSet, withColumns } from '../helpers/sets.ts';

let directory: string;
const run = (...args: string[]) => command(args, { cwd: directory });
const json = async (...args: string[]) => {
  const ended = await run(...args, '--json');
  if (ended.code !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout);
};
const csv = async (...args: string[]): Promise<Record<string, string>[]> =>
  parse((await run(...args, '--csv')).stdout, { columns: true });
const header = async (...args: string[]) => (await run(...args, '--csv')).stdout.split('\n')[0];

describe('from exports to a list, by the command line', () => {
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'partnercast-cli-'));
    await json(
      'simulate',
      '--partners',
      '140',
      '--months',
      '22',
      '--seed',
      '4',
      '--end',
      '2025-01-01',
      '--out',
      'world',
    );
    await json('ingest', 'world');
  }, 120_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('simulate writes exports and the truth beside them', () => {
    const names = inputs.map(({ name }) => `${name}.csv`);
    expect(readdirSync(join(directory, 'world')).sort()).toEqual([...names, 'truth'].sort());
    expect(readFileSync(join(directory, 'world/truth/partners.csv'), 'utf8').split('\n')[0]).toBe(
      'partner_id,cutoff,true_hazard_90',
    );
  });

  it('ingest again stores nothing, and counts every row', async () => {
    const { files, total } = await json('ingest', 'world');
    expect(files.map(({ table }: { table: string }) => table)).toEqual(inputs.map(({ name }) => name));
    expect(total).toMatchObject({ stored: 0, quarantined: 0 });
    expect(total.duplicate).toBe(total.read);
    expect(await header('ingest', 'world')).toBe('file,table,read,stored,duplicate,quarantined,left_out');
  });

  it('check says what is in the files and what it suffices for, and writes nothing', async () => {
    const other = mkdtempSync(join(tmpdir(), 'partnercast-check-'));
    const checked = await command(['check', join(directory, 'world'), '--json'], { cwd: other });
    const report = JSON.parse(checked.stdout);
    expect(report.sufficient[0]).toMatchObject({ model: 'churn-risk', verdict: 'model', missing: [] });
    expect(report.sufficient[0].claims.map(({ claim }: { claim: string }) => claim)).toEqual([
      'ranking',
      'calibrated',
      'per-segment',
    ]);
    expect(report.sufficient[0].claims[0]).toMatchObject({ supported: true, missing: [] });
    expect(report.sufficient.map(({ model }: { model: string }) => model)).toEqual(
      expect.arrayContaining(['activation', 'new-partner-potential', 'trajectory']),
    );
    const { read, stored, duplicate, quarantined } = report.total;
    expect([stored + duplicate, quarantined]).toEqual([read, 0]);
    writeFileSync(
      join(other, 'events.csv'),
      'partner_id,kind,happened_at\np,portal.login,2024-01-05\np,portal.login,soon\n',
    );
    const few = JSON.parse((await command(['check', 'events.csv', '--json'], { cwd: other })).stdout);
    expect(few.sufficient[0]).toMatchObject({ model: 'churn-risk', verdict: 'nothing' });
    expect(few.sufficient.at(-1)).toMatchObject({ model: 'trajectory', verdict: 'nothing' });
    expect(few.sufficient.at(-1).missing.join()).toMatch(/No event counts as doing business/);
    expect(few.refused[0]).toMatchObject({ line: 3, column: 'happened_at' });
    expect((await command(['check', 'events.csv'], { cwd: other })).stdout).toMatch(
      /portal\.login +1 +no.*Would be refused.*"soon" is not a date.*not enough data/s,
    );
    expect(readdirSync(other)).toEqual(['events.csv']);
    rmSync(other, { recursive: true, force: true });
  }, 120_000);

  it('features come as CSV, Arrow or Parquet, unknown empty', async () => {
    for (const file of ['f.csv', 'f.arrow', 'f.parquet']) {
      const { rows, features, quality } = await json('features', '--as-of', '2024-10-01,2024-12-01', '--out', file);
      expect(rows).toBeGreaterThan(150);
      expect(features).toBeGreaterThan(50);
      // No certificate is old enough to expire, and a tenth of those at risk is too few to be a profile.
      const unknown = ['certificates_expired_180d', 'similarity_to_top'];
      expect(quality).toMatchObject({ outcomes: null, unknown, suspicious: [] });
      expect(quality.features).toHaveLength(features);
      expect(quality.features[0]).toMatchObject({ feature: 'recency_days', auc: null, drift: expect.any(String) });
      expect(existsSync(join(directory, file))).toBe(true);
    }
    const rows: Record<string, string>[] = parse(readFileSync(join(directory, 'f.csv')), { columns: true });
    expect(Object.keys(rows[0]).slice(0, 3)).toEqual(['entity_id', 'cutoff', 'recency_days']);
    expect(rows.some(({ recency_days }) => recency_days === '')).toBe(true);
    expect(new Set(rows.map(({ cutoff }) => cutoff))).toEqual(new Set(['2024-10-01', '2024-12-01']));
    expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([]);
  }, 120_000);

  it('features tell their quality as a table for people, or as CSV', async () => {
    const args = ['features', '--as-of', '2024-06-01,2024-08-01,2024-10-01,2025-01-01', '--quality'];
    const rows = await csv(...args);
    expect(Object.keys(rows[0]).join()).toBe(
      'feature,unit,rows,unknown,constant,min,median,max,psi,psi_chance,drift,auc,outcome,suspicious',
    );
    expect(rows[0]).toMatchObject({
      feature: 'recency_days',
      unit: 'days',
      outcome: 'higher',
      suspicious: '0',
      min: '1',
    });
    expect(Number(rows[0]['auc'])).toBeGreaterThan(0.55);
    const { stdout, stderr } = await run(...args);
    expect(stdout).toMatch(/^feature +unit +unknown.*\nrecency_days +days +0 % .*auc: how well .* of churn-risk/s);
    expect(stderr).toMatch(/drifted +\d+ .*tenure_days \(PSI/);
  }, 120_000);

  it('features are listed as their definitions say, without any data', async () => {
    const place = mkdtempSync(join(tmpdir(), 'partnercast-list-'));
    const list = (...args: string[]) => command(['features', '--list', ...args], { cwd: place });
    const [view] = JSON.parse((await list('--json')).stdout);
    expect(view).toMatchObject({ view: 'churn-risk', entity: 'partner' });
    expect(view.features[0]).toMatchObject({ name: 'recency_days', unit: 'days', clears: 'one qualifying event' });
    expect((await list('--view', 'churn-risk')).stdout).toMatch(
      /^churn-risk: \d+ features of each partner\n\nfeature +unit +topic/,
    );
    expect(readdirSync(place)).toEqual([]);
    rmSync(place, { recursive: true });
  });

  it('backtest reports every estimator with intervals, and writes predictions', async () => {
    const args = [
      'backtest',
      'churn-risk',
      '--train',
      '2023-07-01..2024-03-01',
      '--test',
      '2024-06-01..2024-09-01',
      '--predictions',
      'p.csv',
    ];
    const report = await json(...args);
    expect(report.estimators.map(({ name }: { name: string }) => name)).toEqual([
      'base-rate',
      'recency-rule',
      'gamma-poisson',
      'logistic',
      'boosting',
      'neural-hazard',
      'average',
    ]);
    for (const figure of ['auc', 'average_precision', 'brier', 'log_loss', 'lift_at_10', 'ece']) {
      expect(report.estimators[3][figure]).toEqual({
        value: expect.any(Number),
        low: expect.any(Number),
        high: expect.any(Number),
      });
    }
    expect(typeof report.verdict).toBe('string');
    const predictions: Record<string, string>[] = parse(readFileSync(join(directory, 'p.csv')), { columns: true });
    expect(predictions).toHaveLength(report.estimators.length * report.test.rows);
    expect(Object.keys(predictions[0])).toEqual(['entity_id', 'cutoff', 'estimator', 'probability', 'outcome']);
  }, 120_000);

  it('train, score, run and list: the columns that outsiders rely on', async () => {
    const [trained] = await json('train', 'churn-risk', '--until', '2024-12-01');
    expect(trained.card.champion).toBeTruthy();
    const scores = await csv('score', 'churn-risk', '--as-of', '2024-12-15');
    expect(Object.keys(scores[0])).toEqual([
      'entity_id',
      'as_of',
      'model_version',
      'probability',
      'low',
      'high',
      'band',
      'reasons',
      'probability_30d',
      'probability_180d',
    ]);
    expect(scores[0]['model_version']).toBe(trained.version);
    expect(scores[0]['reasons']).toMatch(/peers/);

    const summary = await json('run');
    expect(summary).toMatchObject({ as_of: '2025-01-01', nudges: { delivered: 0 } });
    expect(summary.insufficient.map(({ model }: { model: string }) => model)).not.toContain('churn-risk');
    const risks = await csv('list', 'risks');
    expect(Object.keys(risks[0])).toEqual(
      'rank,partner_id,name,as_of,probability,low,high,band,value_at_risk_minor,currency,action,reasons'.split(','),
    );
    expect(risks.length).toBeLessThanOrEqual(12);
    const text = (await run('list', 'risks')).stdout;
    expect(text).toMatch(/^\d+ to review as of 2025-01-01, of \d+ at risk\.\n/);
    expect(text).not.toContain('\u001b');
    expect(await header('list', 'nudges')).toBe(
      'nudge_id,rule,entity_id,episode_start,assignment,assignment_probability,because,delivery',
    );
    expect(await header('list', 'incidents', '--all')).toMatch(
      /^incident_id,level,entity_id,metric,period,direction,observed,expected,p,status,/,
    );
    expect((await run('list', 'incidents')).stdout).toMatch(/^Week of 2024-12-23: \d+ new of [\d,]+ partner metrics/);
    expect(await header('runs')).toBe('pipeline,interval_start,interval_end,part,status,attempt,fence,rows,run_id');
    const [{ run_id }] = await json('runs');
    expect(run_id).toBe('daily/2024-12-31');
    const audited = await csv('audit', 'leakage', '--run', run_id);
    expect(audited).toHaveLength(summary.scored.length);
    expect(audited.every(({ verdict }) => verdict === 'ok')).toBe(true);
    expect(audited.find(({ model }) => model === 'churn-risk')).toMatchObject({
      as_of: '2025-01-01',
      rows: String(summary.scored[0].scores),
    });
    expect(await header('quarantine', 'list')).toBe('file,line,column,reason,raw');
    const findings = await json('doctor');
    expect(findings.map(({ state }: { state: string }) => state)).not.toContain('problem');
  }, 240_000);

  it('a run of the same day gives the same scores again', async () => {
    await json('run', '--as-of', '2025-01-01');
    const once = (await run('list', 'risks', '--all', '--csv')).stdout;
    await json('run', '--as-of', '2025-01-01');
    expect((await run('list', 'risks', '--all', '--csv')).stdout).toBe(once);
  }, 240_000);

  it.each([
    [['ingest', 'nowhere.csv'], 2, /no file or directory nowhere\.csv/],
    [['ingest', 'world/truth/partners.csv', '--map', 'openstack'], 3, /no column "partner"/],
    [
      ['backtest', 'fortune', '--train', '2024-01-01..2024-02-01', '--test', '2024-06-01..2024-06-01'],
      2,
      /no model "fortune"/,
    ],
    [['backtest', 'churn-risk', '--train', '2024-01-01', '--test', '2024-06-01..2024-06-01'], 2, /FROM\.\.TO/],
    [
      ['backtest', 'churn-risk', '--train', '2024-05-01..2024-05-01', '--test', '2024-06-01..2024-06-01'],
      2,
      /an outcome takes 90 days/,
    ],
    [['train', '--until', '2023-04-01'], 3, /Not enough data for churn-risk/],
    [
      ['score', 'churn-risk', '--as-of', '2020-01-01'],
      2,
      /Nothing was known yet on 2020-01-01: the records begin on 20/,
    ],
    [['score', 'churn-risk', '--as-of', '2023-09-01'], 2, /Train one first/],
    [['score', 'churn-risk', '--as-of', '2199-01-01'], 2, /has not come yet/],
    [['features', '--as-of', '2024-01-01', '--out', 'f.xlsx'], 2, /\.csv, \.arrow, \.parquet/],
    [['features', '--as-of', 'today', '--out', 'f.csv'], 2, /yyyy-MM-dd/],
    [['features', '--as-of', '2024-01-01', '--out', 'no/f.csv'], 2, /There is no directory no to write no\/f\.csv to/],
    [['features', '--as-of', '2024-01-01'], 2, /Say where to with --out/],
    [['features', '--list', '--as-of', '2024-01-01'], 2, /--list looks at no data/],
    [['run', '--as-of', '2199-01-01'], 2, /has not come yet/],
    [['run', '--send'], 2, /PARTNERCAST_WEBHOOK_SECRET/],
    [['start', '--host', '0.0.0.0'], 2, /so a key is needed/],
    [['start', '--port', 'http'], 2, /whole number/],
    [['lst'], 2, /Did you mean list/],
    [['list', 'risks', '--json', '--csv'], 2, /Choose one/],
    [['frobnicate'], 2, /unknown command/],
  ])('%j ends with %d and says what to do', async (args, code, message) => {
    const ended = await run(...args);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(code);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });

  it("keeps one's own data out of a demo, which would throw it away", async () => {
    const place = mkdtempSync(join(tmpdir(), 'partnercast-demo-'));
    mkdirSync(join(place, '.partnercast'));
    writeFileSync(join(place, '.partnercast/demo.json'), '{"world": {}, "complete": true}');
    const ended = await command(['ingest', join(directory, 'world')], { cwd: place });
    expect(ended.stderr).toMatch(/holds the demo's made-up partners.*--data/);
    expect(ended.code).toBe(2);
    rmSync(place, { recursive: true });
  });

  it('with --csv or --json nothing but that is on stdout', async () => {
    const csv = await run('train', '--until', '2025-01-01', '--csv');
    expect(csv.stdout).toMatch(/^model,version,champion,rows,partners\nchurn-risk,[^\n]*\n/);
    expect(JSON.parse((await run('check', 'world', '--json')).stdout)).toHaveProperty('total.read');
  }, 240_000);

  it('a second process gets 4 and the name of the holder; the store goes on after a kill', async () => {
    const first = startCommand(['start', '--port', '0'], { cwd: directory });
    await new Promise((resolve) => first.stdout?.once('data', resolve));
    const second = await run('runs');
    expect(second.code).toBe(4);
    expect(second.stderr).toMatch(new RegExp(`held by "partnercast start --port 0" \\(process ${first.pid} on `));
    first.kill('SIGKILL');
    await first.ended;
    expect((await run('runs')).code).toBe(0);
  }, 120_000);

  it.each([
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const)(
    '%s ends the server in order, with %d',
    async (signal, code) => {
      const server = startCommand(['start', '--port', '0'], { cwd: directory });
      await new Promise((resolve) => server.stdout?.once('data', resolve));
      server.kill(signal);
      const ended = await server.ended;
      expect(ended.code).toBe(code);
      expect(ended.stderr).not.toMatch(/error|killed/i);
      expect(readdirSync(join(directory, '.partnercast'))).toEqual(['columns', 'postgres']);
    },
    120_000,
  );
});

it('doctor tells of money that no rate is loaded for', async () => {
  const place = mkdtempSync(join(tmpdir(), 'partnercast-doctor-'));
  const rows = ['partner_id,kind,happened_at,value,currency', 'p,deal.won,2024-01-05,100,GBP'];
  writeFileSync(join(place, 'events.csv'), `${rows.join('\n')}\n`);
  await command(['ingest', 'events.csv'], { cwd: place });
  const { stdout } = await command(['doctor', '--json'], { cwd: place });
  const found = expect.stringMatching(/: 1 in GBP\.$/);
  expect(JSON.parse(stdout)).toContainEqual({ check: 'money', state: 'warning', found });
  rmSync(place, { recursive: true, force: true });
}, 120_000);

it('doctor tells of a feature that knows the outcome', async () => {
  const place = mkdtempSync(join(tmpdir(), 'partnercast-doctor-'));
  const set = someSet(60, 12, 1);
  const leaking = withColumns(set, [...NAMES, 'leaks'], [...set.table.columns, Float32Array.from(set.outcomes)]);
  const settings = { until: parseDay('2024-01-01'), seed: 1, threads: 1, capacity: 5, rulesOnly: true };
  const { fitted, card } = await trainVersion(scoringModels[0], leaking, settings);
  const store = await openStore({ databaseUrl: undefined, directory: join(place, '.partnercast') }, 'a test');
  const saved = saveVersion({ ...fitted, features: [] });
  await registerVersion(store, saved, card, new Date());
  const decision = { kind: 'promoted', decidedBy: 'a test', why: '', decidedAt: 0, inUseFrom: settings.until } as const;
  await promoteVersion(store, saved.model, { ...decision, version: saved.version });
  await store.close();
  const { stdout } = await command(['doctor', '--json'], { cwd: place });
  const found = expect.stringMatching(/^Too good to be true: by itself leaks \(AUC 1\.000, higher where it happened\)/);
  expect(JSON.parse(stdout)).toContainEqual({ check: 'churn-risk', state: 'warning', found });
  rmSync(place, { recursive: true, force: true });
}, 120_000);

describe('configuration', () => {
  it('comes from defaults, file, environment and flags, and says which', async () => {
    const place = mkdtempSync(join(tmpdir(), 'partnercast-config-'));
    writeFileSync(
      join(place, 'partnercast.config.json'),
      JSON.stringify({ team_capacity: 5, reporting_currency: 'EUR' }),
    );
    const env = { PARTNERCAST_TEAM_CAPACITY: '7', PARTNERCAST_WEBHOOK_SECRET: 'whsec_c2VjcmV0' };
    const ended = await command(['config', 'explain', '--json', '--data', './elsewhere'], { cwd: place, env });
    const of = (key: string) => JSON.parse(ended.stdout).find((each: { key: string }) => each.key === key);
    expect(of('team_capacity')).toMatchObject({ value: 7, from: 'environment' });
    expect(of('reporting_currency')).toMatchObject({ value: 'EUR', from: 'partnercast.config.json' });
    expect(of('nudge_quiet_days')).toMatchObject({ value: 30, from: 'default' });
    expect(of('data')).toMatchObject({ value: './elsewhere', from: 'flag' });
    expect(of('PARTNERCAST_WEBHOOK_SECRET')).toMatchObject({ value: '(set)' });
    expect(ended.stdout).not.toContain('c2VjcmV0');

    writeFileSync(join(place, 'partnercast.config.json'), JSON.stringify({ team_capcity: 5 }));
    const wrong = await command(['config', 'explain'], { cwd: place });
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toMatch(
      /partnercast\.config\.json: there is no setting "team_capcity" \(did you mean "team_capacity"\?\)/,
    );
    const bad = await command(['config', 'explain'], { cwd: place, env: { PARTNERCAST_NUDGE_HOLD_OUT: '2' } });
    expect(bad.stderr).toMatch(/environment PARTNERCAST_NUDGE_HOLD_OUT/);
    rmSync(place, { recursive: true, force: true });
  });
});
