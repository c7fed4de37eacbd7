import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, parseDay } from '../../features/index.ts';
import { runNudges } from '../../pipelines/nudge.ts';
import { claimRun, type Database, nudges, type StoredNudge, takeDelivery } from '../../store/index.ts';
import { contextOn } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';
import { deals, storeRows } from '../helpers/stored-events.ts';

/** Thirty days after the last deal of everyone. */
const DAY_30 = parseDay('2024-03-31');
const NOW = DAY_30 + 5 * 3_600_000;
const PARTNERS = 20;

describe('a run of the nudges', () => {
  let database: Database;

  beforeEach(async () => {
    database = await openDatabase();
    const partners = Array.from({ length: PARTNERS }, (_, i) => `p${i}`);
    await storeRows(
      database,
      'events',
      partners.flatMap((partner) => deals(partner, '2024-03-01')),
    );
  });
  afterEach(() => database.close());

  const declared = (holdOut: number) =>
    contextOn(database, NOW, { nudge_hold_out: holdOut, webhook_url: 'http://receiver.example/' });
  const kept = () => nudges(database, { limit: 100 });
  const ids = (some: readonly StoredNudge[]) => some.map(({ entityId }) => entityId).sort();

  it('that only lists puts nothing into the outbox', async () => {
    const run = await runNudges(declared(0), DAY_30, false);
    expect([run.decisions.length, run.enqueued]).toEqual([PARTNERS, 0]);
    expect((await kept()).map(({ delivery }) => delivery)).toEqual(new Array(PARTNERS).fill(null));
    expect(await takeDelivery(database, new Date(NOW), new Date(NOW))).toBeNull();
  });

  it('that sends puts every nudge into the outbox, once however often it is done', async () => {
    for (let time = 0; time < 2; time++) await runNudges(declared(0), DAY_30, true);
    const taken: string[] = [];
    for (;;) {
      const delivery = await takeDelivery(database, new Date(NOW), new Date(NOW + DAY));
      if (!delivery) break;
      taken.push(JSON.parse(delivery.payload).data.partner_id);
    }
    expect(taken.sort()).toEqual(ids(await kept()));
    expect(taken).toHaveLength(PARTNERS);
  });

  it('sends nothing to those held out before, though fewer would be held out now', async () => {
    await runNudges(declared(0.5), DAY_30, false);
    const first = await kept();
    const heldOut = ids(first.filter(({ assignment }) => assignment === 'hold-out'));
    const send = ids(first.filter(({ assignment }) => assignment === 'send'));
    expect(Math.min(heldOut.length, send.length)).toBeGreaterThan(0);

    const { decisions, enqueued } = await runNudges(declared(0.1), DAY_30, true);
    const heldOutNow = decisions.filter(({ assignment }) => assignment === 'hold-out');
    expect(heldOutNow.length).toBeLessThan(heldOut.length);
    const second = await kept();
    expect(ids(second.filter(({ delivery }) => delivery === 'pending'))).toEqual(send);
    expect(ids(second.filter(({ delivery }) => delivery === null))).toEqual(heldOut);
    expect(enqueued).toBe(send.length);
    // The first decision stands, with the probability it was made with.
    expect(second.map((nudge) => ({ ...nudge, delivery: null }))).toEqual(first);
    expect(second.every(({ assignmentProbability }) => assignmentProbability === 0.5)).toBe(true);
  });

  it('sends to those decided to be sent before, though they would be held out now', async () => {
    await runNudges(declared(0), DAY_30, false);
    const { decisions, enqueued } = await runNudges(declared(0.5), DAY_30, true);
    expect(decisions.some(({ assignment }) => assignment === 'hold-out')).toBe(true);
    expect(enqueued).toBe(PARTNERS);
  });

  it('keeps and sends nothing when another has taken the work over meanwhile', async () => {
    const context = declared(0);
    const interval = { pipeline: 'nudges', start: new Date(DAY_30 - DAY), end: new Date(DAY_30) };
    context.step = async (_name, work) => {
      const decisions = await work();
      // Its process slept for longer than a lease lasts.
      context.now += 31_000;
      expect(await claimRun(database, interval, 'another', new Date(context.now))).toMatchObject({ fence: 2 });
      return decisions;
    };
    await expect(runNudges(context, DAY_30, true)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await kept()).toEqual([]);
    expect(await takeDelivery(database, new Date(context.now), new Date(context.now))).toBeNull();
  });

  it('is refused while another is at it', async () => {
    const interval = { pipeline: 'nudges', start: new Date(DAY_30 - DAY), end: new Date(DAY_30) };
    await claimRun(database, interval, 'another', new Date(NOW));
    await expect(runNudges(declared(0), DAY_30, true)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await kept()).toEqual([]);
  });
});
