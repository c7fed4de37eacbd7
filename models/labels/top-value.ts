import { type Aftermath, DAY, type History } from '../../features/index.ts';
import type { Label } from '../label.ts';

const YEAR = 365;
/** The youngest landmark: no row is older than this many days before its month 12. */
const FIRST_LANDMARK_DAYS = 30;

/**
 * Potential: the money won in the first twelve months after signing is among the highest share of all partners whose
 * twelve months are on record: those of the same age. A cohort that is younger is unknown, not a failure; so is one that
 * the vendor ended or that was merged in the meantime, and one of which an amount is not known.
 * @param topShare of partners, such as 0.25; with a value above nothing
 */
export function topValueIn(topShare: number): Label {
  return {
    name: `top-${Math.round(100 * topShare)}-percent-month-12`,
    gapDays: 0,
    horizonDays: YEAR - FIRST_LANDMARK_DAYS,
    foldsOfPartners: true,
    topShare,
    outcome: (before, after) => (wonInYear(before, after) === null ? null : false),
    amount: wonInYear,
    plainOn: () => null,
  };
}

/** The money won in the twelve months, in minor units; null is unknown. */
function wonInYear({ signedOn, cutoff }: History, after: Aftermath): number | null {
  if (signedOn === null) return null;
  const signed = (signedOn - cutoff) / DAY;
  if (!after.isComplete(signed + YEAR)) return null;
  const whyEnded = after.ended(Number.NEGATIVE_INFINITY, signed + YEAR);
  return whyEnded === 'vendor' || whyEnded === 'merged' ? null : after.money('won', signed, signed + YEAR);
}
