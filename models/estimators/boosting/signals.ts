/** How many signals a workspace has, and what stands where. */
export const SIGNALS = 6;
export const ORDERS = 0;
/** Threads have done a part of an order and wait for the others. */
export const MET = 1;
export const DONE = 2;
export const ENDED = 3;
const FAILED = 4;
/** Leaves of which a thread has taken care. */
export const TAKEN = 5;

/** No order takes a thread this long: one that has not answered by then is dead. */
const GIVEN_UP_MS = 120_000;
/** Looks at a signal before a thread lies down to sleep: being woken costs as much as summing up some hundred rows. */
const LOOKS = 3000;

/**
 * Waits until all threads are here.
 * @throws Error when one of them has failed, or has not come for two minutes
 */
export function meet(signals: Int32Array, place: number, threads: number): void {
  if (threads === 1) return;
  const mine = Atomics.add(signals, place, 1) + 1;
  const all = Math.ceil(mine / threads) * threads;
  if (mine === all) Atomics.notify(signals, place);
  else awaitSignal(signals, place, (count) => count >= all);
}

/** Waits until a count has come so far. */
export function awaitSignal(signals: Int32Array, place: number, came: (count: number) => boolean): void {
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

/** Lets all who wait know that something has come. */
export function signal(signals: Int32Array, place: number): void {
  Atomics.add(signals, place, 1);
  Atomics.notify(signals, place);
}

/** Lets all who wait know that there is nothing to wait for. */
export function fail(signals: Int32Array): void {
  Atomics.store(signals, FAILED, 1);
  for (const place of [ORDERS, MET, DONE]) Atomics.notify(signals, place);
}
