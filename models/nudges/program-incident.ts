import { DAY, formatDay, type Instant, WEEK } from '../../features/index.ts';
import { tellIncident } from '../anomalies/incident-words.ts';
import type { Incident } from '../anomalies/incidents.ts';
import type { IncidentRule } from './rule.ts';

/** Told of too late, an incident is history: listed so many days ago, it nudges nobody any more. */
const FRESH_DAYS = 21;

/**
 * Something above single partners changed: a feed, the program, a region or a type. The episode is the incident itself,
 * and starts on the day it was listed.
 */
export const programIncident: IncidentRule = {
  name: 'program-incident',
  action: 'Look at what changed before anyone calls a partner about it',
  episode(incident, cutoff) {
    if (incident.level === 'partner' || !isOpen(incident, cutoff)) return null;
    const { level, entity, metric, observed, expected, since, listedOn, absorbed } = incident;
    return {
      start: listedOn as Instant,
      because: tellIncident(incident),
      evidence: { level, entity, metric, observed, expected, since: formatDay(since), stands_for: absorbed },
    };
  },
};

/** Whether an incident is one that people are shown, still new and not over, as of a day. */
export function isOpen({ listedOn, closedOn, lastSeen }: Incident, cutoff: Instant): boolean {
  if (listedOn === null || listedOn > cutoff || cutoff - listedOn > FRESH_DAYS * DAY) return false;
  return closedOn === null || cutoff <= lastSeen + WEEK;
}
