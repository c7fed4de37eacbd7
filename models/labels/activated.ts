import { DAY } from '../../features/index.ts';
import type { Label } from '../label.ts';

/**
 * Activation: the first qualifying event comes in the horizon. One that the vendor ended or that was merged before it
 * could come is unknown: what it would have done nobody knows. One that left by itself did not activate.
 */
export function activatedIn(horizonDays: number): Label {
  return {
    name: `activated-${horizonDays}d`,
    gapDays: 0,
    horizonDays,
    outcome(_before, after) {
      if (!after.isComplete(horizonDays)) return null;
      // It had sold before the cutoff, yet that was not known then: it was asked about by mistake.
      if (after.count('qualifying', Number.NEGATIVE_INFINITY, 0) > 0) return null;
      if (after.first('qualifying', 0, horizonDays) !== null) return true;
      const whyEnded = after.ended(Number.NEGATIVE_INFINITY, horizonDays);
      return whyEnded === 'vendor' || whyEnded === 'merged' ? null : false;
    },
    plainOn(after) {
      const first = after.first('qualifying', 0, horizonDays);
      return first === null ? null : after.cutoff + first * DAY;
    },
  };
}
