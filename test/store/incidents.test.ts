import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WEEK } from '../../features/index.ts';
import type { Incident } from '../../models/index.ts';
import {
  type Database,
  incidents,
  incidentsBefore,
  incidentWithId,
  keepFeedback,
  keepIncidentWeek,
  lastIncidentWeek,
  verdicts,
} from '../../store/index.ts';
import { drivers } from '../helpers/databases.ts';
import { someIncident, someWeek } from '../helpers/some-incidents.ts';
import { WEEK_ONE } from '../helpers/weeks.ts';

const NOW = new Date('2024-03-01T00:00:00Z');

describe.each(drivers.map((driver) => [driver.name, driver] as const))('incidents on %s', (_, driver) => {
  let database: Database;

  beforeEach(async () => {
    database = await driver.open();
  });
  afterEach(() => database.close());

  const keep = (week: number, some: Incident[]) =>
    database.transaction((transaction) => keepIncidentWeek(transaction, someWeek(week), some, 'USD'));
  const all = { limit: 100 };

  it('come back as they were kept, with what the week came to', async () => {
    await keep(WEEK_ONE, [someIncident('a'), someIncident('b', { moneyMinor: -1500 })]);
    const [a, b] = await incidents(database, all);
    expect(a).toEqual({ ...someIncident('a'), currency: null, verdict: null });
    expect(b).toEqual({ ...someIncident('b', { moneyMinor: -1500 }), currency: 'USD', verdict: null });
    expect(await incidentWithId(database, 'a')).toEqual(a);
    expect(await incidentWithId(database, 'nobody')).toBeNull();
    expect(await lastIncidentWeek(database)).toEqual(someWeek(WEEK_ONE));
    expect(await lastIncidentWeek(database, new Date(WEEK_ONE))).toBeNull();
  });

  it('stand as the latest week has them; each week again replaces itself alone', async () => {
    const closed = { status: 'closed', closedOn: WEEK_ONE + WEEK } as const;
    await keep(WEEK_ONE, [someIncident('a'), someIncident('b')]);
    await keep(WEEK_ONE + WEEK, [someIncident('a', closed), someIncident('c')]);
    await keep(WEEK_ONE + WEEK, [someIncident('a', closed)]);
    expect((await incidents(database, all)).map(({ id, status }) => [id, status])).toEqual([
      ['b', 'open'],
      ['a', 'closed'],
    ]);
    expect(await incidents(database, { ...all, partnerId: 'c' })).toEqual([]);
    const before = await incidentsBefore(database, new Date(WEEK_ONE + WEEK), new Date(0));
    expect(before).toEqual([someIncident('a'), someIncident('b')]);
  });

  it('that were closed are forgotten when they were last seen too long ago, open ones never', async () => {
    const old = { lastSeen: WEEK_ONE } as const;
    await keep(WEEK_ONE, [someIncident('a', { ...old, status: 'closed' }), someIncident('b', old)]);
    const seenSince = (since: number) => incidentsBefore(database, new Date(WEEK_ONE + WEEK), new Date(since));
    expect((await seenSince(WEEK_ONE)).map(({ id }) => id)).toEqual(['a', 'b']);
    expect((await seenSince(WEEK_ONE + 1)).map(({ id }) => id)).toEqual(['b']);
  });

  it('are filtered, and ordered by level and surprise, the open ones first', async () => {
    await keep(WEEK_ONE, [
      someIncident('quiet', { surprise: 2, listedOn: null }),
      someIncident('loud', { surprise: 9 }),
      someIncident('region', { level: 'region', entity: 'APAC', partners: ['loud', 'quiet'] }),
      someIncident('over', { status: 'closed', surprise: 20 }),
    ]);
    const ids = async (filter: object) => (await incidents(database, { ...all, ...filter })).map(({ id }) => id);
    expect(await ids({})).toEqual(['region', 'loud', 'quiet', 'over']);
    expect(await ids({ listed: true })).toEqual(['region', 'loud', 'over']);
    expect(await ids({ listed: false })).toEqual(['quiet']);
    expect(await ids({ status: 'closed' })).toEqual(['over']);
    expect(await ids({ level: 'region' })).toEqual(['region']);
    expect(await ids({ partnerId: 'quiet' })).toEqual(['region', 'quiet']);
    expect(await ids({ limit: 1 })).toEqual(['region']);
  });

  it('are judged by whoever said something last; nobody can judge what there is not', async () => {
    await keep(WEEK_ONE, [someIncident('a'), someIncident('b')]);
    expect(await keepFeedback(database, 'a', 'noise', NOW)).toBe(true);
    expect(await keepFeedback(database, 'a', 'real', NOW)).toBe(true);
    expect(await keepFeedback(database, 'b', 'known_cause', NOW)).toBe(true);
    expect(await keepFeedback(database, 'nobody', 'real', NOW)).toBe(false);
    expect(await verdicts(database)).toEqual({ real: 1, known_cause: 1, noise: 0 });
    expect((await incidentWithId(database, 'a'))?.verdict).toBe('real');
    // A week done again keeps what people said.
    await keep(WEEK_ONE, [someIncident('a')]);
    expect((await incidentWithId(database, 'a'))?.verdict).toBe('real');
  });

  it.each([
    ['p', Number.NaN],
    ['p', 1.5],
    ['expected', Number.NaN],
    ['surprise', 301],
  ])('refuse a %s of %d', async (field, value) => {
    await expect(keep(WEEK_ONE, [someIncident('a', { [field]: value })])).rejects.toThrow(/check/);
    expect(await lastIncidentWeek(database)).toBeNull();
  });
});
