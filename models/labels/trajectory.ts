import type { Aftermath, History } from '../../features/index.ts';
import type { ClassLabel } from '../classes.ts';

/** What the next half-year can be held against: the half-year before, or the same days a year earlier. */
export const YARDSTICKS = ['half-year-before', 'same-season'] as const;
export type Yardstick = (typeof YARDSTICKS)[number];

/** From the worst to the best, so that a figure of merit can tell far off from near by. */
const CLASSES = ['churn', 'stagnate', 'grow'] as const;
const [CHURN, STAGNATE, GROW] = CLASSES.keys();
const DAYS = 180;
const YEAR = 365;
/** Growth is so many times as much business, and no fewer events more: 5 to 7 is a chance, 50 to 53 is none. */
const TIMES = 1.25;
const EVENTS_MORE = 3;

/**
 * Where a partner is heading: no business in the next 180 days is churn; at least 1.25 times as many qualifying events as
 * the yardstick says, and 3 more, is growth; all else is to stagnate. Ended by the partner in that time is churn too; ended by
 * the vendor or merged is unknown, as is a window that is still open.
 *
 * Against the same season, a partner without business then is not expected to have any now: silence is no churn. Who was
 * not there yet a year ago, or was not tracked, is held against the half-year before.
 */
export function trajectoryAgainst(yardstick: Yardstick): ClassLabel {
  return {
    name: `trajectory-${DAYS}d-against-${yardstick}`,
    gapDays: 0,
    horizonDays: DAYS,
    classes: CLASSES,
    outcome(before, after) {
      if (!after.isComplete(DAYS)) return null;
      // Ended before the cutoff, yet not known then: the partner was at risk by mistake.
      const whyEnded = after.ended(Number.NEGATIVE_INFINITY, DAYS);
      if (whyEnded === 'vendor' || whyEnded === 'merged') return null;
      const expected = yardstick === 'same-season' ? seasonOf(before) : halfYearBefore(before);
      return expected === null ? null : classOf(expected, eventsIn(after));
    },
  };
}

/** Null where the partner ended the agreement. */
function eventsIn(after: Aftermath): number {
  return after.ended(0, DAYS) === 'partner' ? Number.NaN : after.count('qualifying', 0, DAYS);
}

function classOf(expected: number, events: number): number {
  if (Number.isNaN(events)) return CHURN;
  if (events === 0) return expected === 0 ? STAGNATE : CHURN;
  return events >= TIMES * expected && events >= expected + EVENTS_MORE ? GROW : STAGNATE;
}

function halfYearBefore(before: History): number | null {
  return before.count('qualifying', DAYS);
}

/** Business in the 180 days that followed this day a year ago, of a partner that had begun by then. */
function seasonOf(before: History): number | null {
  const wasThere = (before.sinceFirst('qualifying') ?? 0) >= YEAR;
  return (wasThere ? before.count('qualifying', YEAR, YEAR - DAYS) : null) ?? halfYearBefore(before);
}
