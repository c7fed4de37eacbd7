import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { claimRun, openStore } from '../../store/index.ts';

it('whoever opens an embedded store takes over what its last holder was at: nobody else can be', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'partnercast-open-'));
  const now = new Date('2024-05-01T05:00:00Z');
  const interval = { pipeline: 'daily', start: new Date('2024-04-30'), end: new Date('2024-05-01') };
  const first = await openStore({ databaseUrl: undefined, directory }, 'first');
  expect(await claimRun(first, interval, 'first', now)).toMatchObject({ fence: 1 });
  expect(await claimRun(first, interval, 'other', now)).toBeNull();
  await first.close();
  const second = await openStore({ databaseUrl: undefined, directory }, 'second');
  expect(await claimRun(second, interval, 'second', now)).toMatchObject({ fence: 2 });
  await second.close();
  rmSync(directory, { recursive: true });
});
