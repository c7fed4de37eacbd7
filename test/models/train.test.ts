import { describe, expect, it } from 'vitest';
import { column, parseDay } from '../../features/index.ts';
import type { Estimator, Model } from '../../models/estimator.ts';
import {
  backtest,
  blankNotes,
  inputsOfCard,
  judgeSupply,
  saveVersion,
  scoringModels,
  supplyOf,
  trainVersion,
} from '../../models/index.ts';
import { NAMES, someSet, withColumns } from '../helpers/sets.ts';

const [model] = scoringModels;
const SETTINGS = { until: parseDay('2024-01-01'), seed: 3, threads: 1, capacity: 5, rulesOnly: false };
const SET = someSet(80, 14, 1);

describe('training', () => {
  it('chooses the model where it helps, and says how past lists did', async () => {
    const { fitted, card } = await trainVersion(model, SET, SETTINGS);
    expect(card).toMatchObject({ champion: 'logistic', rule: 'recency-rule', refits: 50 });
    expect(card.gain?.low).toBeGreaterThan(0);
    expect(card.verdict).toMatch(/logistic foretold .* better than recency-rule/);
    expect(card.trackRecord?.hitRate.value).toBeGreaterThan(card.trackRecord?.baseRate ?? 1);
    expect(fitted.refits).toHaveLength(50);
    expect(card.claims).toEqual(judgeSupply(supplyOf(SET)).claims);
  });

  it('says that a rule is as good where outcomes are drawn by lot', async () => {
    const shuffled = { ...SET, outcomes: Uint8Array.from(SET.outcomes, (_, row) => Number((row * 7919) % 5 === 0)) };
    const { card } = await trainVersion(model, shuffled, SETTINGS);
    expect(card.verdict).toMatch(/^A rule is as good/);
    expect(card.gain?.low).toBeLessThanOrEqual(0);
  });

  it('lets only rules compete when the data supports no more', async () => {
    const { card } = await trainVersion(model, SET, { ...SETTINGS, rulesOnly: true });
    expect(card.contenders.map(({ name }) => name)).toEqual(['base-rate', 'recency-rule']);
  });

  it('says where there was too little past to tell by, and holds nothing that JSON cannot say', async () => {
    // Three months: nothing had matured before the last of them, so that nothing was foretold.
    const { card } = await trainVersion(model, someSet(40, 3, 1), { ...SETTINGS, rulesOnly: true });
    expect(card).toMatchObject({ champion: 'base-rate', gain: null, evaluation: null });
    expect(card.verdict).toBe('There was too little past to tell by: base-rate is published as the simplest.');
    expect(JSON.parse(JSON.stringify(card))).toEqual(card);
  });

  it('tells no figure of a past in which it happened to nobody', async () => {
    const later = [...SET.table.cutoffs].map((cutoff) => cutoff > SET.table.cutoffs[6 * 80]);
    const outcomes = SET.outcomes.map((outcome, row) => (later[row] ? 0 : outcome));
    const { card } = await trainVersion(model, { ...SET, outcomes }, { ...SETTINGS, rulesOnly: true });
    expect(card.evaluation).toBeNull();
  });

  it('notes on the card what its features are like, and which of them knows the outcome', async () => {
    const leaking = withColumns(SET, [...NAMES, 'leaks'], [...SET.table.columns, Float32Array.from(SET.outcomes)]);
    const { card } = await trainVersion(model, leaking, { ...SETTINGS, rulesOnly: true });
    expect(card.inputs).toMatchObject({ rows: SET.outcomes.length, features: 9, unknown: [], constant: [] });
    expect(card.inputs.suspicious).toEqual([{ feature: 'leaks', auc: 1, outcome: 'higher' }]);
    expect(inputsOfCard(JSON.parse(JSON.stringify(card)))).toEqual(card.inputs);
  });

  it('the same set and seed make the same version, another seed another', async () => {
    const saved = async (seed: number) => saveVersion((await trainVersion(model, SET, { ...SETTINGS, seed })).fitted);
    const [once, twice, other] = [await saved(3), await saved(3), await saved(4)];
    expect(twice).toEqual(once);
    expect(other.checksum).not.toBe(once.checksum);
    expect(once.version).toMatch(/^2024-01-01-[0-9a-f]{8}$/);
  });
});

