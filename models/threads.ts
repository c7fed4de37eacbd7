import { Worker } from 'node:worker_threads';

/** So long a thread waits for somebody to need it, in milliseconds. */
const WAITS = 60_000;

/** Threads that nobody needs now, by the file they began with, and when each gives up waiting. */
const idle = new Map<string, Map<Worker, NodeJS.Timeout>>();

/**
 * A thread that waits, or a new one: to start one takes longer than many a job, and it is slow until what it does has
 * been compiled. Whoever calls it hears of its end and lets it go, or ends it.
 * @param source the TypeScript file that it begins with
 */
export function callThread(source: URL): Worker {
  // The last that was let go, so that the others may end.
  const waiting = [...(idle.get(source.href)?.keys() ?? [])].at(-1);
  if (waiting) {
    forget(source, waiting);
    waiting.ref();
    return waiting;
  }
  const worker = startThread(source);
  // What a thread dies of is told by whoever waits for it.
  return worker.on('error', () => undefined).on('exit', () => forget(source, worker));
}

function forget(source: URL, worker: Worker): void {
  const waiting = idle.get(source.href);
  clearTimeout(waiting?.get(worker));
  waiting?.delete(worker);
}

/**
 * Lets a thread wait for whoever calls next, a minute at most; no process waits for it.
 * @param worker has done all it was told, and nobody listens to it any more
 */
export function letGo(source: URL, worker: Worker): void {
  // Its end has been told, and is not told again.
  if (worker.threadId < 0) return;
  const waiting = idle.get(source.href) ?? new Map<Worker, NodeJS.Timeout>();
  idle.set(source.href, waiting);
  const timeout = setTimeout(() => {
    forget(source, worker);
    void worker.terminate();
  }, WAITS);
  timeout.unref();
  worker.unref();
  waiting.set(worker, timeout);
}

/**
 * Starts a thread. Built, it runs JavaScript; in a clone it runs the source and has to be given the loader first: Node
 * does not pass on to threads what reads TypeScript, and `--import` comes too late for the file that a thread begins with.
 */
function startThread(source: URL): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL(source.href.replace(/\.ts$/, '.js')));
  const [loader, file] = [import.meta.resolve('tsx/esm/api'), source.href].map((each) => JSON.stringify(each));
  const code = `import(${loader}).then(({ register }) => { register(); return import(${file}); });`;
  return new Worker(code, { eval: true });
}
