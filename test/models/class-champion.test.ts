import { beforeAll, describe, expect, it } from 'vitest';
import { rowCount } from '../../features/index.ts';
import { backtestClasses } from '../../models/class-backtest.ts';
import { predictClasses } from '../../models/class-calibrated.ts';
import { type ClassContender, chooseClassChampion, fitClassContenders } from '../../models/class-champion.ts';
import { type ClassEvaluation, evaluationOfClassCard } from '../../models/class-past.ts';
import { classRefitsOf } from '../../models/class-refits.ts';
import { tellingPair } from '../../models/class-score.ts';
import type { ClassScoringModel } from '../../models/class-scoring-model.ts';
import { judgeClassSupply } from '../../models/class-sufficiency.ts';
import { trainClassVersion } from '../../models/class-train.ts';
import type { ClassSet } from '../../models/classes.ts';
import { classAverage } from '../../models/estimators/class-average.ts';
import { classEstimators } from '../../models/estimators/index.ts';
import { seeded } from '../../models/index.ts';
import { loadClassVersion, saveClassVersion } from '../../models/saved-class-version.ts';
import { trajectory } from '../../models/specs/trajectory.ts';
import { selectFrom } from '../../models/training-set.ts';
import { someClassSet } from '../helpers/sets.ts';

/** Half a year of quiet is known after it; four months of cutoffs must lie behind the first that is checked. */
const SET: ClassSet = { ...someClassSet(60, 14, 1), label: { gapDays: 0, horizonDays: 60 } };
const FITTING = { seed: 4, threads: 1 };
const model: ClassScoringModel = { ...trajectory, estimators: classEstimators };
const bits = (columns: readonly Float64Array[]) => columns.map(({ buffer }) => Buffer.from(buffer).toString('hex'));
const UNSEEN = someClassSet(10, 2, 7).table;

describe('the contest', () => {
  let contenders: ClassContender[];
  beforeAll(async () => {
    contenders = await fitClassContenders(classEstimators, SET, FITTING);
  });

  it('an average made of fitted members is the average fitted to the same set', async () => {
    const made = contenders.find(({ name }) => name === classAverage.name) as ClassContender;
    const fitted = await classAverage.fit(SET, seeded(FITTING.seed));
    expect(made.parts).toEqual(['multinomial-logistic', 'class-boosting']);
    expect(bits(made.model.predict(UNSEEN))).toEqual(bits(fitted.predict(UNSEEN)));
  });

  it('is won by the lowest log loss on the past, and by the simplest where there is none', () => {
    const said = (name: string, chance: number): ClassContender => {
      const rest = new Float64Array(2).fill((1 - chance) / 2);
      const past = {
        rows: [0, 1],
        probabilities: [new Float64Array(2).fill(chance), rest, rest],
        outcomes: new Uint8Array(2),
      };
      return { ...contenders[0], name, past };
    };
    expect(chooseClassChampion([said('a', 0.2), said('b', 0.6), said('c', 0.6)]).name).toBe('b');
    const empty = { rows: [], probabilities: [0, 1, 2].map(() => new Float64Array(0)), outcomes: new Uint8Array(0) };
    expect(chooseClassChampion(contenders.map((each) => ({ ...each, past: empty }))).name).toBe('class-base-rate');
  });

  it('looks at no row before what it was learnt from had matured', () => {
    const { past } = contenders[0];
    const cutoffs = past.rows.map((row) => SET.table.cutoffs[row]);
    expect(new Set(past.rows).size).toBe(past.rows.length);
    expect(Math.min(...cutoffs)).toBeGreaterThan(SET.table.cutoffs[0]);
    expect([...past.outcomes]).toEqual(past.rows.map((row) => SET.outcomes[row]));
  });

  it('refits are of the champion of each draw, and say probabilities of every class', async () => {
    const refits = await classRefitsOf(contenders, SET, 1);
    expect(refits).toHaveLength(20);
    const names = new Set(refits.map((refit) => refit.model.estimator));
    expect(names.has('class-average')).toBe(false);
    const spread = refits.map((refit) => predictClasses(refit, UNSEEN)[0][0]);
    expect(new Set(spread).size).toBe(20);
  });

  it('refits leave out draws that lack a class', async () => {
    const rare = SET.table.entities[SET.outcomes.indexOf(2)];
    const rows = [...SET.outcomes.keys()].filter((row) => SET.outcomes[row] !== 2 || SET.table.entities[row] === rare);
    const set = selectFrom(SET, rows);
    const refits = await classRefitsOf(await fitClassContenders(classEstimators.slice(0, 2), set, FITTING), set, 1);
    // One partner in sixty is left out of a draw with probability (59/60)⁶⁰ = .365.
    expect(refits.length).toBeGreaterThan(4);
    expect(refits.length).toBeLessThan(20);
  });
});

