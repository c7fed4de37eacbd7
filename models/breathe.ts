import { setImmediate } from 'node:timers/promises';

/**
 * Lets whatever else waits in this process have its turn. Fitting takes seconds of pure computing, and the server that
 * runs beside it in one process must go on answering.
 */
export async function breathe(): Promise<void> {
  await setImmediate();
}
