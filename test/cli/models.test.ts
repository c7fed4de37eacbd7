import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import {
  classScoringModels,
  saveClassVersion,
  saveVersion,
  scoringModels,
  trainClassVersion,
  trainVersion,
} from '../../models/index.ts';
import { openStore, promoteVersion, registerVersion } from '../../store/index.ts';
import { command } from '../helpers/command-line.ts';
import { someClassSet, someSet } from '../helpers/sets.ts';

const [model] = scoringModels;
const [trajectory] = classScoringModels;
const UNTIL = parseDay('2024-01-01');

describe('the registry by the command line', () => {
  let directory: string;
  const versions: string[] = [];
  const run = (...args: string[]) => command(['models', ...args], { cwd: directory });
  const rows = async (...args: string[]): Promise<Record<string, string>[]> =>
    parse((await run(...args, '--csv')).stdout, { columns: true });
  const states = async (model = 'churn-risk') =>
    Object.fromEntries((await rows('list', model)).map(({ version, state }) => [version, state]));

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'partnercast-models-'));
    const store = await openStore({ databaseUrl: undefined, directory: join(directory, '.partnercast') }, 'a test');
    for (const seed of [1, 2]) {
      const settings = { until: UNTIL, seed, threads: 1, capacity: 5, rulesOnly: true };
      const { fitted, card } = await trainVersion(model, someSet(60, 12, 1), settings);
      const saved = saveVersion({ ...fitted, features: [] });
      await registerVersion(store, saved, card, new Date(UNTIL + seed));
      versions.push(saved.version);
    }
    const decision = { kind: 'promoted', decidedBy: 'training', why: 'the first', decidedAt: UNTIL } as const;
    await promoteVersion(store, model.name, { ...decision, version: versions[0], inUseFrom: UNTIL });
    const classes = { until: UNTIL, seed: 1, threads: 1, rulesOnly: true };
    const { fitted, card } = await trainClassVersion(trajectory, someClassSet(60, 12, 1), classes);
    for (const version of ['of-classes', 'as-good']) {
      const saved = { ...saveClassVersion({ ...fitted, features: [] }), version };
      await registerVersion(store, saved, card, new Date(UNTIL));
    }
    await promoteVersion(store, 'trajectory', { ...decision, version: 'of-classes', inUseFrom: UNTIL });
    await store.close();
  }, 120_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('lists versions with what was decided about them', async () => {
    const list = await rows('list');
    expect(Object.keys(list[0]).join()).toBe('model,version,trained_until,champion,state,in_use_from,decided_by,why');
    expect(await states()).toEqual({ [versions[0]]: 'in use', [versions[1]]: 'not promoted' });
    expect(list.find(({ state }) => state === 'in use')).toMatchObject({ decided_by: 'training', why: 'the first' });
  });

  it('promotes, and rolls back once: before the first there is none', async () => {
    const said = ['--from', '2024-02-01', '--by', 'Ada', '--why', 'a look'];
    const promoted = JSON.parse((await run('promote', 'churn-risk', versions[1], ...said, '--json')).stdout);
    expect(promoted).toEqual({
      model: 'churn-risk',
      version: versions[1],
      in_use_from: '2024-02-01',
      kind: 'promoted',
      decided_by: 'Ada',
      why: 'a look',
    });
    expect(await states()).toEqual({ [versions[0]]: 'was in use', [versions[1]]: 'in use' });
    const back = await run('rollback', 'churn-risk', '--from', '2024-02-02');
    expect(back.stdout).toBe(`churn-risk: ${versions[0]} is in use from 2024-02-02 on (rolled back).\n`);
    expect(await states()).toEqual({ [versions[0]]: 'in use', [versions[1]]: 'was in use' });
    const again = await run('rollback', 'churn-risk', '--from', '2024-02-03');
    expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/none was before it\.\n$/)]);
  }, 120_000);

  it('shows the card in words, as JSON, as figures and as a page', async () => {
    const words = (await run('card', 'churn-risk')).stdout;
    expect(words).toMatch(/^churn-risk \S+: recency-rule\nHow likely.*Asked about: .*Not for:\n- ending/s);
    const card = JSON.parse((await run('card', 'churn-risk', '--of', versions[1], '--json')).stdout);
    expect(card).toMatchObject({ version: versions[1], state: 'was in use', label: { horizon_days: 90 } });
    expect(card.decisions.map(({ kind }: { kind: string }) => kind)).toEqual(['promoted', 'promoted', 'rolled back']);
    const figures = await rows('card', 'churn-risk');
    expect(figures[0]).toMatchObject({ estimator: 'recency-rule', figure: 'auc' });
    expect(Number(figures[0]['low'])).toBeLessThan(Number(figures[0]['value']));
    const page = (await run('card', 'churn-risk', '--html')).stdout;
    expect(page).toMatch(/^<!doctype html>.*<style>.*What it must not be used for.*<\/html>/s);
    expect(page).not.toMatch(/(src|href)="/);
  }, 120_000);

  it('has models of classes among the others: listed, promoted, rolled back, told in words and figures', async () => {
    expect(new Set((await rows('list')).map(({ model: name }) => name))).toEqual(new Set(['churn-risk', 'trajectory']));
    expect(await states('trajectory')).toEqual({ 'of-classes': 'in use', 'as-good': 'not promoted' });
    expect((await run('promote', 'trajectory', 'as-good', '--from', '2024-02-01')).code).toBe(0);
    expect(await states('trajectory')).toEqual({ 'of-classes': 'was in use', 'as-good': 'in use' });
    expect((await run('rollback', 'trajectory', '--from', '2024-02-02')).stdout).toMatch(
      /^trajectory: of-classes is in use/,
    );
    const words = (await run('card', 'trajectory')).stdout;
    expect(words).toMatch(
      /^trajectory of-classes: \S+\nWill this partner grow.*Asked about: .*rps.*On average of churn/s,
    );
    expect(words).toMatch(/Not for:\n- ending/);
    const card = JSON.parse((await run('card', 'trajectory', '--json')).stdout);
    expect(card).toMatchObject({ model: 'trajectory', state: 'in use', classes: ['churn', 'stagnate', 'grow'] });
    expect(card.decisions).toHaveLength(3);
    const figures = await rows('card', 'trajectory');
    expect(figures.slice(0, 3).map(({ figure }) => figure)).toEqual(['log_loss', 'rps', 'macro_f1']);
    expect(Number(figures[1]['low'])).toBeLessThan(Number(figures[1]['high']));
    const page = (await run('card', 'trajectory', '--html')).stdout;
    expect(page).toMatch(/<style>.*What it must not be used for.*RPS.*turned out to grow.*<\/html>/s);
    expect(page).not.toMatch(/(src|href)="/);
  }, 120_000);

  it.each([
    [['card', 'churn-risk', '--of', 'nothing'], /no version "nothing" of churn-risk\. "partnercast models list"/],
    [
      ['promote', 'churn-risk', 'nothing', '--from', '2024-02-01'],
      /Not promoted: version nothing .* is not registered/,
    ],
    [['promote', 'churn-risk', 'VERSION', '--from', '2023-01-01'], /learnt from facts until 2024-01-01/],
    [['card', 'fortune'], /no model "fortune"/],
  ])('%j is refused with what to do', async (args, because) => {
    const ended = await run(...args.map((arg) => (arg === 'VERSION' ? versions[1] : arg)));
    expect(ended.stderr).toMatch(because);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
  });
});
