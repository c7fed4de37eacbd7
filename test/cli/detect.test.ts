import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { detectors } from '../../models/index.ts';
import { command } from '../helpers/command-line.ts';
import { steady } from '../helpers/weekly.ts';

let place: string;
const run = (...args: string[]) => command(['detect', ...args], { cwd: place });

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'partnercast-detect-'));
});
afterAll(() => rmSync(place, { recursive: true }));

it('flags the week that stands out, and the one that is missing nearly all', async () => {
  const rows = steady([10, 30, 3], 80, 2);
  rows[0][70] = 60;
  rows[1][75] = 1;
  const lines = rows.flatMap((values, s) => values.map((value, week) => `s${s},${week},${value}`));
  writeFileSync(join(place, 'weeks.csv'), `series,week,count\n${lines.join('\n')}\n`);
  const ended = await run('weeks.csv', '--out', 'found.csv', '--trial', '--json');
  const told = JSON.parse(ended.stdout);
  expect(told.trial.map(({ name }: { name: string }) => name)).toEqual(detectors.map(({ name }) => name));
  expect(told).toMatchObject({ series: 3, weeks: 240, told: 3 * 54, above: 1, below: 1 });
  const found: Record<string, string>[] = parse(readFileSync(join(place, 'found.csv')), { columns: true });
  expect(Object.keys(found[0])).toEqual(['series', 'week', 'expected', 'p', 'flag']);
  expect(found[0]).toMatchObject({ series: 's0', week: '0', expected: '', p: '', flag: '0' });
  const flagged = found.filter(({ flag }) => flag !== '0');
  expect(flagged.map(({ series, week, flag }) => `${series} ${week} ${flag}`)).toEqual(['s0 70 1', 's1 75 -1']);
  expect(Number(flagged[0]['expected'])).toBeCloseTo(10, -1);
  expect(Number(flagged[0]['p'])).toBeLessThan(1e-6);
});

it('says that a file is too young, and refuses what it cannot use', async () => {
  writeFileSync(join(place, 'young.csv'), 'series,week,count\na,1,4\n');
  expect((await run('young.csv', '--out', 'found.csv')).stdout).toMatch(/none of them told of: .* half a year/);
  writeFileSync(join(place, 'bad.csv'), 'series,week,count\na,1,-4\n');
  expect(await run('bad.csv', '--out', 'x.csv')).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^bad.csv: Line 2/),
  });
  expect(await run('none.csv', '--out', 'x.csv')).toMatchObject({ code: 2, stderr: 'There is no file none.csv.\n' });
  expect(await run('bad.csv', '--out', 'x.csv', '--fdr', '1')).toMatchObject({ code: 2 });
});