describe('an estimator that gives no reasons', () => {
  /** Knows the outcome by a feature, and does not say how. */
  const oracle: Estimator = {
    name: 'oracle',
    onlyChallenges: true,
    fit: () => {
      const fitted: Model = {
        estimator: 'oracle',
        predict: (table) => Float64Array.from(column(table, 'leaks'), (leak) => 0.1 + 0.8 * leak),
        refit: () => fitted,
        save: () => ({ estimator: 'oracle' }),
      };
      return fitted;
    },
  };
  const leaking = withColumns(SET, [...NAMES, 'leaks'], [...SET.table.columns, Float32Array.from(SET.outcomes)]);
  const [anyone] = model.estimators;
  const contest = { ...model, estimators: [anyone, oracle] };

  it('is not learnt where a version is, though it would foretell best', async () => {
    const { fitted, card } = await trainVersion(contest, leaking, SETTINGS);
    expect(fitted.champion.model.estimator).toBe(anyone.name);
    expect(card.contenders.map(({ name }) => name)).toEqual([anyone.name]);
  });

  it('is judged in a backtest, and not its champion', async () => {
    const result = await backtest(contest, leaking, leaking, blankNotes(leaking.outcomes.length), {
      seed: 1,
      threads: 1,
      capacity: 5,
    });
    expect(result.champion).toBe(anyone.name);
    expect(result.estimators[1].figures['auc'].value).toBe(1);
  });

  it('alone cannot be published', async () => {
    await expect(trainVersion({ ...model, estimators: [oracle] }, leaking, SETTINGS)).rejects.toThrow(
      'no estimator gives its reasons',
    );
  });
});

describe('a backtest', () => {
  it('judges every estimator, each figure with its interval, and gives a verdict', async () => {
    const test = someSet(40, 6, 2);
    const result = await backtest(model, SET, test, blankNotes(test.outcomes.length), {
      seed: 1,
      threads: 1,
      capacity: 5,
    });
    expect(result.estimators.map(({ name }) => name)).toEqual([
      'base-rate',
      'recency-rule',
      'gamma-poisson',
      'logistic',
      'boosting',
      'neural-hazard',
      'average',
    ]);
    for (const { name, figures } of result.estimators) {
      for (const [figure, { value, low, high }] of Object.entries(figures)) {
        // Who says the same of everyone has no slope.
        if (figure === 'calibration_slope' && name === 'base-rate') continue;
        expect(low, `${name} ${figure}`).toBeLessThanOrEqual(value);
        expect(high, `${name} ${figure}`).toBeGreaterThanOrEqual(value);
      }
    }
    expect(result.champion).toBe('boosting');
    expect(result.verdict).toMatchObject({ better: 'model', rule: 'recency-rule' });
    expect(result.verdict.text).toMatch(/^boosting is better than recency-rule: log loss lower by /);
    expect(result.estimators[0].figures['auc'].value).toBe(0.5);
  });

  it('measures everything by the same draws of partners, so that what is the same has the same interval', async () => {
    const test = someSet(40, 6, 2);
    const result = await backtest(model, SET, test, blankNotes(test.outcomes.length), {
      seed: 1,
      threads: 1,
      capacity: 5,
    });
    const [champion] = result.estimators.filter(({ name }) => name === result.champion);
    // Every partner of the test is in the training, and the curve ends with all of them.
    expect(result.unseen).toMatchObject([{ name: 'seen', auc: champion.figures['auc'] }]);
    expect(result.learningCurve.points.at(-1)?.logLoss).toEqual(champion.figures['log_loss']);
    const [{ name, logLoss, verdict }] = result.challengers;
    expect([name, verdict]).toEqual(['base-rate', 'worse']);
    expect(logLoss.value).toBe(result.estimators[0].figures['log_loss'].value - champion.figures['log_loss'].value);
    expect(result.capacity).toMatchObject({ capacity: 5, lists: 6 });
    expect(result.falseAlarms?.count).toBe((result.capacity?.flagged ?? 0) - (result.capacity?.hits ?? 0));
    expect([result.segments, result.leadTime]).toEqual([[], null]);
  });
});
