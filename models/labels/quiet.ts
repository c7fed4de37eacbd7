import { type Aftermath, DAY } from '../../features/index.ts';
import type { Label } from '../label.ts';
import type { Wait } from '../waits.ts';

/** How long after the beginning of its window a partner is watched for its next qualifying event. */
const WATCHED_DAYS = 365;

/**
 * Churn: no qualifying event in the horizon, or ended by the partner in it. A partnership that the vendor ended or
 * that was merged into another is a competing event: its outcome is unknown, not churn.
 */
export function quietFor(horizonDays: number, gapDays = 0): Label {
  const end = gapDays + horizonDays;
  return {
    name: `quiet-${horizonDays}d`,
    gapDays,
    horizonDays,
    outcome(_before, after) {
      if (!after.isComplete(end)) return null;
      // Ended before the cutoff, yet not known then: the partner was at risk by mistake.
      const whyEnded = after.ended(Number.NEGATIVE_INFINITY, end);
      if (whyEnded === 'vendor' || whyEnded === 'merged') return null;
      return after.ended(0, end) === 'partner' || after.count('qualifying', gapDays, end) === 0;
    },
    wait: (_before, after) => waitIn(after, gapDays, horizonDays),
    amount: (_before, after) => after.money('won', gapDays, end),
    /** When the silence had lasted the horizon, or on the day that the partner ended the agreement: what came first. */
    plainOn(after) {
      const lastBusiness = after.latest('qualifying', gapDays);
      const isQuiet = lastBusiness !== null && after.count('qualifying', gapDays, end) === 0;
      const endedOn = after.ended(0, end) === 'partner' ? after.endedOn(0, end) : null;
      if (!isQuiet) return endedOn;
      return Math.min(lastBusiness + horizonDays * DAY, endedOn ?? Number.POSITIVE_INFINITY);
    },
  };
}

/**
 * The wait for the next qualifying event: to the day where one came, else for as long as it could be seen. A partner
 * that ended the agreement is not waited for: it is quiet for all of that time, whatever it did before in the horizon.
 */
function waitIn(after: Aftermath, gapDays: number, horizonDays: number): Wait {
  const end = gapDays + horizonDays;
  const longest = Math.max(WATCHED_DAYS, horizonDays);
  const watched = Math.min(gapDays + longest, after.days);
  const ending = after.ending(0, watched);
  const isOver = ending !== null && ending.reason !== 'unknown';
  const from = after.ended(0, end) === 'partner' ? end : gapDays;
  // The outcome is known: whatever ended it, the horizon could be seen.
  const until = isOver ? Math.max(ending.day, end) : watched;
  const next = after.first('qualifying', from, until);
  if (next !== null) return { from: Math.floor(next) - gapDays, until: Math.floor(next) - gapDays + 1 };
  const quietDays = isOver && ending.reason === 'partner' ? longest : until - gapDays;
  return { from: quietDays, until: Number.POSITIVE_INFINITY };
}
