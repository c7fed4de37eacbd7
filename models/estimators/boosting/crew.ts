import { Worker } from 'node:worker_threads';
import { findProbabilities, type Largest, packGradients } from './gradients.ts';
import { addRows, completeHistogram, type Total } from './histogram.ts';
import { bestSplit, NO_SPLIT, type Split, type SplitRules } from './splitting.ts';
import { FOUND_SIZE, type Workspace } from './workspace.ts';

/** Two leaves that a split has just made, or the first leaf of a tree alone. */
export interface Siblings {
  /** The leaf whose rows are summed up: the smaller one. */
  counted: { histogram: number; from: number; to: number; total: Total };
  /** The other, whose histogram is its parent's until then. */
  other: { histogram: number; total: Total } | null;
}

/** Places in `signals`. */
const ORDERS = 0;
const SUMMED = 1;
const DONE = 2;
const ENDED = 3;
const FAILED = 4;
/** No order takes a thread this long: one that has not answered by then is dead. */
const GIVEN_UP_MS = 120_000;
/** Looks at a signal before a thread lies down to sleep: being woken costs as much as summing up some hundred rows. */
const LOOKS = 3000;

/** What an order is for. */
const DERIVE = 0;
const SPLIT = 1;

/** Finds the derivatives of all rows, on all threads of a workspace. */
export function deriveRows(workspace: Workspace): Largest {
  workspace.orders[0] = DERIVE;
  giveOrder(workspace);
  return largestOf(workspace.found);
}

/** Makes the histograms of two leaves and finds the best split of each, on all threads of a workspace. */
export function splitSiblings(
  workspace: Workspace,
  { counted, other }: Siblings,
  rules: SplitRules,
): { counted: Split; other: Split } {
  const { orders, found } = workspace;
  orders.set([SPLIT, counted.histogram, counted.from, counted.to, counted.total.slope, counted.total.curvature]);
  orders.set([other?.histogram ?? -1, other?.total.slope ?? 0, other?.total.curvature ?? 0], 6);
  orders.set([rules.penalty, rules.leastCurvature], 9);
  giveOrder(workspace);
  return { counted: bestOf(found, 0), other: other ? bestOf(found, 1) : NO_SPLIT };
}

/** Has an order carried out by all threads, this one included, and comes back when it is. */
function giveOrder(workspace: Workspace): void {
  const { signals, threads } = workspace;
  if (threads > 1) {
    Atomics.add(signals, ORDERS, 1);
    Atomics.notify(signals, ORDERS);
  }
  carryOut(workspace, 0);
}

/** What one thread does of an order: its share. */
function carryOut(workspace: Workspace, thread: number): void {
  if (workspace.orders[0] === DERIVE) deriveShare(workspace, thread);
  else splitShare(workspace, thread);
  meet(workspace.signals, DONE, workspace.threads);
}

/** Its share of the rows, which are rounded when all threads know how large theirs are. */
function deriveShare(workspace: Workspace, thread: number): void {
  const { threads, found, signals, binned } = workspace;
  const [from, to] = [share(0, binned.rows, thread, threads), share(0, binned.rows, thread + 1, threads)];
  const { slope, curvature } = findProbabilities(workspace, from, to);
  found[thread].set([slope, curvature]);
  meet(signals, SUMMED, threads);
  packGradients(workspace, largestOf(found), from, to);
}

function largestOf(found: readonly Float64Array[]): Largest {
  return {
    slope: found.reduce((most, [slope]) => Math.max(most, slope), 0),
    curvature: found.reduce((most, [, curvature]) => Math.max(most, curvature), 0),
  };
}

/** Its share of a leaf's rows, and when all have summed up theirs, its share of the features. */
function splitShare(workspace: Workspace, thread: number): void {
  const { orders, binned, threads, histograms, allowed, found, signals } = workspace;
  const [, slot, from, to, slope, curvature, otherSlot, otherSlope, otherCurvature, penalty, leastCurvature] = orders;
  addRows(workspace, thread, share(from, to, thread, threads), share(from, to, thread + 1, threads));
  meet(signals, SUMMED, threads);
  const features = [share(0, binned.usual.length, thread, threads), share(0, binned.usual.length, thread + 1, threads)];
  const range = [features[0], features[1]] as const;
  const rules = { penalty, leastCurvature };
  const other = otherSlot < 0 ? null : histograms[otherSlot];
  const total = { slope, curvature };
  completeHistogram(workspace, histograms[slot], other, total, range);
  write(found[thread], 0, bestSplit(binned, histograms[slot], total, range, allowed, rules));
  if (other) {
    const otherTotal = { slope: otherSlope, curvature: otherCurvature };
    write(found[thread], 1, bestSplit(binned, other, otherTotal, range, allowed, rules));
  }
}

