import { formatDay, type Instant } from '../../features/index.ts';
import { tellIncident } from '../anomalies/incident-words.ts';
import { isOpen } from './program-incident.ts';
import type { NudgeRule } from './rule.ts';

/**
 * Something of a partner changed, and it is on the list that people see: the episode starts on the day it was listed
 * and ends when the incident closes. Of several, the most surprising speaks.
 */
export const incident: NudgeRule = {
  name: 'incident',
  action: 'Look at what changed, and ask the partner about it',
  episode({ partnerId, cutoff }, { incidents }) {
    const open = (incidents?.get(partnerId) ?? []).filter((each) => isOpen(each, cutoff));
    if (open.length === 0) return null;
    const worst = open.reduce((most, each) => (each.surprise > most.surprise ? each : most));
    const { id, metric, observed, expected, since, listedOn } = worst;
    return {
      start: listedOn as Instant,
      because: tellIncident(worst),
      evidence: { incident_id: id, metric, observed, expected, since: formatDay(since) },
    };
  },
};
