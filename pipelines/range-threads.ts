import { setImmediate } from 'node:timers/promises';
import type { EventColumns, Program } from '../features/index.ts';
import { callThread, letGo } from '../models/index.ts';
import { buffersOf } from './buffers.ts';
import { beginningOf, doRange, type RangeJob, type RangePart } from './range-job.ts';

/** What a thread is told: a job first, and then its ranges. */
export type RangeOrder = { job: RangeJob; program: Program } | { columns: EventColumns };

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
  const workers: RangeThread[] = [];
  const ordered: Ordered[] = [];
  try {
    for (let i = 1; i < threads; i++) workers.push(new RangeThread());
    for (const worker of workers) worker.begin(job, program);
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
    await Promise.all(workers.map((worker) => worker.dismiss()));
  }
}

const RANGE_WORKER = new URL('./range-worker.ts', import.meta.url);

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
  readonly #worker = callThread(RANGE_WORKER);
  readonly #open: { resolve(part: RangePart): void; reject(error: Error): void }[] = [];
  #isSound = true;
  readonly #heard = (part: RangePart): void => this.#open.shift()?.resolve(part);
  readonly #failed = (error: Error): void => {
    this.#isSound = false;
    for (const { reject } of this.#open.splice(0)) reject(error);
  };
  readonly #ended = (code: number): void => this.#failed(new Error(`a feature thread ended with ${code}`));

  constructor() {
    this.#worker.on('message', this.#heard).on('error', this.#failed).on('exit', this.#ended);
  }

  /** @throws DataCloneError when they cannot be sent */
  begin(job: RangeJob, program: Program): void {
    this.#tell({ job, program });
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
    this.#tell({ columns });
    return part;
  }

  #tell(order: RangeOrder): void {
    this.#worker.postMessage(order, 'columns' in order ? buffersOf(Object.values(order.columns)) : []);
  }

  /** Lets it go to whoever calls next; ends it where it failed, or is at work on what nobody waits for any more. */
  async dismiss(): Promise<void> {
    this.#worker.off('message', this.#heard).off('error', this.#failed).off('exit', this.#ended);
    if (this.#isSound && this.#open.length === 0) letGo(RANGE_WORKER, this.#worker);
    else await this.#worker.terminate();
  }
}
