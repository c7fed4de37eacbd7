import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../models/index.ts';
import { command } from '../helpers/command-line.ts';

describe('propensity', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'partnercast-propensity-'));
    const random = seeded(2);
    const rows = Array.from({ length: 200 }, (_, i) => {
      const isLike = i % 4 === 0;
      return [isLike && i % 8 === 0 ? '1' : '', isLike ? 'red' : 'blue', random().toFixed(3)].join(';');
    });
    writeFileSync(join(cwd, 'companies.csv'), `like;colour;size\n${rows.join('\n')}\n`);
    writeFileSync(join(cwd, 'broken.csv'), 'like,colour\n1,red\n,blue,green\n');
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  const run = (...args: string[]) => command(['propensity', ...args], { cwd });

  it('writes a fit for every row of a file with semicolons, and says how well it can be told', async () => {
    const { code, stdout } = await run('companies.csv', '--label', 'like', '--out', 'fit.csv');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/AUC .*95 %/)]);
    const [header, ...lines] = readFileSync(join(cwd, 'fit.csv'), 'utf8').trim().split('\n');
    expect([header, lines.length]).toEqual(['row,fit', 200]);
    const fit = lines.map((line) => Number(line.split(',')[1]));
    const red = fit.filter((_, i) => i % 4 === 0);
    const blue = fit.filter((_, i) => i % 4 !== 0);
    expect(lines.map((line) => Number(line.split(',')[0]))).toEqual(lines.map((_, i) => i + 1));
    expect(Math.min(...red)).toBeGreaterThan(Math.max(...blue));
  });

  it.each([
    [['companies.csv', '--label', 'lik'], 2, /no column "lik" \(did you mean "like"\?\); it has like, colour, size/],
    [['companies.csv', '--label', 'colour'], 3, /row 1 has "red" in "colour"; write 1/],
    [['nowhere.csv', '--label', 'like'], 2, /no file nowhere\.csv/],
    [['broken.csv', '--label', 'like'], 3, /line 3 has 3 fields where the header has 2/],
  ])('%j ends with %i and says why', async (args, code, says) => {
    const ended = await run(...args, '--out', 'fit-2.csv');
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(says)]);
  });
});
