import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server for the tests alone. */
    postgresUrl: string;
  }
}

const SCRIPT = new URL('./start-postgres.ts', import.meta.url);

/** A real PostgreSQL for the length of a test run: one from npm, or the one that `TEST_DATABASE_URL` names. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) {
    project.provide('postgresUrl', given);
    return undefined;
  }
  const { url, stop } = await startPostgres();
  project.provide('postgresUrl', url);
  return stop;
}

/** Starts the PostgreSQL from npm, empty; what is in it ends with it. */
export async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'partnercast-postgres-'));
  // As root, the server runs as a user of its own, who must be able to get there.
  chmodSync(directory, 0o755);
  const port = await freePort();
  const server = fork(SCRIPT, [join(directory, 'data'), String(port)], { execArgv: ['--import', 'tsx'] });
  const ended = once(server, 'exit');
  const [said] = await Promise.race([once(server, 'message'), ended]);
  if (said !== 'ready') throw new Error(`PostgreSQL for the tests did not start (exit ${said}).`);
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      server.disconnect();
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
