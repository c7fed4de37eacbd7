// A thread of its own that makes of ranges of partners what it is told; see range-threads.ts.
import { parentPort } from 'node:worker_threads';
import { buffersOf } from './buffers.ts';
import { type BeginWork, beginningOf, doRange, type RangeJob } from './range-job.ts';
import type { RangeOrder } from './range-threads.ts';

let at: { job: RangeJob; begin: BeginWork };

async function obey(order: RangeOrder): Promise<void> {
  if ('program' in order) {
    const { job, program } = order;
    at = { job, begin: await beginningOf(job, program) };
    return;
  }
  const part = doRange(at.begin, at.job, order.columns);
  const { table, outcomes } = part;
  const waits = part.waits.flatMap(({ from, until }) => [from, until]);
  parentPort?.postMessage(part, buffersOf([table.cutoffs, table.atRisk, ...table.columns, ...outcomes, ...waits]));
}

// One after the other: after one that failed nothing is answered, or it would be taken for its answer.
let done = Promise.resolve();
parentPort?.on('message', (order: RangeOrder) => {
  done = done.then(() => obey(order));
});
