import { DAY, formatDay, type Instant, WEEK } from '../../features/index.ts';
import { tellIncident } from '../anomalies/incident-words.ts';
import type { Incident } from '../anomalies/incidents.ts';
import type { NudgeRule } from './rule.ts';

/** Told of too late, an incident is history: one that no run has seen within so many days of its listing nudges nobody. */
const FRESH_DAYS = 21;

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

function isOpen({ listedOn, closedOn, lastSeen }: Incident, cutoff: Instant): boolean {
  if (listedOn === null || listedOn > cutoff || cutoff - listedOn > FRESH_DAYS * DAY) return false;
  return closedOn === null || cutoff <= lastSeen + WEEK;
}
