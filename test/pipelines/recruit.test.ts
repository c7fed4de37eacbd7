import { beforeEach, describe, expect, it } from 'vitest';
import { DAY } from '../../features/index.ts';
import { recruit, recruitWeekly } from '../../pipelines/index.ts';
import {
  type Database,
  listedProspects,
  nudges,
  profilesKept,
  prospectList,
  recordProspect,
  runs,
  takeDelivery,
} from '../../store/index.ts';
import { contextOn } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';
import { LOOKED_AT, PARTNERS, prospect, prospects, SAP, storeProgram } from '../helpers/recruiting-store.ts';
import { storeRows } from '../helpers/stored-events.ts';

const NOW = LOOKED_AT + 6 * 3_600_000;
const WEEK = 7 * DAY;

describe('recruiting', () => {
  let database: Database;

  beforeEach(async () => {
    database = await openDatabase();
    await storeProgram(database);
  });

  it('learns what top partners had when they signed, and lists who is like them, one in ten by lot', async () => {
    await storeRows(database, 'prospects', [...prospects('sap', 9, 'sap'), ...prospects('php', 30, 'php')]);
    const { profile, list, counts, card } = await recruit(contextOn(database, NOW), LOOKED_AT);

    expect(profile).toMatchObject({ partners: PARTNERS, top: SAP, verdict: 'usable' });
    const [sap] = profile.traits.filter(({ direction }) => direction === 'for');
    // All 20 that know it are top, of 60 of which a third is.
    expect(sap).toMatchObject({ trait: 'technologies=sap', support: { partners: 20, top: 20 } });
    expect(sap.lift.value).toBeCloseTo(3, 12);
    expect(profile.excluded.map(({ trait }) => trait)).toContain('advisory_board=member');
    expect(profile.traits.map(({ trait }) => trait)).not.toContain('advisory_board=member');

    expect(card.fit.verdict).toBe('usable');
    expect(counts).toEqual({ prospects: 39, open: 39, partners: 0, accounts: 0, repeated: 0, done: 0 });
    const kept = await listedProspects(database, LOOKED_AT);
    expect(kept.map(({ prospectId }) => prospectId)).toEqual(list?.map(({ prospectId }) => prospectId));
    expect(kept.slice(0, 9).map(({ prospectId }) => prospectId.slice(0, 3))).toEqual(new Array(9).fill('sap'));
    expect(kept.map(({ exploratory }) => exploratory)).toEqual([...new Array(9).fill(false), true]);
    const [first, last] = [kept[0], kept[9]];
    expect(first.matched.join()).toMatch(/sap/i);
    expect(last.against.join()).toMatch(/sap/i);
    expect(first.nearest.every(({ partnerId }) => Number(partnerId.slice(1)) < SAP)).toBe(true);
    expect(first.fit).toBeGreaterThan(last.fit ?? 1);
    expect(first.reasons.map(({ text }) => text).join()).toMatch(/sap/i);
  }, 60_000);

  it('lists nobody who is known under another spelling, was approached, archived or signed, or is there twice', async () => {
    await storeRows(database, 'accounts', [
      { account_id: 'a', name: 'Kontoristan AG', country: 'DE', known_at: '2024-01-01' },
    ]);
    await storeRows(database, 'prospects', [
      ...prospects('sap', 3, 'sap'),
      ...prospects('php', 30, 'php'),
      prospect('site', 'sap', { website: 'https://www.p07.example/en' }),
      prospect('name', 'sap', { name: 'PARTNER P08', website: '' }),
      prospect('account', 'sap', { name: 'Kontoristán', website: 'kontoristan.example' }),
      prospect('twice', 'sap', { name: 'Sap0 Works Ltd.' }),
      prospect('asked', 'sap', { approached_at: '2024-05-01' }),
      prospect('to-be-asked', 'php', { approached_at: '2024-08-01' }),
      prospect('signed', 'sap', { approached_at: '2023-05-01', signed_partner_id: 'p09' }),
      prospect('archived', 'sap'),
      prospect('alias', 'sap', { name: 'Archived Works S.A.R.L.', website: '' }),
    ]);
    expect(await recordProspect(database, 'archived', 'archived', new Date(NOW - 1))).toBe(true);
    const { list, counts, known } = await recruit(contextOn(database, NOW), LOOKED_AT);
    const listed = (list ?? []).filter(({ exploratory }) => !exploratory).map(({ prospectId }) => prospectId);
    expect(listed.filter((id) => !id.startsWith('php') && id !== 'to-be-asked').length).toBe(3);
    expect(
      listed.filter((id) => ['site', 'name', 'account', 'asked', 'signed', 'archived', 'alias'].includes(id)),
    ).toEqual([]);
    expect(listed.includes('twice')).not.toBe(listed.includes('sap0'));
    expect(counts).toEqual({ prospects: 42, open: 34, partners: 2, accounts: 1, repeated: 2, done: 3 });
    expect(known.map(({ prospectId, is, by }) => [prospectId, is.kind, by])).toEqual(
      expect.arrayContaining([
        ['site', 'partner', 'website'],
        ['name', 'partner', 'name'],
        ['account', 'account', 'name'],
        ['alias', 'prospect', 'name'],
      ]),
    );
  }, 60_000);

  it('makes one list a week, and the next without those that something was done with; what is reopened returns', async () => {
    await storeRows(database, 'prospects', [...prospects('sap', 6, 'sap'), ...prospects('php', 30, 'php')]);
    const context = contextOn(database, NOW, {
      prospects_per_week: 5,
      nudge_hold_out: 0,
      webhook_url: 'http://x.example',
    });
    const week = async (asOf: number) => {
      context.now = asOf + 6 * 3_600_000;
      return (await recruitWeekly(context, asOf, true)).status;
    };
    const ids = async (asOf: number) => (await listedProspects(database, asOf)).map(({ prospectId }) => prospectId);
    expect(await week(LOOKED_AT)).toBe('done');
    const first = await ids(LOOKED_AT);
    // Sunday belongs to the week that Monday began.
    expect(await week(LOOKED_AT + 6 * DAY)).toBe('skipped');
    expect((await prospectList(database))?.asOf).toBe(LOOKED_AT);

    await recordProspect(database, first[0], 'archived', new Date(context.now));
    await recordProspect(database, first[1], 'approached', new Date(context.now));
    await recordProspect(database, first[2], 'archived', new Date(context.now));
    await recordProspect(database, first[2], 'reopened', new Date(context.now + 1));
    const state = (await listedProspects(database, LOOKED_AT)).map(({ action }) => action);
    expect(state).toEqual(['archived', 'approached', null, null, null]);

    expect(await week(LOOKED_AT + WEEK)).toBe('done');
    const second = await ids(LOOKED_AT + WEEK);
    expect(second).toHaveLength(5);
    expect(second).not.toContain(first[0]);
    expect(second).not.toContain(first[1]);
    expect(second).toContain(first[2]);
    expect((await runs(database)).filter(({ pipeline }) => pipeline === 'recruit').map(({ rows }) => rows)).toEqual([
      5, 5,
    ]);
    // Told once, however long they stay on the list.
    const told = (await nudges(database, { limit: 100 })).filter(({ rule }) => rule === 'prospect-ready');
    expect(new Set(told.map(({ entityId }) => entityId)).size).toBe(told.length);
    expect(told.map(({ entityId }) => entityId).sort()).toEqual(
      [...new Set([...first, ...second])].filter((id) => id.startsWith('sap')).sort(),
    );
    const delivery = await takeDelivery(database, new Date(context.now), new Date(context.now + DAY));
    const payload = JSON.parse(delivery?.payload ?? '{}');
    expect(payload.type).toBe('nudge.prospect-ready');
    expect(payload.data).toMatchObject({ rule: 'prospect-ready', action: expect.stringMatching(/conversation/) });
    expect(payload.data.matched.join()).toMatch(/sap/i);
    expect(payload.data.nearest[0].partner_id).toMatch(/^p/);
  }, 60_000);

  it('sends what a dry run decided once it may, but for those that something was done with since', async () => {
    await storeRows(database, 'prospects', [...prospects('sap', 4, 'sap'), ...prospects('php', 30, 'php')]);
    const context = contextOn(database, NOW, { nudge_hold_out: 0, webhook_url: 'http://x.example' });
    await recruitWeekly(context, LOOKED_AT, false);
    const states = async () =>
      Object.fromEntries(
        (await nudges(database, { limit: 100 })).map(({ entityId, delivery }) => [entityId, delivery]),
      );
    expect(await states()).toEqual({ sap0: null, sap1: null, sap2: null, sap3: null });
    await recordProspect(database, 'sap1', 'archived', new Date(NOW));
    for (const day of [1, 2]) {
      expect((await recruitWeekly(context, LOOKED_AT + day * DAY, true)).status).toBe('skipped');
      expect(await states()).toEqual({ sap0: 'pending', sap1: null, sap2: 'pending', sap3: 'pending' });
    }
  }, 60_000);

  it('publishes nothing when another has taken the work over meanwhile', async () => {
    await storeRows(database, 'prospects', prospects('sap', 6, 'sap'));
    const context = contextOn(database, NOW);
    context.step = async (_name, work) => {
      const done = await work();
      await database.query("update run set fence = fence + 1 where pipeline = 'recruit'");
      return done;
    };
    await expect(recruitWeekly(context, LOOKED_AT, false)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await prospectList(database)).toBeNull();
    expect(await profilesKept(database, 'learnt', 5)).toEqual([]);
  }, 60_000);

  it('comes to the same again, and keeps the version of the profile once', async () => {
    await storeRows(database, 'prospects', prospects('any', 30, 'sap'));
    const one = await recruit(contextOn(database, NOW), LOOKED_AT);
    const two = await recruit(contextOn(database, NOW), LOOKED_AT);
    expect(two.list).toEqual(one.list);
    expect([one.isNewProfile, two.isNewProfile]).toEqual([true, false]);
    expect(await profilesKept(database, 'learnt', 5)).toHaveLength(1);
  }, 60_000);
});

