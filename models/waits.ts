import { DAY, type Instant } from '../features/index.ts';
import type { Label, LabelWindow } from './label.ts';

/**
 * What is known of how long each row waited for its next event, in days from where the label's window begins: it came
 * after `from` and not after `until`. `until` is Infinity where none had been seen (censored at `from`).
 */
export interface Waits {
  from: Float32Array;
  until: Float32Array;
}

/** One row's wait. */
export interface Wait {
  from: number;
  until: number;
}

/** Nothing is known of the wait. */
export const UNSEEN: Wait = { from: 0, until: Number.POSITIVE_INFINITY };

/** So many waits, nothing known of any. */
export function unseenWaits(rows: number): Waits {
  return { from: new Float32Array(rows), until: new Float32Array(rows).fill(UNSEEN.until) };
}

/** The waits of the rows at the given places. */
export function selectWaits({ from, until }: Waits, rows: readonly number[]): Waits {
  return {
    from: Float32Array.from(rows, (row) => from[row]),
    until: Float32Array.from(rows, (row) => until[row]),
  };
}

/**
 * Waits as far as they had passed by a moment: an event after it had not happened, and the row was quiet up to it. What
 * was on record is not asked again: an event that became known late counts from when it happened.
 * @param cutoffs of each row
 */
export function waitsUpTo({ from, until }: Waits, cutoffs: Float64Array, label: LabelWindow, moment: Instant): Waits {
  const passed = unseenWaits(from.length);
  for (let row = 0; row < from.length; row++) {
    const days = Math.max(0, Math.floor((moment - cutoffs[row]) / DAY) - label.gapDays);
    const seen = until[row] <= days;
    passed.from[row] = seen ? from[row] : Math.min(from[row], days);
    if (seen) passed.until[row] = until[row];
  }
  return passed;
}

/** What an outcome alone says of the waits: quiet through the horizon, or an event at some time in it. */
export function waitsFromOutcomes(outcomes: Uint8Array, { horizonDays }: Label): Waits {
  return {
    from: Float32Array.from(outcomes, (outcome) => (outcome === 1 ? horizonDays : 0)),
    until: Float32Array.from(outcomes, (outcome) => (outcome === 1 ? Number.POSITIVE_INFINITY : horizonDays)),
  };
}
