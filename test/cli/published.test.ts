import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('what is published', () => {
  let place: string;
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [join(place, 'bin/partnercast.js'), ...args], {
      cwd: place,
      encoding: 'utf8',
      env: { ...process.env, DATABASE_URL: '' },
    });

  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'partnercast-published-'));
    const packed = JSON.parse(
      execFileSync('npm', ['pack', '--dry-run', '--json'], {
        cwd: ROOT,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    for (const { path } of packed[0].files as { path: string }[]) {
      mkdirSync(join(place, path, '..'), { recursive: true });
      cpSync(join(ROOT, path), join(place, path));
    }
    symlinkSync(join(ROOT, 'node_modules'), join(place, 'node_modules'));
  }, 120_000);
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  it('is built JavaScript that runs by itself: simulate, ingest, list what it has', () => {
    expect(run('--version').trim()).toMatch(/^\d+\.\d+\.\d+$/);
    run('simulate', '--partners', '5', '--months', '3', '--out', 'world');
    expect(JSON.parse(run('ingest', 'world', '--json')).total.quarantined).toBe(0);
    expect(run('doctor')).toMatch(/schema up to date/);
    expect(() => run('ingest', 'world/events.csv', '--map', 'openstack')).toThrow();
  }, 120_000);
});
