/**
 * Instants are milliseconds since 1970-01-01T00:00Z (UTC, no leap seconds). A cutoff is always a UTC midnight,
 * so a window of whole days before it holds whole days.
 */
export type Instant = number;

/** Milliseconds in a day. */
export const DAY = 86_400_000;

/** How far apart the cutoffs of a range are. */
export type Step = 'day' | 'week' | 'month' | 'quarter';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * The UTC midnight that a bare date names.
 * @param text `yyyy-MM-dd`
 * @throws RangeError when the text is no such date or the day does not exist
 */
export function parseDay(text: string): Instant {
  const parts = DATE.exec(text);
  const instant = parts ? Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])) : Number.NaN;
  if (Number.isNaN(instant) || formatDay(instant) !== text) {
    throw new RangeError(`"${text}" is not a date; write it as yyyy-MM-dd, for example 2026-01-31`);
  }
  return instant;
}

/** The day an instant falls on, as `yyyy-MM-dd` (UTC). */
export function formatDay(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** The midnight that begins the day of an instant. */
export function startOfDay(instant: Instant): Instant {
  return Math.floor(instant / DAY) * DAY;
}

/** The same day of the month, `months` later; a day the month lacks becomes its last day. */
export function addMonths(instant: Instant, months: number): Instant {
  const date = new Date(instant);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

/** Cutoffs from `from` to `to`, both ends included when a step lands on them, ascending. */
export function cutoffsBetween(from: Instant, to: Instant, every: Step): Instant[] {
  const cutoffs: Instant[] = [];
  for (let n = 0; step(from, n, every) <= to; n++) cutoffs.push(step(from, n, every));
  return cutoffs;
}

function step(from: Instant, n: number, every: Step): Instant {
  switch (every) {
    case 'day':
      return from + n * DAY;
    case 'week':
      return from + n * 7 * DAY;
    case 'month':
      return addMonths(from, n);
    case 'quarter':
      return addMonths(from, 3 * n);
  }
}
