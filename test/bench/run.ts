import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/* `npm run bench` runs every bench, one after the other; `npm run bench -- features` those that are named. */

const PLACE = fileURLToPath(new URL('.', import.meta.url));
const ENDING = '.bench.ts';

const benches = readdirSync(PLACE)
  .filter((file) => file.endsWith(ENDING))
  .map((file) => file.slice(0, -ENDING.length));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !benches.includes(name));
if (unknown.length > 0) throw new Error(`No bench ${unknown.join(', ')}; there are ${benches.join(', ')}.`);
for (const name of asked.length > 0 ? asked : benches) {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', `${PLACE}${name}${ENDING}`], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
