import { afterEach, expect, it, vi } from 'vitest';
import { callThread, letGo } from '../../models/index.ts';

const WORKER = new URL('../../models/estimators/boosting/crew-worker.ts', import.meta.url);
const MINUTE = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

it('a thread that was let go is called again, and another one where none waits', async () => {
  const one = callThread(WORKER);
  const other = callThread(WORKER);
  expect(other).not.toBe(one);
  letGo(WORKER, other);
  expect(callThread(WORKER)).toBe(other);
  await Promise.all([one.terminate(), other.terminate()]);
});

it('one that died while it waited is not called', async () => {
  const dead = callThread(WORKER);
  letGo(WORKER, dead);
  await dead.terminate();
  const next = callThread(WORKER);
  expect(next).not.toBe(dead);
  await next.terminate();
});

it('waits for a minute, and not while it is at work', async () => {
  vi.useFakeTimers();
  const thread = callThread(WORKER);
  letGo(WORKER, thread);
  vi.advanceTimersByTime(MINUTE - 1);
  expect(callThread(WORKER)).toBe(thread);
  vi.advanceTimersByTime(10 * MINUTE);
  expect(thread.threadId).toBeGreaterThan(0);
  letGo(WORKER, thread);
  const ended = new Promise((resolve) => thread.once('exit', resolve));
  vi.advanceTimersByTime(MINUTE);
  await ended;
  const next = callThread(WORKER);
  expect(next).not.toBe(thread);
  await next.terminate();
});
