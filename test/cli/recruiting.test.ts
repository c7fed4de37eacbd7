import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from '../helpers/command-line.ts';

describe('recruiting on the command line', () => {
  let cwd: string;
  const run = (...args: string[]) => command(args, { cwd });
  const rows = (text: string): Record<string, string>[] => parse(text, { columns: true });

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'partnercast-recruiting-'));
    await run('simulate', '--partners', '60', '--months', '14', '--out', 'world');
    await run('ingest', 'world');
    const ran = await run('run', '--as-of', '2026-01-01', '--json');
    const { prospects } = JSON.parse(ran.stdout);
    expect(prospects.listed).toBe(10);
    expect(prospects.open + prospects.done + prospects.partners + prospects.accounts + prospects.repeated).toBe(
      prospects.prospects,
    );
  }, 180_000);
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  it('lists prospects in the columns that are promised, and what was done leaves the list', async () => {
    const before = await run('list', 'prospects', '--csv');
    expect(before.stdout).toMatch(/^rank,prospect_id,fit,accept,exploratory,matched,against,nearest[,\n]/);
    const listed = rows(before.stdout);
    expect(listed.map(({ rank }) => Number(rank))).toEqual(listed.map((_, i) => i + 1));
    for (const { exploratory, nearest } of listed) {
      expect(exploratory).toMatch(/^(true|false)$/);
      expect(nearest).toMatch(/^P\d+/);
    }
    const [{ prospect_id: id }] = listed;
    expect((await run('prospects', 'record', id, '--action', 'archived')).code).toBe(0);
    const left = JSON.parse((await run('list', 'prospects', '--json')).stdout);
    expect(left.map(({ prospect_id }: { prospect_id: string }) => prospect_id)).toEqual(
      listed.slice(1).map(({ prospect_id }) => prospect_id),
    );
    const wrong = await run('prospects', 'record', 'nobody', '--action', 'archived');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/no prospect "nobody"/)]);
  }, 120_000);

  it('shows the profile, takes one that was written by hand, and refuses what is none', async () => {
    const shown = JSON.parse((await run('ipp', 'show', '--json')).stdout);
    expect(shown).toMatchObject({ source: 'learnt', considered: expect.any(Number) });
    const traits = [{ trait: 'employees>=50', direction: 'for' }];
    writeFileSync(join(cwd, 'mine.json'), JSON.stringify({ ...shown, traits }));
    const { profile, contest } = JSON.parse((await run('ipp', 'import', 'mine.json', '--json')).stdout);
    expect(profile).toMatchObject({ source: 'edited', traits: [{ trait: 'employees>=50', direction: 'for' }] });
    expect(contest.says).toMatch(/profile ranks them better|Neither can be told|Too few partners/);
    writeFileSync(join(cwd, 'wrong.json'), '{"traits": []}');
    const wrong = await run('ipp', 'import', 'wrong.json');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/This is no profile: traits/)]);
  }, 120_000);

  it('reports white space', async () => {
    const { stdout } = await run('report', 'whitespace', '--as-of', '2026-01-01', '--csv');
    expect(stdout).toMatch(
      /^segment,region,companies,market_share,partners,capacity,coverage_share,white_space,room\n/,
    );
    const cells = rows(stdout);
    expect(cells).toHaveLength(24);
    expect(cells.reduce((sum, { market_share }) => sum + Number(market_share), 0)).toBeCloseTo(1, 9);
  }, 120_000);
});
