import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, formatDay, parseDay, WEEK } from '../../features/index.ts';
import { incidentsAsOf, runIncidents } from '../../pipelines/incidents.ts';
import { runNudges } from '../../pipelines/nudge.ts';
import { runDue } from '../../pipelines/schedule.ts';
import {
  claimRun,
  type Database,
  incidents,
  lastIncidentWeek,
  nudges,
  publishScores,
  runs,
} from '../../store/index.ts';
import { contextOn } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';
import { type SomeRow, storeRows } from '../helpers/stored-events.ts';

/** A Monday, and how many weeks there are from it on. */
const FIRST = parseDay('2023-06-05');
const WEEKS = 40;
const LAST = FIRST + (WEEKS - 1) * WEEK;
/** The day after the last week has ended: the first on which it counts as complete. */
const AS_OF = LAST + WEEK + DAY;
const PARTNERS = 12;

/** So many logins of a partner in a week, over its working days. */
function visits(partner: string, week: number, count: number): SomeRow[] {
  return Array.from({ length: count }, (_, i) => {
    const at = FIRST + week * WEEK + (i % 5) * DAY + 9 * 3_600_000 + i * 60_000;
    return {
      partner_id: partner,
      event_id: `${partner}-${week}-${i}`,
      happened_at: at,
      known_at: at,
      kind: 'portal.login',
    };
  });
}

/** Everybody logs in eight to eleven times a week, but for what a test says of a partner and a week. */
function program(but: (partner: number, week: number) => number | undefined = () => undefined): SomeRow[] {
  const weeks = [...Array(WEEKS).keys()];
  return [...Array(PARTNERS).keys()].flatMap((partner) =>
    weeks.flatMap((week) => visits(`p${partner}`, week, but(partner, week) ?? 8 + ((week * 7 + partner * 3) % 4))),
  );
}

const DIPPED = (partner: number, week: number) => (partner === 3 && week >= WEEKS - 2 ? 0 : undefined);

