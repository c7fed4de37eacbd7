import { describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import {
  backtest,
  blankNotes,
  inputsOfCard,
  loadVersion,
  saveVersion,
  scoringModels,
  trainVersion,
} from '../../models/index.ts';
import { judgeSupply } from '../../models/sufficiency.ts';
import { NAMES, someSet, withColumns } from '../helpers/sets.ts';

const [model] = scoringModels;
const SETTINGS = { until: parseDay('2024-01-01'), seed: 3, threads: 1, capacity: 5, rulesOnly: false };
const SET = someSet(80, 14, 1);

describe('training', () => {
  it('chooses the model where it helps, and says how past lists did', async () => {
    const { fitted, card } = await trainVersion(model, SET, SETTINGS);
    expect(card).toMatchObject({ champion: 'average', rule: 'recency-rule', refits: 50 });
    expect(card.gain.low).toBeGreaterThan(0);
    expect(card.verdict).toMatch(/average foretold .* better than recency-rule/);
    expect(card.trackRecord?.hitRate.value).toBeGreaterThan(card.trackRecord?.baseRate ?? 1);
    expect(fitted.refits).toHaveLength(50);
  });

  it('says that a rule is as good where outcomes are drawn by lot', async () => {
    const shuffled = { ...SET, outcomes: Uint8Array.from(SET.outcomes, (_, row) => Number((row * 7919) % 5 === 0)) };
    const { card } = await trainVersion(model, shuffled, SETTINGS);
    expect(card.verdict).toMatch(/^A rule is as good/);
    expect(card.gain.low).toBeLessThanOrEqual(0);
  });

  it('lets only rules compete when the data supports no more', async () => {
    const { card } = await trainVersion(model, SET, { ...SETTINGS, rulesOnly: true });
    expect(card.contenders.map(({ name }) => name)).toEqual(['base-rate', 'recency-rule']);
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

describe('a saved version', () => {
  it('comes back whole', async () => {
    const { fitted } = await trainVersion(model, SET, SETTINGS);
    const loaded = loadVersion(saveVersion(fitted));
    expect(saveVersion(loaded)).toEqual(saveVersion(fitted));
  });

  it('is refused when it is truncated anywhere, or a character has changed', async () => {
    const { fitted } = await trainVersion(model, SET, { ...SETTINGS, rulesOnly: true });
    const saved = saveVersion(fitted);
    for (let length = 0; length < saved.text.length; length += 37) {
      expect(() => loadVersion({ ...saved, text: saved.text.slice(0, length) })).toThrow(/is damaged.*Train again/);
    }
    for (let place = 0; place < saved.text.length; place += 41) {
      const changed = `${saved.text.slice(0, place)}${saved.text[place] === '1' ? '2' : '1'}${saved.text.slice(place + 1)}`;
      expect(() => loadVersion({ ...saved, text: changed })).toThrow(/is damaged/);
    }
  });

  it('of a newer format is refused with the format it reads', async () => {
    const { createHash } = await import('node:crypto');
    const { fitted } = await trainVersion(model, SET, { ...SETTINGS, rulesOnly: true });
    const text = saveVersion(fitted).text.replace('"format":1', '"format":2');
    const checksum = createHash('sha256').update(text).digest('hex');
    expect(() => loadVersion({ model: 'churn-risk', version: 'v', text, checksum })).toThrow(
      /this version reads format 1/,
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
      'average',
    ]);
    for (const { name, figures } of result.estimators) {
      for (const [figure, { value, low, high }] of Object.entries(figures)) {
        expect(low, `${name} ${figure}`).toBeLessThanOrEqual(value);
        expect(high, `${name} ${figure}`).toBeGreaterThanOrEqual(value);
      }
    }
    expect(result.champion).toBe('average');
    expect(result.verdict).toMatchObject({ better: 'model', rule: 'recency-rule' });
    expect(result.verdict.text).toMatch(/^average is better than recency-rule: log loss lower by /);
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

describe('what data suffices for', () => {
  it.each([
    [{ partners: 9, rows: 40, happened: 4, stayed: 9, months: 2 }, 'nothing', 4],
    [{ partners: 30, rows: 120, happened: 20, stayed: 30, months: 8 }, 'rule', 2],
    [{ partners: 90, rows: 1200, happened: 80, stayed: 60, months: 20 }, 'model', 0],
    [{ partners: 90, rows: 1200, happened: 90, stayed: 5, months: 20 }, 'nothing', 1],
  ])('%j suffices for %s', (supply, verdict, lacking) => {
    const judged = judgeSupply(supply);
    expect(judged.verdict).toBe(verdict);
    expect(judged.missing).toHaveLength(lacking);
  });
});
