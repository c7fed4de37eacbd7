import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../pipelines/index.ts';
import { command, SOURCE } from '../helpers/command-line.ts';
import { writeSalesforceExports } from '../helpers/salesforce-exports.ts';

/** The first afternoon of README: two exports of a CRM, and nothing else. */
describe('a newcomer with two Salesforce exports', { timeout: 240_000 }, () => {
  let directory: string;
  const exports = ['exports/Account.csv', 'exports/Opportunity.csv'];
  const partnercast = (...args: string[]) => command(args, { cwd: directory, from: SOURCE });

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'partnercast-newcomer-'));
    const world = { partners: 250, months: 30, seed: 11, end: Date.parse('2026-01-01'), activity: 0.1 };
    await simulate(world, join(directory, 'world'), () => {});
    writeSalesforceExports(join(directory, 'world'), join(directory, 'exports'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('without the mapping is told what to do', async () => {
    const { code, stderr } = await partnercast('check', ...exports);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /Account\.csv cannot be told to be any input\. Files of that name are read with --map salesforce\./,
    );
  });

  it('sees what the exports hold, loads them, runs, and reads a list with reasons', async () => {
    const checked = await partnercast('check', ...exports, '--map', 'salesforce');
    expect(checked.code).toBe(0);
    expect(checked.stdout).toMatch(
      /partner_id ← Id, name ← Name.*deal\.registered +\d+ +yes.*churn-risk: a model that learns/s,
    );
    const loaded = await partnercast('ingest', ...exports, '--map', 'salesforce', '--json');
    const { total, files } = JSON.parse(loaded.stdout);
    expect(total).toMatchObject({ stored: total.read, quarantined: 0 });
    expect(files.map(({ table }: { table: string }) => table)).toEqual([
      'partners',
      'accounts',
      'deals',
      'deal_partners',
    ]);
    const ran = await partnercast('run');
    expect(ran.stdout).toMatch(/As of 2026-01-01: \d\d+ partners scored by churn-risk, [1-9]\d* on its list/);
    const listed = await partnercast('list', 'risks');
    expect(listed.stdout).toMatch(/Of the last \d+ flagged like this, \d+ went quiet/);
    expect(listed.stdout).toMatch(/^ 1 {2}\w.* P\d{5} · reseller/m);
    expect(listed.stdout).toMatch(/ at risk\n {4}- .*\(peers /);
  });

  it('who loads the same exports again changes nothing', async () => {
    const again = await partnercast('ingest', ...exports, '--map', 'salesforce', '--json');
    const { total } = JSON.parse(again.stdout);
    expect(total).toMatchObject({ stored: 0, duplicate: total.read });
  });

  it('is warned by check that what is new would be known only from today', async () => {
    const { stderr } = await partnercast('check', exports[1], '--map', 'salesforce');
    expect(stderr).toMatch(/Opportunity\.csv: its new facts count as known only from now/);
    const elsewhere = await partnercast('check', exports[1], '--map', 'salesforce', '--data', 'elsewhere');
    expect(elsewhere.stderr).not.toMatch(/known only from now/);
    expect(existsSync(join(directory, 'elsewhere'))).toBe(false);
  });

  it('is told by check which file would be refused whole', async () => {
    writeFileSync(join(directory, 'partners.csv'), 'partner_id,name\np1,One\np2,\n');
    const { stdout, code } = await partnercast('check', 'partners.csv');
    expect(code).toBe(0);
    expect(stdout).toMatch(/line 3, name: is empty.*partners\.csv would be refused whole: more than 5 %/s);
  });
});
