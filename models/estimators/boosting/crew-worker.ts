// A thread that helps to grow trees; see crew.ts.
import { parentPort } from 'node:worker_threads';
import { serveOrders } from './crew.ts';
import type { Workspace } from './workspace.ts';

parentPort?.on('message', ({ workspace, thread }: { workspace: Workspace; thread: number }) => {
  serveOrders(workspace, thread);
});
parentPort?.postMessage('ready');