/** Where the share of a thread begins. */
function share(from: number, to: number, thread: number, threads: number): number {
  return from + Math.floor(((to - from) * thread) / threads);
}

function write(found: Float64Array, place: number, { gain, feature, bin, unknownLeft, left }: Split): void {
  found.set([gain, feature, bin, Number(unknownLeft), left.slope, left.curvature], place * FOUND_SIZE);
}

/** The best of what the threads have found; among equals that of the first features. */
function bestOf(found: readonly Float64Array[], place: number): Split {
  const all = found.map((each) => {
    const [gain, feature, bin, unknownLeft, slope, curvature] = each.subarray(place * FOUND_SIZE);
    return { gain, feature, bin, unknownLeft: unknownLeft === 1, left: { slope, curvature } };
  });
  return all.reduce((best, each) => (each.gain > best.gain ? each : best));
}

/** Waits until all threads are here. */
function meet(signals: Int32Array, place: number, threads: number): void {
  if (threads === 1) return;
  const mine = Atomics.add(signals, place, 1) + 1;
  const all = Math.ceil(mine / threads) * threads;
  if (mine === all) Atomics.notify(signals, place);
  else awaitSignal(signals, place, (count) => count >= all);
}

function awaitSignal(signals: Int32Array, place: number, came: (count: number) => boolean): void {
  for (let looks = 0; ; looks++) {
    const count = Atomics.load(signals, place);
    if (came(count)) return;
    if (Atomics.load(signals, FAILED) === 1) throw new Error('another thread failed while trees were grown');
    if (looks <= LOOKS) continue;
    const woken = Atomics.wait(signals, place, count, GIVEN_UP_MS);
    // Orders may be long in coming; an answer to one may not.
    if (woken === 'timed-out' && place !== ORDERS) throw new Error('a thread died while trees were grown');
  }
}

/** A thread's life with a workspace: order after order, until there are no more. */
export function serveOrders(workspace: Workspace, thread: number): void {
  const { signals } = workspace;
  for (let carried = 0; ; carried++) {
    awaitSignal(signals, ORDERS, (orders) => orders > carried);
    if (Atomics.load(signals, ENDED) === 1) return;
    try {
      carryOut(workspace, thread);
    } catch (error) {
      fail(signals);
      throw error;
    }
  }
}

/** Lets all who wait know that there is nothing to wait for. */
function fail(signals: Int32Array): void {
  Atomics.store(signals, FAILED, 1);
  for (const place of [ORDERS, SUMMED, DONE]) Atomics.notify(signals, place);
}

/** Threads that help to grow trees; the one that asks is the first. */
export interface Crew {
  threads: number;
  /** Lets the others carry out the orders of a workspace while `work` gives them, one workspace at a time. */
  at<Result>(workspace: Workspace, work: () => Promise<Result>): Promise<Result>;
  dismiss(): Promise<void>;
}

/**
 * Calls up a crew.
 * @param threads at least 1; 1 is the asking thread alone
 */
export async function callCrew(threads: number): Promise<Crew> {
  const workers = Array.from({ length: threads - 1 }, () => new Worker(...entry()));
  const dismiss = async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  try {
    await Promise.all(workers.map(isReady));
  } catch (error) {
    await dismiss();
    throw error;
  }
  // What a thread dies of is told by whoever waits for it.
  for (const worker of workers) worker.on('error', () => undefined);
  return {
    threads,
    async at(workspace, work) {
      workers.forEach((worker, i) => {
        worker.postMessage({ workspace, thread: i + 1 });
      });
      try {
        return await work();
      } finally {
        Atomics.store(workspace.signals, ENDED, 1);
        Atomics.add(workspace.signals, ORDERS, 1);
        Atomics.notify(workspace.signals, ORDERS);
      }
    },
    dismiss,
  };
}

function isReady(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread that grows trees ended with ${code}`)));
  });
}

/** Built, a thread runs JavaScript; in a clone it runs the source, and has to be given the loader first. */
function entry(): ConstructorParameters<typeof Worker> {
  if (!import.meta.url.endsWith('.ts')) return [new URL('./crew-worker.js', import.meta.url)];
  const [loader, source] = [import.meta.resolve('tsx/esm/api'), new URL('./crew-worker.ts', import.meta.url).href];
  const code = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(source)}); });`;
  return [code, { eval: true }];
}
