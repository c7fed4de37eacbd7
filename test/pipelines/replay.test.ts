import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatDay, parseDay } from '../../features/index.ts';
import { scoringModels } from '../../models/index.ts';
import { type ReplayRun, runReplay, scoreModel } from '../../pipelines/index.ts';
import { trainModel } from '../../pipelines/train.ts';
import type { Database } from '../../store/index.ts';
import { contextOn, type TestContext } from '../helpers/context.ts';
import { SCORED_AT, scoredStore } from '../helpers/scored-store.ts';
import { deal, storeRows } from '../helpers/stored-events.ts';

const [model] = scoringModels;
/** A Monday whose outcomes are known, and one whose are not yet. */
const [MONDAY, LATE_MONDAY] = ['2024-08-05', '2024-11-04'].map(parseDay);

describe('the list of a past day', () => {
  let database: Database;
  let context: TestContext;
  let once: ReplayRun;
  const said = ({ replay }: ReplayRun) => replay.list.map(({ entityId, probability }) => [entityId, probability]);

  beforeAll(async () => {
    database = await scoredStore();
    context = contextOn(database, SCORED_AT);
    once = await runReplay(context, model, MONDAY);
  });
  afterAll(() => database.close());

  it('is the one that training and scoring on that day give', async () => {
    const { version } = await trainModel(context, model, MONDAY);
    const { scores, version: scoredBy } = await scoreModel(context, model, MONDAY);
    expect(scoredBy).toBe(version);
    const listed = scores.filter((score) => score.listed).sort((a, b) => b.probability - a.probability);
    expect(listed.length).toBeGreaterThan(3);
    expect(said(once)).toEqual(listed.map(({ entityId, probability }) => [entityId, probability]));
    const { happened, stayed, open, out } = once.replay.atRisk;
    expect(happened + stayed + open + out).toBe(scores.length);
  });

  it('knows what happened to everybody whose time is over', () => {
    const { atRisk, list, listed, settled, hits, missed, misses } = once.replay;
    expect(atRisk).toMatchObject({ open: 0 });
    expect(atRisk.happened).toBe(hits + missed);
    expect([list.length, misses.length]).toEqual([listed, missed]);
    expect(settled).toBe(list.filter(({ fate }) => fate !== 'out').length);
    expect(formatDay(once.knownUntil)).toBe('2025-01-01');
  });

  it('is not known yet to have been right while its time runs', async () => {
    const { replay } = await runReplay(context, model, LATE_MONDAY);
    expect(replay.atRisk).toMatchObject({ happened: 0, stayed: 0, out: 0 });
    expect(replay.atRisk.open).toBeGreaterThan(0);
    expect(replay).toMatchObject({ settled: 0, hits: 0, missed: 0 });
  });

  it('never changes by what became known later, though what happened does', async () => {
    const gone = [...once.replay.list, ...once.replay.misses].filter(({ fate }) => fate === 'happened');
    await storeRows(
      database,
      'events',
      gone.flatMap(({ entityId }) => [
        // Before the day and known on it, and after the day: neither was on record.
        deal(entityId, '2024-08-04', '2024-08-05'),
        deal(entityId, '2024-08-20', '2024-12-20'),
      ]),
    );
    // Nobody was quiet in spring, as it turned out in December: what was learnt from looked otherwise.
    const everyone = Array.from({ length: 150 }, (_, i) => `P${String(i + 1).padStart(5, '0')}`);
    await storeRows(database, 'events', [
      ...everyone.map((entityId) => deal(entityId, '2024-03-10', '2024-12-20')),
      deal(everyone[0], '2024-12-31', '2024-12-31'),
    ]);
    const again = await runReplay(context, model, MONDAY);
    expect(said(again)).toEqual(said(once));
    expect(again.learnt).toEqual(once.learnt);
    expect(once.replay.atRisk.happened).toBeGreaterThan(5);
    expect(again.replay.atRisk.happened).toBeLessThan(once.replay.atRisk.happened / 2);
  });

  it('is refused for a day that the facts do not reach, and where there was too little to learn from', async () => {
    const ahead = runReplay(context, model, parseDay('2025-03-01'));
    await expect(ahead).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(/reach to 2025-01-01/) });
    const early = runReplay(context, model, parseDay('2023-06-01'));
    await expect(early).rejects.toMatchObject({ code: 'NOT_ENOUGH_DATA' });
  });
});
