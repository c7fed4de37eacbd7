import { DAY, type Instant } from '../../features/index.ts';

/** Kinds of season a period belongs to one slot of each: week of the year, day of the week, end of the month. */
const WEEKS = 53;
const WEEKDAYS = 7;
const ENDS = 3;

/** How many slots all seasons have together. */
export const SLOTS = WEEKS + WEEKDAYS + ENDS;

/**
 * The slots of a period: its week of the year (counted in days since New Year, so that a week 53 is a short one and
 * borrows from its neighbours), for days the day of the week, and whether a month or a quarter ends in it.
 */
export function slotsOf(period: Instant, days: 7 | 1): number[] {
  const week = weekOfYear(period + (days * DAY) / 2);
  const end = WEEKS + WEEKDAYS + endOf(period, days);
  if (days === 7) return [week, end];
  return [week, WEEKS + (new Date(period).getUTCDay() % WEEKDAYS), end];
}

/** The slot itself and, of weeks of the year, those beside it: seasons come a little earlier or later every year. */
export function besideSlot(slot: number): readonly [before: number, after: number] {
  if (slot >= WEEKS) return [slot, slot];
  return [(slot + WEEKS - 1) % WEEKS, (slot + 1) % WEEKS];
}

function weekOfYear(instant: Instant): number {
  const newYear = Date.UTC(new Date(instant).getUTCFullYear(), 0, 1);
  return Math.floor((instant - newYear) / (WEEKDAYS * DAY));
}

/** 0: no month ends in the period; 1: a month does; 2: a quarter does. Of days, the last three of a month are its end. */
function endOf(period: Instant, days: 7 | 1): number {
  const first = new Date(period);
  const after = new Date(period + (days === 7 ? 7 : 3) * DAY);
  if (after.getUTCMonth() === first.getUTCMonth()) return 0;
  return first.getUTCMonth() % 3 === 2 ? 2 : 1;
}
