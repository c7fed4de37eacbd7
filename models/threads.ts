import { Worker } from 'node:worker_threads';

/**
 * Starts a thread. Built, it runs JavaScript; in a clone it runs the source and has to be given the loader first: Node
 * does not pass on to threads what reads TypeScript, and `--import` comes too late for the file that a thread begins with.
 * @param source the TypeScript file that it begins with
 * @param workerData what it finds under this name
 */
export function startThread(source: URL, workerData?: unknown): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL(source.href.replace(/\.ts$/, '.js')), { workerData });
  const [loader, file] = [import.meta.resolve('tsx/esm/api'), source.href].map((each) => JSON.stringify(each));
  const code = `import(${loader}).then(({ register }) => { register(); return import(${file}); });`;
  return new Worker(code, { eval: true, workerData });
}
