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
      const ended = after.ended(0, end);
      if (ended === 'vendor' || ended === 'merged') return null;
      return ended === 'partner' || after.count('qualifying', gapDays, end) === 0;
    },
  };
}
