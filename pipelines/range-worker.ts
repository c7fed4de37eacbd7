// A thread of its own that makes of ranges of partners what it is told; see range-threads.ts.
import { parentPort } from 'node:worker_threads';
import { doRange } from './range-job.ts';
import { buffersOf, type RangeOrder } from './range-threads.ts';

parentPort?.on('message', ({ job, program, columns }: RangeOrder) => {
  const part = doRange(job, columns, program);
  const { table, outcomes } = part;
  const waits = part.waits.flatMap(({ from, until }) => [from, until]);
  parentPort?.postMessage(part, buffersOf([table.cutoffs, table.atRisk, ...table.columns, ...outcomes, ...waits]));
});
