import { DAY, formatDay, hasEnded, startOfDay } from '../../features/index.ts';
import type { NudgeRule } from './rule.ts';

/** No sign of life for so many days: the episode starts on that day and ends with the next sign of life. */
export const reEngagement: NudgeRule = {
  name: 're-engagement',
  action: 'Call the partner and ask how business is going',
  episode(history, { quietDays }) {
    const last = history.latestEvent('life');
    if (last === null || hasEnded(history)) return null;
    const start = startOfDay(last) + quietDays * DAY;
    if (start > history.cutoff) return null;
    const usual = history.gaps('life')?.median ?? null;
    const habit = usual === null ? '' : `; it is usually active every ${Math.max(1, Math.round(usual))} days`;
    return {
      start,
      because: `No sign of life since ${formatDay(last)}, for ${(history.cutoff - startOfDay(last)) / DAY} days${habit}`,
      evidence: { last_sign_of_life: formatDay(last), usual_gap_days: usual },
    };
  },
};