describe('recruiting where there is little', () => {
  it('tells that there are no top performers yet, and lists by lot', async () => {
    const database = await openDatabase();
    const day = { known_at: '2024-05-01' };
    await storeRows(database, 'partners', [{ partner_id: 'p', name: 'P', signed_on: '2024-05-01', ...day }]);
    await storeRows(database, 'events', [
      { partner_id: 'p', event_id: 'e', kind: 'deal.registered', happened_at: '2024-05-01', ...day },
    ]);
    await storeRows(database, 'prospects', prospects('any', 12, 'sap'));
    const { profile, list, card } = await recruit(contextOn(database, NOW), LOOKED_AT);
    expect(profile.verdict).toBe('none');
    expect(profile.says).toMatch(/^There are no top performers yet/);
    expect(card.fit.verdict).toBe('none');
    expect(list?.map(({ exploratory, fit }) => [exploratory, fit])).toEqual(new Array(10).fill([true, Number.NaN]));
    expect((await listedProspects(database, LOOKED_AT)).map(({ fit }) => fit)).toEqual(new Array(10).fill(null));
  }, 60_000);

  it('learns the profile where there is no prospect, and tries again the day there is one', async () => {
    const database = await openDatabase();
    await storeProgram(database);
    const first = await recruitWeekly(contextOn(database, NOW), LOOKED_AT, false);
    expect(first.status === 'done' && first.result.list).toBe(null);
    expect((await profilesKept(database, 'learnt', 5)).length).toBe(1);
    expect((await recruitWeekly(contextOn(database, NOW), LOOKED_AT + DAY, false)).status).toBe('skipped');
    await storeRows(database, 'prospects', prospects('sap', 12, 'sap'));
    const later = await recruitWeekly(contextOn(database, NOW + DAY), LOOKED_AT + DAY, false);
    expect(later.status === 'done' && later.result.list?.length).toBe(10);
  }, 60_000);
});
