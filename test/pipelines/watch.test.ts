import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, parseDay } from '../../features/index.ts';
import { type DriftWatch, outcomesOn, scoringModels } from '../../models/index.ts';
import { countLists } from '../../pipelines/count-lists.ts';
import {
  buildFeatures,
  canonicalMapping,
  ingest,
  programFacts,
  scoreModel,
  simulate,
  trainModel,
} from '../../pipelines/index.ts';
import { buildPanel } from '../../pipelines/panel.ts';
import { whyTrain } from '../../pipelines/watch.ts';
import { type Database, keepResult, keepWatch, scoreboardOf, storedScores, watchesOf } from '../../store/index.ts';
import { contextOn, type TestContext } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';

const END = parseDay('2025-01-01');
const [TRAINED, SECOND] = ['2024-07-15', '2024-08-05'].map(parseDay);
const [model] = scoringModels;

describe('watching a model', () => {
  let database: Database;
  let context: TestContext;
  let version: string;

  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'partnercast-watch-'));
    await simulate({ partners: 60, months: 28, seed: 5, end: END }, directory);
    database = await openDatabase();
    context = contextOn(database, END);
    const loading = { mapping: canonicalMapping(), backfill: false, maxBad: 0, now: context.now };
    await ingest(database, [directory], loading);
    rmSync(directory, { recursive: true, force: true });
    ({ version } = await trainModel(context, model, TRAINED));
    for (const asOf of [TRAINED, SECOND]) await scoreModel(context, model, asOf);
  }, 120_000);
  beforeEach(() => database.query('truncate scoreboard'));
  afterAll(() => database.close());

  it('every list is held against what was learnt from, and that is kept', async () => {
    const watches = await watchesOf(database, model.name, 10);
    expect(watches.map(({ asOf, version: by }) => [asOf, by])).toEqual([
      [SECOND, version],
      [TRAINED, version],
    ]);
    // What is measured among all partners is told of nobody where they are too few: that is not looked at.
    const source = await programFacts(context);
    const watched = await Promise.all(
      [SECOND, TRAINED].map(async (day) => {
        const { atRisk, names, columns } = await buildFeatures(model.view, source, [day]);
        const isTold = (name: string) =>
          columns[names.indexOf(name)].some((value, row) => atRisk[row] === 1 && !Number.isNaN(value));
        return model.view.features.length + model.view.relative.filter(({ name }) => isTold(name)).length;
      }),
    );
    expect(watches.map(({ drift }) => drift.watched)).toEqual(watched);
    expect(watched[0]).toBeLessThan(model.view.features.length + model.view.relative.length);
    // The first stands for a week, the second for the three that had gone by.
    const levels = watches.map(({ drift }) => drift.level * 365 * 10);
    expect(levels.map(Math.round)).toEqual([21, 7]);
    expect(watches.map(({ drift }) => drift.drifted)).toEqual([[], []]);
  });

  it('lists are counted when their time is over, each once, as outcomes were known then', async () => {
    const before = await countLists(context, model, TRAINED + 90 * DAY - 1);
    expect(before).toEqual([]);
    const [counted] = await countLists(context, model, TRAINED + 90 * DAY);
    expect(counted).toMatchObject({ asOf: TRAINED, version, knownUntil: TRAINED + 90 * DAY });
    expect((await countLists(context, model, END)).map(({ asOf }) => asOf)).toEqual([SECOND]);
    expect(await countLists(context, model, END)).toEqual([]);
    expect((await scoreboardOf(database, model.name, 10)).map(({ asOf }) => asOf)).toEqual([SECOND, TRAINED]);

    // By another way: the outcomes that training would learn from.
    const panel = await buildPanel(model, await programFacts(context), [TRAINED], [TRAINED + 90 * DAY]);
    const outcomes = outcomesOn(panel, TRAINED + 90 * DAY, TRAINED);
    const stored = await storedScores(database, { model: model.name, asOf: TRAINED, version });
    const known = stored.filter(({ entityId }) => (outcomes.get(entityId) ?? null) !== null);
    const hits = known.filter(({ entityId }) => outcomes.get(entityId));
    const { everyone, listed } = counted.result;
    expect([everyone.settled, everyone.hits]).toEqual([known.length, hits.length]);
    expect(listed.hits).toBe(hits.filter((score) => score.listed).length);
    expect(everyone.expected).toBeCloseTo(
      known.reduce((sum, { probability }) => sum + probability, 0),
      9,
    );
    expect(everyone.hits).toBeGreaterThan(0);
  });

  describe('is trained again', () => {
    const drift = (...features: string[]): DriftWatch => ({
      watched: 100,
      level: 0.001,
      drifted: features.map((feature) => ({ feature, psi: 1, p: 0 })),
    });
    /** A month after the training a cutoff has matured that it had not learnt from. */
    const [NOTHING_NEW, MATURED] = [TRAINED + 10 * DAY, TRAINED + 20 * DAY];
    const watched = (asOf: number, found: DriftWatch) =>
      keepWatch(database, model.name, { asOf, version, drift: found });

    beforeEach(() => database.query("delete from watch where as_of not in ('2024-07-15', '2024-08-05')"));

    it('not by the calendar alone: something new must have matured', async () => {
      const impatient = { ...context, settings: { ...context.settings, retrain_days: 5 } };
      expect(await whyTrain(impatient, model, NOTHING_NEW)).toBeNull();
      expect(await whyTrain(impatient, model, MATURED)).toMatch(/the last training was 20 days ago, and outcomes have/);
      expect(await whyTrain(context, model, MATURED)).toBeNull();
      expect(await whyTrain(context, model, TRAINED + 31 * DAY)).toMatch(/31 days ago/);
    });

    it('when inputs have moved, once there is something new to learn', async () => {
      await watched(TRAINED + 9 * DAY, drift('logins_30d'));
      expect(await whyTrain(context, model, NOTHING_NEW)).toBeNull();
      expect(await whyTrain(context, model, MATURED)).toMatch(/its inputs have moved away/);
      await watched(TRAINED + 9 * DAY, drift());
      expect(await whyTrain(context, model, MATURED)).toBeNull();
    });

    it('when a list did otherwise than it said', async () => {
      const tally = { settled: 10, hits: 9, expected: 2, rate: null, p: 0 };
      const kept = (verdict: 'as expected' | 'more than expected') =>
        keepResult(database, model.name, {
          asOf: TRAINED - 80 * DAY,
          version,
          knownUntil: TRAINED + 10 * DAY,
          result: { listed: tally, everyone: tally, verdict },
        });
      await kept('more than expected');
      expect(await whyTrain(context, model, MATURED)).toMatch(/a list did otherwise than it said/);
      await kept('as expected');
      expect(await whyTrain(context, model, MATURED)).toBeNull();
    });

    it('when there is no version that can be used', async () => {
      expect(await whyTrain(context, model, TRAINED - DAY)).toBe('churn-risk has no version yet.');
    });
  });
});
