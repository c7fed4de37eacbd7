import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, parseDay } from '../../features/index.ts';
import { classScoringModels, settledClasses, type YARDSTICKS } from '../../models/index.ts';
import { asDeclared } from '../../pipelines/class-model.ts';
import {
  auditLeakage,
  canonicalMapping,
  ingest,
  programFacts,
  scoreClassModel,
  simulate,
  trainClassModel,
} from '../../pipelines/index.ts';
import { buildPanel, trainingCutoffs } from '../../pipelines/panel.ts';
import { classScoreOf, classScoresOf, type Database, publicationOf, storedClassScores } from '../../store/index.ts';
import { contextOn, type TestContext } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';

const END = parseDay('2025-01-01');
const [model] = classScoringModels;

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

  it('says what is missing where some class has hardly come', async () => {
    await expect(trainClassModel(context, model, END - 400 * DAY)).rejects.toThrow(
      /Not enough data for trajectory until 2023-11-28: .* with the outcome "churn", 10 are needed/,
    );
    await expect(scoreClassModel(context, model, END - 400 * DAY)).rejects.toThrow(
      /No version of trajectory was trained until 2023-11-28 or before/,
    );
  });
});
