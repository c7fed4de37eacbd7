import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, parseDay } from '../../features/index.ts';
import {
  classScoringModels,
  type FittedClassVersion,
  type SavedVersion,
  saveClassVersion,
  settledClasses,
  type YARDSTICKS,
} from '../../models/index.ts';
import { asDeclared } from '../../pipelines/class-model.ts';
import {
  auditLeakage,
  canonicalMapping,
  ingest,
  programFacts,
  promote,
  rollBack,
  scoreClassModel,
  simulate,
  trainClassModel,
  versionInUse,
} from '../../pipelines/index.ts';
import { buildPanel, trainingCutoffs } from '../../pipelines/panel.ts';
import { whyTrain } from '../../pipelines/watch.ts';
import {
  classScoreOf,
  classScoresOf,
  type Database,
  publicationOf,
  registerVersion,
  storedClassScores,
  watchesOf,
} from '../../store/index.ts';
import { contextOn, type TestContext } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';

const END = parseDay('2025-01-01');
const [model] = classScoringModels;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('trajectory, from exports to a list', () => {
  let database: Database;
  let context: TestContext;
  let champion: string;

  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'partnercast-trajectory-'));
    database = await openDatabase();
    context = contextOn(database, END);
    await simulate({ partners: 300, months: 24, seed: 3, end: END }, directory);
    await ingest(database, [directory], { mapping: canonicalMapping(), backfill: false, maxBad: 0, now: END });
    rmSync(directory, { recursive: true, force: true });
    const { card } = await trainClassModel(context, model, END - 30 * DAY);
    champion = card.champion;
    await scoreClassModel(context, model, END);
  }, 120_000);
  afterAll(() => database.close());

  it('gives each partner chances that add up to 1, in an interval each, and reasons that add up to them', async () => {
    const publication = await publicationOf(database, model.name);
    const scores = publication ? await storedClassScores(database, publication) : [];
    expect(scores.length).toBeGreaterThan(50);
    expect(champion).toMatch(/multinomial-logistic|class-boosting|class-average/);
    expect(scores.every(({ reasons }) => reasons.length > 10)).toBe(true);
    for (const { chances, likeliest, toward, ratherThan, reasons, evidence } of scores) {
      expect(chances.map((chance) => chance.class)).toEqual(model.label.classes);
      expect(chances.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
      for (const { probability, low, high } of chances) {
        expect([0 <= low, low <= probability, probability <= high, high <= 1]).toEqual([true, true, true, true]);
      }
      const of = (name: string) => chances.find((chance) => chance.class === name)?.probability ?? Number.NaN;
      expect(of(likeliest)).toBe(Math.max(...chances.map(({ probability }) => probability)));
      const told = reasons.reduce((sum, { log_odds }) => sum + log_odds, evidence.baseLogOdds);
      expect(told + evidence.calibrationLogOdds).toBeCloseTo(Math.log(of(toward) / of(ratherThan)), 9);
    }
  });

  it('is derived again to the bit, and any change of what is stored is found', async () => {
    const told = () => undefined;
    expect(await auditLeakage(context, { model: model.name }, told)).toMatchObject([{ verdict: 'ok', because: null }]);
    const changes = [
      ['lows', "'{0,0,0}'", /chances of .* is stored as/],
      ['reasons', "'[]'::jsonb", /reasons of .* is stored as/],
      ['inputs_digest', "'abc'", /inputs_digest of .* is stored as "abc"/],
    ] as const;
    for (const [column, value, because] of changes) {
      await database
        .transaction(async (transaction) => {
          await transaction.query(`update class_score set ${column} = ${value}
          where entity_id = (select max(entity_id) from class_score)`);
          const [audit] = await auditLeakage({ ...context, database: transaction }, { model: model.name }, told);
          expect([column, audit.verdict]).toEqual([column, 'differs']);
          expect(audit.because).toMatch(because);
          throw new Error('back');
        })
        .catch((error: Error) => expect(error.message).toBe('back'));
    }
  });

  it('sorts by a class, goes on where a page ended, and finds one partner', async () => {
    const publication = await publicationOf(database, model.name);
    if (!publication) throw new Error('nothing was published');
    const byGrowth = (limit: number, after?: { probability: number; entityId: string }) =>
      classScoresOf(database, publication, {}, { byClass: 2, limit, after });
    const all = await byGrowth(1000);
    const chances = all.map((score) => score.chances[2].probability);
    expect(chances).toEqual(chances.toSorted((a, b) => b - a));
    const rest = await byGrowth(1000, { probability: chances[4], entityId: all[4].entityId });
    expect(rest).toEqual(all.slice(5));
    expect(await classScoreOf(database, model.name, all[3].entityId)).toEqual(all[3]);
    expect(await classScoreOf(database, model.name, 'nobody')).toBeNull();
    expect(await classScoreOf(database, 'fortune', all[3].entityId)).toBeNull();
  });

  it.each(["'{0.5,0.5,NaN}'", "'{0.5,0.7,-0.2}'", "'{0.5,0.5}'", "'{0.5,0.5,null}'", "'{1.1,0,0}'"])(
    'the store takes no probabilities like %s',
    async (probabilities) => {
      await expect(database.query(`update class_score set probabilities = ${probabilities}`)).rejects.toThrow(/check/);
    },
  );

  it('is held against what the program declares', async () => {
    const source = await programFacts(context);
    const cutoffs = trainingCutoffs(model, source, END);
    const tally = async (trajectory_against: (typeof YARDSTICKS)[number]) => {
      const panel = await buildPanel(asDeclared(model, { ...context.settings, trajectory_against }), source, cutoffs, [
        END,
      ]);
      const { outcomes } = settledClasses(panel, END, () => true);
      return {
        name: panel.label.name,
        rows: outcomes.length,
        grew: outcomes.filter((outcome) => outcome === 2).length,
      };
    };
    const [before, season] = [await tally('half-year-before'), await tally('same-season')];
    expect([before.name, season.name]).toEqual(model.labels.map(({ name }) => name));
    expect(season.rows).toBe(before.rows);
    expect(season.grew).not.toBe(before.grew);
  });

  describe('in the registry', () => {
    let first: string;
    const second = 'second';
    const said = { by: 'Ada', why: 'looked at it', from: END };
    beforeAll(async () => {
      const { usable } = await versionInUse(database, model, END);
      if (!usable) throw new Error('nothing is in use');
      first = usable.registered.version;
      // As if everyone had been quiet for a thousand days when it learnt.
      const quiet = { feature: 'recency_days', edges: [1000], least: null, counts: [0, 0, 0, 500], ordinary: 1 };
      const reference = { from: END - 60 * DAY, to: END - 30 * DAY, partners: 100, reach: 100, features: [quiet] };
      const other = saveClassVersion({ ...usable.fitted, reference });
      await registerVersion(database, { ...other, version: second }, usable.registered.card, new Date(END));
      await database.query('create table kept_versions as select * from model_version');
    });
    beforeEach(async () => {
      await database.query('truncate model_version');
      await database.query('insert into model_version select * from kept_versions');
      await database.query("delete from promotion where decided_by <> 'training'");
      context.said.length = 0;
    });
    const inUse = async () => (await versionInUse(database, model, END)).usable?.registered.version;

    it('is the one people promote, watched by its inputs, and the one before it again after a rollback', async () => {
      await promote(context, model, second, said);
      expect(await inUse()).toBe(second);
      const { drift } = await scoreClassModel(context, model, END);
      expect(drift).toMatchObject({ watched: 1, drifted: [{ feature: 'recency_days' }] });
      expect(await watchesOf(database, model.name, 2)).toEqual([{ asOf: END, version: second, drift }]);
      expect(context.said.join()).toMatch(/1 of 1 inputs have moved away/);
      await rollBack(context, model, said);
      expect(await inUse()).toBe(first);
      await expect(rollBack(context, model, said)).rejects.toMatchObject({ code: 'USAGE' });
    });

    it.each([
      ['deleted', 'delete from model_version where version = $1', /is not registered, or was deleted/],
      ['truncated', 'update model_version set parameters = left(parameters, 100) where version = $1', /is damaged/],
      ['given numbers', "update model_version set numbers = 'ab' where version = $1", /is damaged: its numbers/],
    ])('is the last good one when the promoted one is %s', async (_, damage, because) => {
      await promote(context, model, second, said);
      await database.query(damage, [second]);
      await scoreClassModel(context, model, END);
      expect((await publicationOf(database, model.name))?.version).toBe(first);
      expect(context.said.join()).toMatch(because);
      expect(context.said.join()).toContain(`The last good one, ${first}, is used instead.`);
    });

    it('promotes nothing foreign: of other features, of other classes, or of one outcome', async () => {
      const { usable } = await versionInUse(database, model, END);
      const { fitted, registered } = usable as NonNullable<typeof usable>;
      const renamed = (each: FittedClassVersion['champion']): FittedClassVersion['champion'] => ({
        ...each,
        model: Object.assign(Object.create(each.model), {
          save: () => ({ ...(each.model.save() as object), classes: ['a', 'b', 'c'] }),
        }),
      });
      const foreign: [SavedVersion, RegExp][] = [
        [saveClassVersion({ ...fitted, features: ['a_dream'] }), /another set of features: \S+ has no a_dream/],
        [
          saveClassVersion({ ...fitted, classes: ['a', 'b', 'c'], champion: renamed(fitted.champion), refits: [] }),
          /tells other classes apart \(a, b, c\) than the model \(churn, stagnate, grow\)/,
        ],
        [
          { ...saveClassVersion(fitted), text: '{"format":2}', checksum: sha256('{"format":2}'), version: 'of-one' },
          /cannot be read: .*reads format classes-1/s,
        ],
      ];
      for (const [saved, because] of foreign) {
        await registerVersion(database, saved, registered.card, new Date(END));
        await expect(promote(context, model, saved.version, said)).rejects.toMatchObject({
          code: 'USAGE',
          message: expect.stringMatching(because),
        });
      }
      expect(await inUse()).toBe(first);
    });

    it('is trained again when it is asked something else, and else only when an outcome has matured since', async () => {
      // The run before looked at inputs that had moved.
      expect(await whyTrain(context, model, END)).toMatch(/its inputs have moved away/);
      await database.query('delete from watch');
      expect(await whyTrain(context, model, END)).toBeNull();
      const sooner = { ...context, settings: { ...context.settings, retrain_days: 20 } };
      expect(await whyTrain(sooner, model, END)).toMatch(/was 30 days ago, and outcomes have matured since\.$/);
      expect(await whyTrain(sooner, model, END - 10 * DAY)).toBeNull();
      const declared = asDeclared(model, { ...context.settings, trajectory_against: 'same-season' });
      expect(await whyTrain(context, declared, END)).toBe(
        'trajectory is trained again: it is to foretell trajectory-180d-against-same-season now.',
      );
      await database.query("update model_version set checksum = 'x'");
      expect(await whyTrain(context, model, END)).toMatch(/is damaged.* It is trained again now\.$/);
    });

    it('stays when a new one does not beat it, and the card of that one says so', async () => {
      const trained = await trainClassModel(context, model, END);
      expect(trained.isInUse).toBe(false);
      expect(trained.card.contest).toMatchObject({ against: first, isPromoted: false });
      expect(trained.card.contest?.because).toMatch(
        new RegExp(`does not clearly beat ${first}|No outcome has matured that ${first}`),
      );
      expect(await inUse()).toBe(first);
    });
  });

  it('says what is missing where some class has hardly come', async () => {
    await expect(trainClassModel(context, model, END - 400 * DAY)).rejects.toThrow(
      /Not enough data for trajectory until 2023-11-28: .* with the outcome "churn", 10 are needed/,
    );
    await expect(scoreClassModel(context, model, END - 400 * DAY)).rejects.toThrow(
      /No version of trajectory was trained until 2023-11-28 or before/,
    );
  });
});
