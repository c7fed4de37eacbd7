import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lock } from '../../store/lock.ts';

const LOCK = fileURLToPath(new URL('../../store/lock.ts', import.meta.url));

describe('the lock of an embedded store', () => {
  let directory: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'partnercast-lock-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  /** Another process that takes the lock and holds it until it is killed. */
  function holder(): Promise<{ child: ChildProcess; said: string }> {
    const code = `
      const { lock } = await import(${JSON.stringify(LOCK)});
      await lock(${JSON.stringify(directory)}, 'other work').then(() => console.log('held'), (e) => console.log(e.code));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code]);
    children.push(child);
    return new Promise((resolve) =>
      child.stdout.once('data', (piece) => resolve({ child, said: String(piece).trim() })),
    );
  }

  it('is refused to a second process, in a sentence that names the holder', async () => {
    const { child, said } = await holder();
    expect(said).toBe('held');
    const second = lock(directory, 'mine');
    await expect(second).rejects.toMatchObject({ code: 'STORE_HELD' });
    await expect(second).rejects.toThrow(new RegExp(`held by "other work" \\(process ${child.pid} on `));
  });

  it('is taken over from a process that was killed', async () => {
    const { child } = await holder();
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const { release } = await lock(directory, 'mine');
    release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is taken over from a dead process whose number another process has now', async () => {
    const { release } = await lock(directory, 'first');
    const [name] = readdirSync(directory);
    const claim = JSON.parse(readFileSync(join(directory, name), 'utf8'));
    release();
    writeFileSync(join(directory, name), JSON.stringify({ ...claim, pid: process.ppid }));
    const again = await lock(directory, 'second');
    again.release();
  });

  it('is not taken from a process on another host, which nobody here can see', async () => {
    writeFileSync(
      join(directory, 'lock-1-abc.json'),
      JSON.stringify({ pid: 1, host: 'elsewhere', birth: '', what: 'theirs', since: 'yesterday' }),
    );
    await expect(lock(directory, 'mine')).rejects.toThrow(/process 1 on elsewhere/);
  });

  it('is held by at most one of many that come at once', async () => {
    const said = (await Promise.all([holder(), holder(), holder(), holder()])).map((each) => each.said);
    expect(said.filter((word) => word === 'held').length).toBeLessThanOrEqual(1);
    expect(said.filter((word) => word === 'STORE_HELD').length).toBeGreaterThanOrEqual(3);
  });

  it('is refused within the same process, too', async () => {
    const { release } = await lock(directory, 'first');
    await expect(lock(directory, 'second')).rejects.toMatchObject({ code: 'STORE_HELD' });
    release();
  });
});
