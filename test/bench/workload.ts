import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Writes partners.csv and events.csv; beside the clone, or where `WORKLOAD` says. The peer is beside it. */
export const WORKLOAD =
  process.env['WORKLOAD'] ?? fileURLToPath(new URL('../../../shared/bench/workload.py', import.meta.url));
export const PEER = join(dirname(WORKLOAD), 'peer.py');

/** @throws Error that says what is missing */
export function requireWorkload(...more: string[]): void {
  for (const file of [WORKLOAD, ...more]) {
    if (!existsSync(file)) throw new Error(`The bench needs ${file}; WORKLOAD names another workload.py.`);
  }
}

/** Two files of a made-up program in a directory of their own below `place`; the same size is written once. */
export function writeWorkload(events: number, place: string): string {
  requireWorkload();
  const out = join(place, `events-${events}`);
  if (!existsSync(out))
    execFileSync('python3', [WORKLOAD, '--events', String(events), '--out', out], { stdio: 'inherit' });
  return out;
}
