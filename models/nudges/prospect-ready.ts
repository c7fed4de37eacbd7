import type { Instant } from '../../features/index.ts';
import type { RankedProspect } from '../recruiting/rank-prospects.ts';
import type { ProspectRule } from './rule.ts';

/** Where prospects are few, the best of them need not be good: ready is who is ahead of so many partners and prospects. */
const READY = 0.7;

/** A prospect that is among the best of the week's list: the episode starts with the list, and ends when it leaves it. */
export const prospectReady: ProspectRule = {
  name: 'prospect-ready',
  action: 'Ask the company for a first conversation',
  episode(prospect: RankedProspect, listedOn: Instant) {
    const { fit, accept, exploratory, matched, against, nearest } = prospect;
    // What is listed to explore is a question to the team, not a call to act; NaN is not ready either.
    if (exploratory || !(fit >= READY)) return null;
    const signs = accept === null ? '' : `; signs in ${Math.round(100 * accept)} % of such approaches`;
    const traits = matched.length === 0 ? '' : `: ${matched.join(', ')}`;
    return {
      start: listedOn,
      because: `More like a top partner than ${Math.floor(100 * fit)} % of partners and prospects${traits}${signs}`,
      evidence: {
        fit,
        accept,
        matched: matched.join('; '),
        against: against.join('; '),
        nearest_partners: nearest.map(({ partnerId }) => partnerId).join('; '),
      },
    };
  },
};
