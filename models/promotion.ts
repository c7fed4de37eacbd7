import type { Instant } from '../features/index.ts';

/** A decision about which version of a model is in use. */
export interface Promotion {
  version: string;
  /** From which day on it scores. */
  inUseFrom: Instant;
  /** `rolled back`: the version before the one that was in use is in use again. */
  kind: 'promoted' | 'rolled back';
  decidedBy: string;
  why: string;
  decidedAt: Instant;
}

/**
 * The versions in use on a day: the first scores, the others are what rolling back comes to, in this order.
 * @param history ascending by the day from which they hold, and of one day in the order in which they were decided
 */
export function versionsInUse(history: readonly Promotion[], asOf: Instant): string[] {
  const stack: string[] = [];
  for (const { version, kind, inUseFrom } of history) {
    if (inUseFrom > asOf) break;
    if (kind === 'rolled back') while (stack.length > 0 && stack[0] !== version) stack.shift();
    if (stack[0] !== version) stack.unshift(version);
  }
  return stack;
}

/** Whether a version was in use once and people went back to the one before it: no training brings it back by itself. */
export function wasRolledBack(history: readonly Promotion[], version: string): boolean {
  return history.some(({ kind }, i) => {
    if (kind !== 'rolled back') return false;
    const before = versionsInUse(history.slice(0, i), Number.POSITIVE_INFINITY);
    return before.includes(version) && !versionsInUse(history, Number.POSITIVE_INFINITY).includes(version);
  });
}
