// A thread of its own that makes of ranges of partners what it was told at its beginning; see range-threads.ts.
import { parentPort, workerData } from 'node:worker_threads';
import type { EventColumns } from '../features/index.ts';
import { buffersOf } from './buffers.ts';
import { beginningOf, doRange } from './range-job.ts';
import type { RangeOrder } from './range-threads.ts';

const { job, program } = workerData as RangeOrder;
const begin = await beginningOf(job, program);

// What was sent meanwhile is heard of now.
parentPort?.on('message', (columns: EventColumns) => {
  const part = doRange(begin, job, columns);
  const { table, outcomes } = part;
  const waits = part.waits.flatMap(({ from, until }) => [from, until]);
  parentPort?.postMessage(part, buffersOf([table.cutoffs, table.atRisk, ...table.columns, ...outcomes, ...waits]));
});
