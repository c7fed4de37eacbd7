import { DAY, WEEK } from '../../features/index.ts';
import type { Incident } from '../../models/index.ts';
import { type Database, type IncidentWeek, keepIncidentWeek } from '../../store/index.ts';
import { SCORED_AT } from './scored-store.ts';
import { WEEK_ONE } from './weeks.ts';

/** A dip of one partner, called like its incident, in the week of `WEEK_ONE`; but for what matters to a test. */
export function someIncident(id: string, about: Partial<Incident> = {}): Incident {
  return {
    ...{ id, level: 'partner', entity: id, feed: 'portal', metric: 'portal_visits', direction: -1, kind: 'dip' },
    ...{ status: 'open', since: WEEK_ONE, lastSeen: WEEK_ONE, closedOn: null, listedOn: WEEK_ONE + WEEK, calmWeeks: 0 },
    ...{ observed: 1, expected: 9.5, low: 4, high: 15, p: 0.001, surprise: 3, moneyMinor: null },
    ...{ others: [], absorbed: 0, partners: [id], silentFrom: null, silentTo: null, usualLow: 4, usualHigh: 15 },
    timeline: [{ period: WEEK_ONE, observed: 1, expected: 9.5, low: 4, high: 15 }],
    ...about,
  };
}

/** What a week came to in which three of a hundred series were found. */
export function someWeek(week: number): IncidentWeek {
  const counts = { tested: 100, tooFew: 60, found: 3, opened: 2, leftOut: 1 };
  return { week, asOf: week + 8 * DAY, loadId: 7, settings: { incident_false_share: 0.2 }, ...counts };
}

/** Ids of the incidents of `keepSomeIncidents`: of a partner of the scored store, of the program, and one left out. */
export const OF_PARTNER = 'incident_partner';
export const OF_PROGRAM = 'incident_program';
export const LEFT_OUT = 'incident_left_out';

/** Keeps a few made-up incidents in a scored store, as those of its last week. */
export async function keepSomeIncidents(database: Database): Promise<void> {
  const week = SCORED_AT - (SCORED_AT % DAY) - 3 * DAY;
  const weeks = Array.from({ length: 12 }, (_, i) => week - (11 - i) * WEEK);
  const timeline = weeks.map((period, i) => ({
    ...{ period, observed: i < 10 ? 10 + (i % 3) : 2 },
    ...(i < 2 ? { expected: null, low: null, high: null } : { expected: 10.5, low: 6, high: 16 }),
  }));
  const about = { since: week - WEEK, lastSeen: week, listedOn: week + 8 * DAY, timeline };
  const others = [{ metric: 'leads_accepted', observed: 3, expected: 9 }];
  const program = { level: 'program', entity: 'all', absorbed: 31, partners: ['P00001', 'P00002'], others } as const;
  const money = { moneyMinor: -1_250_000, metric: 'deals_registered', feed: 'business' };
  await database.transaction((transaction) =>
    keepIncidentWeek(
      transaction,
      someWeek(week),
      [
        someIncident(OF_PARTNER, { ...about, entity: 'P00001', partners: ['P00001'] }),
        someIncident(OF_PROGRAM, { ...about, ...program, ...money }),
        someIncident(LEFT_OUT, { ...about, entity: 'P00002', partners: ['P00002'], listedOn: null }),
      ],
      'USD',
    ),
  );
}