describe('a version', () => {
  it('says where there was too little past to tell by, and holds nothing that JSON cannot say', async () => {
    const settings = { ...FITTING, until: Date.parse('2024-01-01'), rulesOnly: true };
    const { card } = await trainClassVersion(model, someClassSet(40, 3, 1), settings);
    expect(card).toMatchObject({ champion: 'class-base-rate', gain: null, evaluation: null });
    expect(card.verdict).toMatch(/^There was too little past to tell by/);
    expect(JSON.parse(JSON.stringify(card))).toEqual(card);
  });

  it('is itself again when saved and loaded, and tells when it is damaged or mixed up', async () => {
    const { fitted, card } = await trainClassVersion({ ...model, estimators: classEstimators.slice(0, 3) }, SET, {
      ...FITTING,
      until: Date.parse('2024-01-01'),
      rulesOnly: false,
    });
    expect(card).toMatchObject({ champion: 'multinomial-logistic', refits: 20, classes: SET.classes });
    expect(card.verdict).toMatch(/multinomial-logistic foretold .* better than/);
    const { calibration, estimators } = evaluationOfClassCard(JSON.parse(JSON.stringify(card))) as ClassEvaluation;
    expect(estimators.map(({ name }) => name)).toEqual(['multinomial-logistic', 'class-base-rate', 'persistence']);
    const [ours, ...theirs] = estimators.map(({ figures }) => figures['log_loss']);
    expect(ours.value).toBe(card.contenders.find(({ name }) => name === 'multinomial-logistic')?.['log_loss']);
    expect([ours.low < ours.value, ours.value < ours.high]).toEqual([true, true]);
    for (const { value } of theirs) expect(ours.value).toBeLessThan(value);
    expect(calibration.reduce((sum, { said }) => sum + said, 0)).toBeCloseTo(1, 9);
    expect(calibration.reduce((sum, { came }) => sum + came.value, 0)).toBeCloseTo(1, 9);
    const saved = saveClassVersion(fitted);
    const loaded = loadClassVersion(saved);
    expect(bits(predictClasses(loaded.champion, UNSEEN))).toEqual(bits(predictClasses(fitted.champion, UNSEEN)));
    expect(saveClassVersion(loaded)).toEqual(saved);
    expect(fitted.features).toEqual(SET.table.names);
    expect(fitted.reference?.features.map(({ feature }) => feature)).toEqual(SET.table.names);
    expect(() => loadClassVersion({ ...saved, text: saved.text.slice(1) })).toThrow(/damaged: its text does not match/);
    const mixed = saveClassVersion({ ...fitted, classes: ['churn', 'grow', 'stagnate'] });
    expect(() => loadClassVersion(mixed)).toThrow(/its parts tell different classes apart/);
    const blind = saveClassVersion({ ...fitted, directions: [] });
    expect(() => loadClassVersion(blind)).toThrow(/directions of every class/);
  });

  it('is made of rules of thumb only where there is not enough for more', async () => {
    const settings = { ...FITTING, until: 0, rulesOnly: true };
    const { card } = await trainClassVersion(model, SET, settings);
    expect(card.contenders.map(({ name }) => name)).toEqual(['class-base-rate', 'persistence']);
    expect(card.verdict).toMatch(/^A rule is as good/);
  });
});

describe('a backtest', () => {
  it('gives every figure with an interval that holds it, and each beside the champion', async () => {
    const test = { ...someClassSet(40, 4, 3), label: { gapDays: 0, horizonDays: 60 } };
    const result = await backtestClasses(model, SET, test, FITTING);
    expect(result.estimators.map(({ name }) => name)).toEqual(classEstimators.map(({ name }) => name));
    for (const { name, figures, beside } of result.estimators) {
      expect(Object.keys(figures)).toEqual(['log_loss', 'rps', 'macro_f1']);
      for (const { value, low, high } of Object.values(figures))
        expect([low <= value, value <= high]).toEqual([true, true]);
      expect(beside === null).toBe(name === result.champion);
    }
    expect(result.verdict.better).toBe('model');
    // Cutoffs 30 days apart, outcomes of 60 days.
    expect(result.horizonsOverlap).toBe(true);
    expect(result.calibration.reduce((sum, { said }) => sum + said, 0)).toBeCloseTo(1, 9);
    expect(result.test).toMatchObject({ rows: rowCount(test.table), partners: 40 });
  });

  it('says that a rule is as good where outcomes are dealt by lot', async () => {
    const byLot = (set: ClassSet, seed: number) => {
      const random = seeded(seed);
      return { ...set, outcomes: set.outcomes.map(() => Math.floor(3 * random())) };
    };
    const test = { ...someClassSet(40, 4, 3), label: { gapDays: 0, horizonDays: 60 } };
    const { verdict } = await backtestClasses(model, byLot(SET, 1), byLot(test, 2), FITTING);
    expect(verdict.better).toBe('rule');
    expect(verdict.text).toMatch(/a rule is as good/i);
  });
});

it('tells the class that differs most from what is said of anybody, against the likeliest of the others', () => {
  const anybody = [0.1, 0.6, 0.3];
  // What is said beyond anybody, and not what is likeliest: .2 ln 4 = .28 against .5 ln .83.
  expect(tellingPair([0.2, 0.5, 0.3], [0.05, 0.6, 0.35])).toEqual({ toward: 0, ratherThan: 1 });
  expect(tellingPair([0.05, 0.35, 0.6], anybody)).toEqual({ toward: 2, ratherThan: 1 });
  expect(tellingPair([0.4, 0.4, 0.2], anybody)).toEqual({ toward: 0, ratherThan: 1 });
  expect(tellingPair([0.02, 0.9, 0.08], anybody)).toEqual({ toward: 1, ratherThan: 2 });
});

it('asks every class for partners: ten for a rule, thirty for a model', () => {
  const one = someClassSet(40, 12, 1);
  const classOf = (entity: string) => Number(entity.slice(1)) % 3;
  const set = { ...one, outcomes: Uint8Array.from(one.table.entities, classOf) };
  expect(judgeClassSupply(set)).toEqual({
    verdict: 'rule',
    missing: [
      '14 partners with the outcome "churn", 30 are needed',
      '13 partners with the outcome "stagnate", 30 are needed',
      '13 partners with the outcome "grow", 30 are needed',
    ],
    claims: [],
  });
  const rare = { ...set, outcomes: set.outcomes.map((outcome, row) => (outcome === 2 && row % 2 ? 1 : outcome)) };
  rare.outcomes.fill(0);
  expect(judgeClassSupply(rare).verdict).toBe('nothing');
});
