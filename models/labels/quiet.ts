import type { Label } from '../label.ts';

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
  };
}