describe('a run of the incidents', () => {
  let database: Database;

  beforeEach(async () => {
    database = await openDatabase();
  });
  afterEach(() => database.close());

  const context = (settings: Record<string, unknown> = {}) =>
    contextOn(database, AS_OF + 10 * WEEK, { qualifying_kinds: ['portal.login'], ...settings });
  const stand = async () => (await incidents(database, { limit: 100 })).map(({ timeline: _, ...rest }) => rest);

  it('of a program that goes on as usual finds nothing, and says how much it looked at', async () => {
    await storeRows(database, 'events', program());
    const { weeks } = await runIncidents(context(), AS_OF);
    expect(await stand()).toEqual([]);
    expect(weeks.map(({ week }) => formatDay(week)).at(-1)).toBe(formatDay(LAST));
    expect(weeks).toHaveLength(12);
    expect(weeks.at(-1)).toMatchObject({ tested: PARTNERS, tooFew: 0, found: 0, opened: 0, leftOut: 0 });
  });

  it('finds the partner that fell silent, with its past, once however often it is done', async () => {
    await storeRows(database, 'events', program(DIPPED));
    await runIncidents(context(), AS_OF);
    const once = await stand();
    expect(once).toMatchObject([
      { level: 'partner', entity: 'p3', metric: 'portal_visits', kind: 'silence', observed: 0, status: 'open' },
    ]);
    expect(formatDay(once[0].since)).toBe(formatDay(LAST - WEEK));
    const [{ timeline }] = await incidents(database, { limit: 1 });
    expect(timeline).toHaveLength(26);
    expect(timeline.slice(-3).map(({ observed }) => observed)).toEqual([8 + (((WEEKS - 3) * 7 + 9) % 4), 0, 0]);
    expect(await runIncidents(context(), AS_OF)).toMatchObject({ weeks: [{ week: LAST }] });
    expect(await stand()).toEqual(once);
  });

  it('finds it of a partner that came ten weeks ago, too', async () => {
    const young = (partner: number, week: number) => (partner === 3 && week < WEEKS - 12 ? 0 : undefined);
    await storeRows(
      database,
      'events',
      program((partner, week) => young(partner, week) ?? DIPPED(partner, week)),
    );
    await runIncidents(context(), AS_OF);
    expect(await stand()).toMatchObject([{ level: 'partner', entity: 'p3', kind: 'silence', observed: 0 }]);
  });

  it('week by week comes to what one run over all of them comes to', async () => {
    await storeRows(database, 'events', program(DIPPED));
    for (let week = 3; week >= 0; week--) await runIncidents(context(), AS_OF - week * WEEK);
    const byWeek = await stand();
    const other = await openDatabase();
    await storeRows(other, 'events', program(DIPPED));
    await runIncidents({ ...context(), database: other }, AS_OF);
    expect(byWeek).toEqual((await incidents(other, { limit: 100 })).map(({ timeline: _, ...rest }) => rest));
    expect(byWeek).toHaveLength(1);
  });

  it('looks at a week only when it has been over for a day, and never back', async () => {
    await storeRows(database, 'events', program(DIPPED));
    const lastWeek = async (asOf: number) => (await runIncidents(context(), asOf)).weeks.at(-1)?.week;
    expect(await lastWeek(AS_OF - DAY)).toBe(LAST - WEEK);
    expect(await lastWeek(AS_OF)).toBe(LAST);
    expect(await lastWeek(AS_OF + DAY)).toBeUndefined();
    expect(await lastWeek(AS_OF - WEEK)).toBeUndefined();
  });

  it('knows nothing that was not known: what came late is not missed once it is there', async () => {
    await storeRows(database, 'events', program(DIPPED));
    const late = visits('p3', WEEKS - 1, 9).map((row) => ({ ...row, known_at: AS_OF + 2 * DAY }));
    await storeRows(database, 'events', late, 'late');
    await runIncidents(context(), AS_OF);
    expect(await stand()).toMatchObject([{ observed: 0, lastSeen: LAST }]);
  });

  it('takes a feed of which nobody has anything for an outage, and not for twelve dips', async () => {
    await storeRows(
      database,
      'events',
      program((_, week) => (week === WEEKS - 1 ? 0 : undefined)),
    );
    const asLast = visits('p0', WEEKS, 1).map((row) => ({ ...row, kind: 'support.opened' }));
    await storeRows(database, 'events', asLast);
    await runIncidents(context(), AS_OF);
    const [outage, ...others] = await stand();
    expect(others).toEqual([]);
    expect(outage).toMatchObject({ level: 'feed', entity: 'portal', kind: 'silence', absorbed: PARTNERS });
  });

  it('tells of a feed that stopped though no facts reach to the day, and not of one that is a week behind', async () => {
    await storeRows(database, 'events', program());
    const late = { ...context(), clock: () => AS_OF + 2 * WEEK + 6 * 3_600_000 };
    expect([incidentsAsOf(AS_OF, AS_OF + WEEK), incidentsAsOf(AS_OF, AS_OF + 9 * DAY)]).toEqual([
      AS_OF,
      AS_OF + 9 * DAY,
    ]);
    await runDue(late);
    expect(await stand()).toMatchObject([{ level: 'feed', entity: 'portal', direction: -1, status: 'open' }]);
    expect(formatDay((await stand())[0].silentFrom as number)).toBe(formatDay(LAST + 5 * DAY));
  });

  it('is in the ledger, and is refused while another is at it', async () => {
    await storeRows(database, 'events', program());
    const interval = { pipeline: 'incidents', start: new Date(LAST - 11 * WEEK), end: new Date(LAST + WEEK) };
    const { now } = context();
    await claimRun(database, interval, 'another', new Date(now));
    await expect(runIncidents(context(), AS_OF)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await database.query('delete from run');
    await runIncidents(context(), AS_OF);
    expect(await runs(database)).toMatchObject([{ pipeline: 'incidents', status: 'done', rows: 0 }]);
  });

  it('keeps nothing when another has taken the work over meanwhile', async () => {
    await storeRows(database, 'events', program(DIPPED));
    const overtaken = context();
    overtaken.step = async (_name, work) => {
      const done = await work();
      await database.query("update run set fence = fence + 1 where pipeline = 'incidents'");
      return done;
    };
    await expect(runIncidents(overtaken, AS_OF)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect([await stand(), await lastIncidentWeek(database)]).toEqual([[], null]);
  });

  it('catches up half a year of downtime, and no more', async () => {
    await storeRows(database, 'events', program());
    await runIncidents(context(), AS_OF - 30 * WEEK, 1);
    const { weeks } = await runIncidents(context(), AS_OF);
    expect([weeks.length, weeks[0].week]).toEqual([26, LAST - 25 * WEEK]);
  });

  it('nudges once about an incident that is on the list, and not about one that was left out', async () => {
    await storeRows(
      database,
      'events',
      program((partner, week) => (partner >= 10 && week === WEEKS - 1 ? 0 : undefined)),
    );
    const sending = context({ incident_alert_budget: 1, nudge_hold_out: 0, webhook_url: 'http://receiver.example/' });
    await runIncidents(sending, AS_OF);
    const [listed, leftOut] = await stand();
    expect([listed.listedOn, leftOut.listedOn]).toEqual([AS_OF, null]);
    for (const day of [0, 0, 1]) await runNudges(sending, AS_OF + day * DAY, true);
    const about = (await nudges(database, { limit: 10 })).filter(({ rule }) => rule === 'incident');
    expect(about).toMatchObject([{ entityId: listed.entity, delivery: 'pending', assignment: 'send' }]);
    expect(about[0].because).toMatch(
      /^Portal visits fell at this partner to 0 in the week of 4 Mar 2024; [0-9.]+ expected/,
    );
    expect(about[0].evidence).toMatchObject({ incident_id: listed.id });
    const payloads = await database.query<{ payload: string }>('select payload from delivery where nudge_id = $1', [
      about[0].nudgeId,
    ]);
    expect(JSON.parse(payloads[0].payload)).toMatchObject({
      type: 'nudge.incident',
      data: { nudge_id: about[0].nudgeId, partner_id: listed.entity, action: expect.stringMatching(/ask the partner/) },
    });
  });

  it('nudges once, and holds nobody out, about an outage of the whole feed, and about no partner beside it', async () => {
    await storeRows(
      database,
      'events',
      program((_, week) => (week === WEEKS - 1 ? 0 : undefined)),
    );
    const asLast = visits('p0', WEEKS, 1).map((row) => ({ ...row, kind: 'support.opened' }));
    await storeRows(database, 'events', asLast);
    const sending = context({ nudge_hold_out: 0.5, webhook_url: 'http://receiver.example/' });
    await runIncidents(sending, AS_OF);
    const [outage] = await stand();
    const runsOfDays: { decisions: readonly unknown[] }[] = [];
    for (const day of [0, 0, 1]) runsOfDays.push(await runNudges(sending, AS_OF + day * DAY, true));
    expect(runsOfDays.map(({ decisions }) => decisions.length)).toEqual([1, 1, 0]);
    const [{ payload }, ...others] = await database.query<{ payload: string }>('select payload from delivery');
    expect(others).toEqual([]);
    expect(JSON.parse(payload)).toMatchObject({
      type: 'nudge.program-incident',
      data: {
        incident_id: outage.id,
        because: expect.stringMatching(/^The feed portal brought nothing of any partner/),
      },
    });
    expect(await nudges(database, { limit: 10 })).toMatchObject([
      { rule: 'program-incident', entityId: outage.id, assignment: 'send', assignmentProbability: 1 },
    ]);
  });

  it('nudges about a feed that stopped on the day that shows it, though no facts reach there', async () => {
    await storeRows(database, 'events', program());
    const sending = context({ nudge_hold_out: 0, webhook_url: 'http://receiver.example/' });
    const day = AS_OF + 2 * WEEK;
    await runIncidents(sending, day);
    const about = async (upTo?: number) => {
      const { decisions } = await runNudges(sending, AS_OF, false, upTo);
      return decisions.filter(({ rule }) => rule === 'program-incident').length;
    };
    expect([await about(), await about(day)]).toEqual([0, 1]);
  });

  it('and does so by the schedule, on a day that brings nothing new to score', async () => {
    await storeRows(database, 'events', program());
    const reach = LAST + 5 * DAY;
    const list = {
      model: 'churn-risk',
      version: 'v',
      asOf: reach,
      watermark: reach,
      scored: 0,
      publishedAt: 0,
      made: null,
    };
    await publishScores(database, list, [], 'USD');
    const sending = context({ nudge_send: true, webhook_url: 'http://receiver.example/' });
    sending.now = AS_OF + 2 * WEEK + 6 * 3_600_000;
    await runDue(sending);
    expect(sending.said.join()).toMatch(/nothing new, the facts reach to 2024-03-09/);
    expect(await nudges(database, { limit: 10 })).toMatchObject([{ rule: 'program-incident', delivery: 'pending' }]);
  });
});
