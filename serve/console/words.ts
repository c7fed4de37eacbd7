import { DAY, type Instant } from '../../features/index.ts';

export { writeDay as longDay } from '../../models/index.ts';

/** How long ago, or how far ahead, in words: `today`, `41 days ago`, `in 63 days`. */
export function relativeDays(instant: Instant, now: Instant): string {
  const days = Math.round((Math.floor(instant / DAY) * DAY - Math.floor(now / DAY) * DAY) / DAY);
  if (days === 0) return 'today';
  const count = Math.abs(days) === 1 ? '1 day' : `${Math.abs(days)} days`;
  return days < 0 ? `${count} ago` : `in ${count}`;
}
