import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openOutput } from '../../cli/output.ts';
import { command } from '../helpers/command-line.ts';

const ESCAPE = '\u001b';
const NAME = `events-${ESCAPE}[2J.csv`;
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'partnercast-harmless-'));
  writeFileSync(join(directory, NAME), 'partner_id,kind,happened_at\np,portal.login,2024-01-05\np,x,soon\n');
  writeFileSync(join(directory, 'partners.csv'), `partner_id,${ESCAPE}[31mname\np,P\n`);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it.each([
  [['check', NAME], /events-\\u001b\[2J\.csv is read as events/],
  [['ingest', NAME, '--max-bad', '60'], /events-\\u001b\[2J\.csv +events +2/],
  [['quarantine', 'retry'], /events-\\u001b\[2J\.csv +events +1/],
  [['check', 'partners.csv'], /no column "name".*there are partner_id, \\u001b\[31mname/],
])(
  'what files are called cannot steer the terminal: %j',
  async (args, shown) => {
    const { stdout, stderr } = await command(args, { cwd: directory });
    expect(stdout + stderr).not.toContain(ESCAPE);
    expect(stdout + stderr).toMatch(shown);
  },
  60_000,
);

it('neither can what records are called, while our own colours stay', () => {
  const shown: string[] = [];
  const stream = { isTTY: true, write: (text: string) => shown.push(text) } as unknown as NodeJS.WriteStream;
  const { print, colour } = openOutput(stream, stream, {});
  print(`${colour.bold(`Evil ${ESCAPE}[2J`)} ${ESCAPE}]0;title\u0007\u202e`);
  expect(shown).toEqual([`${ESCAPE}[1mEvil \\u001b[2J${ESCAPE}[22m \\u001b]0;title\\u0007\\u202e\n`]);
});
