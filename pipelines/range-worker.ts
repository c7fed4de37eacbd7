// A thread of its own that makes of ranges of partners what it is told; see range-threads.ts.
import { parentPort } from 'node:worker_threads';
import { buffersOf } from './buffers.ts';
import { type BeginWork, beginningOf, doRange, type RangeJob } from './range-job.ts';
import type { RangeOrder } from './range-threads.ts';

let at: { job: RangeJob; begin: Promise<BeginWork> };

parentPort?.on('message', async (order: RangeOrder) => {
  if ('program' in order) {
    const { job, program } = order;
    at = { job, begin: beginningOf(job, program) };
    return;
  }
  const part = doRange(await at.begin, at.job, order.columns);
  const { table, outcomes } = part;
  const waits = part.waits.flatMap(({ from, until }) => [from, until]);
  parentPort?.postMessage(part, buffersOf([table.cutoffs, table.atRisk, ...table.columns, ...outcomes, ...waits]));
});
