import { formatDay } from '../features/index.ts';
import { explainIncident, tellIncident, tellSpan } from '../models/index.ts';
import type { IncidentWeek, StoredIncident } from '../store/index.ts';

/** Incidents as a table, the same in the terminal and in the API. */
export const INCIDENT_COLUMNS = [
  'incident_id',
  'level',
  'entity_id',
  'metric',
  'period',
  'direction',
  'observed',
  'expected',
  'p',
  'status',
  'kind',
  'since',
  'closed_on',
  'listed_on',
  'low',
  'high',
  'surprise',
  'money_minor',
  'currency',
  'verdict',
  'title',
] as const;

/** A row of the table of incidents. */
export function incidentRow(incident: StoredIncident) {
  const { id, level, entity, metric, direction, observed, expected, p, status, kind } = incident;
  return {
    incident_id: id,
    ...{ level, entity_id: entity, metric },
    period: formatDay(incident.lastSeen),
    ...{ direction, observed, expected, p, status, kind },
    since: formatDay(incident.since),
    closed_on: incident.closedOn === null ? null : formatDay(incident.closedOn),
    listed_on: incident.listedOn === null ? null : formatDay(incident.listedOn),
    ...{ low: incident.low, high: incident.high, surprise: incident.surprise },
    money_minor: incident.moneyMinor,
    currency: incident.moneyMinor === null ? null : incident.currency,
    verdict: incident.verdict,
    title: tellIncident(incident),
  };
}

/** An incident with everything that is known of it. */
export function incidentDetail(incident: StoredIncident) {
  return {
    ...incidentRow(incident),
    explanation: explainIncident(incident),
    span: tellSpan(incident),
    feed: incident.feed,
    stands_for: incident.absorbed,
    partners: [...incident.partners],
    others: incident.others.map((each) => ({ ...each })),
    timeline: incident.timeline.map(({ period, ...week }) => ({ period: formatDay(period), ...week })),
  };
}

/** What the last week came to, in a sentence or two: what was asked, found and left out. */
export function tellIncidentWeek(week: IncidentWeek | null): string {
  if (week === null) return 'No week has been looked at yet. Run "partnercast run" first.';
  const { tested, tooFew, opened, leftOut } = week;
  const number = (value: number) => value.toLocaleString('en-US');
  const left = leftOut === 0 ? 'Nothing was left out.' : `${number(leftOut)} more were left out by the alert budget.`;
  return (
    `Week of ${formatDay(week.week)}: ${number(opened)} new of ${number(tested)} partner metrics looked at. ${left} ` +
    `Of ${number(tooFew)} too few are expected for a dip to show.`
  );
}
