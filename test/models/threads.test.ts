import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callThread, letGo } from '../../models/index.ts';

const WORKER = new URL('../fixtures/failing-thread.ts', import.meta.url);
const MINUTE = 60_000;

const called: Worker[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(called.splice(0).map((worker) => worker.terminate()));
});

function call(): Worker {
  const worker = callThread(WORKER);
  called.push(worker);
  return worker;
}

/** Its errors are told to others. */
const endOf = (worker: Worker) => new Promise((resolve) => worker.once('exit', resolve));

/** Whether a thread answers. */
async function answers(worker: Worker): Promise<boolean> {
  worker.postMessage('well?');
  const [answer] = await once(worker, 'message');
  return answer === 'well?';
}

describe('a thread that was let go', () => {
  it('is called again, the last one first; where none waits there is another', () => {
    const [one, other, third] = [call(), call(), call()];
    expect(new Set([one, other, third]).size).toBe(3);
    letGo(WORKER, one);
    letGo(WORKER, other);
    // So that the first may end.
    expect([call(), call()]).toEqual([other, one]);
    expect([one, other, third]).not.toContain(call());
  });

  it('is not called when it died while it waited, or before', async () => {
    const [one, other] = [call(), call()];
    letGo(WORKER, one);
    await one.terminate();
    await other.terminate();
    letGo(WORKER, other);
    expect([one, other]).not.toContain(call());
  });

  it('may fail while it waits, which is no concern of this one', async () => {
    const thread = call();
    letGo(WORKER, thread);
    thread.postMessage('fail');
    await endOf(thread);
    expect(call()).not.toBe(thread);
  });

  it('waits for a minute', async () => {
    vi.useFakeTimers();
    const thread = call();
    const ended = endOf(thread);
    letGo(WORKER, thread);
    vi.advanceTimersByTime(MINUTE);
    await ended;
    expect(call()).not.toBe(thread);
  }, 10_000);

  it('is not ended at work, however long ago it was let go', async () => {
    vi.useFakeTimers();
    const thread = call();
    letGo(WORKER, thread);
    vi.advanceTimersByTime(MINUTE - 1);
    expect(call()).toBe(thread);
    vi.advanceTimersByTime(10 * MINUTE);
    expect(await answers(thread)).toBe(true);
    expect(await answers(thread)).toBe(true);
  });
});
