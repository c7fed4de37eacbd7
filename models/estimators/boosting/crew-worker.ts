// A thread that helps to grow trees; see crew.ts.
import { parentPort } from 'node:worker_threads';
import { JOBS } from './crew.ts';
import { serveOrders } from './orders.ts';
import type { Workspace } from './workspace.ts';

type Told = { workspace: Workspace; thread: number } | { job: keyof typeof JOBS; part: never };

parentPort?.on('message', (told: Told) => {
  if ('workspace' in told) serveOrders(told.workspace, told.thread);
  else parentPort?.postMessage(JOBS[told.job](told.part));
});
