import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { EventColumns, Program } from '../features/index.ts';
import { startThread } from '../models/index.ts';
import { buffersOf } from './buffers.ts';
import { beginningOf, doRange, type RangeJob, type RangePart } from './range-job.ts';

/** What a thread is told when it starts; the ranges follow. */
export interface RangeOrder {
  job: RangeJob;
  program: Program;
}

/** Ranges a thread has at most: what it is at work on, and what it goes on with while this thread computes. */
const ORDERS = 2;

/**
 * Makes of each range what a job says, on several threads of which this is one: it takes a range itself whenever the
 * others have enough to do, so that it is at work while they start. The parts come in the order of the ranges. Columns
 * are handed over, not copied: the caller has them no more.
 * @param threads at least 1
 */
export async function* rangesOnThreads(
  job: RangeJob,
  program: Program,
  ranges: AsyncIterable<EventColumns>,
  threads: number,
): AsyncGenerator<RangePart> {
  const workers = Array.from({ length: threads - 1 }, () => new RangeThread({ job, program }));
  const ordered: Ordered[] = [];
  try {
    const begin = await beginningOf(job, program);
    for await (const { columns, isLast } of lastTold(ranges)) {
      // Ordered behind another one, the last would be waited for with nothing to do here.
      const most = isLast ? 1 : ORDERS;
      const free = workers.toSorted((a, b) => a.orders - b.orders).find(({ orders }) => orders < most);
      if (free) ordered.push(follow(free.make(columns)));
      else ordered.push({ part: Promise.resolve(doRange(begin, job, columns)), isDone: true });
      // What the others have made meanwhile is heard of only in a pause.
      await setImmediate();
      while (ordered[0]?.isDone) yield await (ordered.shift() as Ordered).part;
    }
    for (const { part } of ordered) yield await part;
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}

/** Ranges as they come, each when it is known whether it is the last. */
async function* lastTold(
  ranges: AsyncIterable<EventColumns>,
): AsyncGenerator<{ columns: EventColumns; isLast: boolean }> {
  let held: EventColumns | undefined;
  for await (const columns of ranges) {
    if (held) yield { columns: held, isLast: false };
    held = columns;
  }
  if (held) yield { columns: held, isLast: true };
}

/** A part that was ordered. */
interface Ordered {
  part: Promise<RangePart>;
  /** It is there, or known to fail. */
  isDone: boolean;
}

function follow(part: Promise<RangePart>): Ordered {
  const ordered = { part, isDone: false };
  const done = () => {
    ordered.isDone = true;
  };
  part.then(done, done);
  return ordered;
}

/** A thread with the orders it has not fulfilled yet, first come first served. */
class RangeThread {
  readonly #worker: Worker;
  readonly #open: { resolve(part: RangePart): void; reject(error: Error): void }[] = [];

  constructor(order: RangeOrder) {
    this.#worker = startThread(new URL('./range-worker.ts', import.meta.url), order);
    this.#worker.on('message', (part: RangePart) => this.#open.shift()?.resolve(part));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`a feature thread ended with ${code}`)));
  }

  get orders(): number {
    return this.#open.length;
  }

  make(columns: EventColumns): Promise<RangePart> {
    const part = new Promise<RangePart>((resolve, reject) => {
      this.#open.push({ resolve, reject });
    });
    // Whoever waits for it is told; until then a failure is no loose end.
    part.catch(() => undefined);
    this.#worker.postMessage(columns, buffersOf(Object.values(columns)));
    return part;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    for (const { reject } of this.#open.splice(0)) reject(error);
  }
}
