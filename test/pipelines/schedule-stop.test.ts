import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DAY, parseDay } from '../../features/index.ts';
import { startSchedule } from '../../pipelines/index.ts';
import { inLedger } from '../../pipelines/ledger.ts';
import { DAILY } from '../../pipelines/run.ts';
import { contextOn } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';

it('stopping waits for what is under way, though not for long', async () => {
  const day = parseDay('2025-01-01');
  const context = contextOn(await openDatabase(), day + DAY / 2);
  const interval = { pipeline: DAILY, start: new Date(day - DAY), end: new Date(day) };
  await inLedger(
    context,
    interval,
    false,
    async () => {},
    () => 0,
  );
  const done: string[] = [];
  const failures: Error[] = [];
  const scheduleOf = (work: Promise<unknown>) =>
    startSchedule(
      context,
      (error) => failures.push(error),
      async () => {
        await work;
        done.push('after');
      },
    );
  await scheduleOf(setTimeout(50)).stop();
  expect([done, failures]).toEqual([['after'], []]);
  const from = performance.now();
  await scheduleOf(new Promise(() => {})).stop(100);
  expect(performance.now() - from).toBeGreaterThanOrEqual(99);
  expect(done).toEqual(['after']);
});
