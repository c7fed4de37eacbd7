import { beforeAll, describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import {
  blankNotes,
  evaluationOfCard,
  type ModelCard,
  type PastEvaluation,
  scoringModels,
  trainVersion,
} from '../../models/index.ts';
import { metricNamed, rank } from '../../models/metrics.ts';
import { cutoffOf, someSet } from '../helpers/sets.ts';

const [model] = scoringModels;
const SETTINGS = { until: parseDay('2024-01-01'), seed: 3, threads: 1, capacity: 5, rulesOnly: true };
const SET = someSet(80, 14, 1);

describe('how good a version was on its past', () => {
  let card: ModelCard;
  let evaluation: PastEvaluation;
  let past: Awaited<ReturnType<typeof trainVersion>>['past'];

  beforeAll(async () => {
    const notes = blankNotes(SET.outcomes.length);
    SET.table.entities.forEach((entity, row) => {
      notes.traits.tier[row] = Number(entity.slice(1)) < 40 ? 'gold' : 'silver';
    });
    ({ card, past } = await trainVersion(model, SET, { ...SETTINGS, notes }));
    const found = evaluationOfCard(JSON.parse(JSON.stringify(card)));
    if (!found) throw new Error('no evaluation');
    evaluation = found;
  });

  it('is told of the rows that were foretold', () => {
    const { from, to, rows, partners, happened } = evaluation;
    expect([from, to]).toEqual([cutoffOf(7), cutoffOf(13)]);
    expect([rows, partners]).toEqual([past.rows.length, 80]);
    expect(rows).toBe(7 * 80);
    expect(happened).toBe(past.outcomes.reduce((sum, outcome) => sum + outcome, 0));
  });

  it('the champion stands first, beside the rules, each figure with an interval that holds it', () => {
    expect(evaluation.estimators.map(({ name }) => name)).toEqual(['recency-rule', 'base-rate']);
    const ones = new Uint8Array(past.outcomes.length).fill(1);
    for (const [name, { value, low, high }] of Object.entries(evaluation.estimators[0].figures)) {
      expect(value).toBe(metricNamed(name).compute(rank(past.probabilities, past.outcomes), ones));
      expect([low <= value, value <= high], name).toEqual([true, true]);
    }
  });

  it('calling all finds all, and calling more never finds fewer', () => {
    const { gains } = evaluation;
    expect(gains.at(-1)).toMatchObject({ called: 1, found: { value: 1, low: 1, high: 1 }, byRecency: 1 });
    const found = gains.map(({ found: { value } }) => value);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    // A tenth of 560 rows, by hand.
    const order = [...past.probabilities.keys()].sort((a, b) => past.probabilities[b] - past.probabilities[a] || a - b);
    const hits = order.slice(0, 56).filter((place) => past.outcomes[place] === 1).length;
    expect(gains[1].found.value).toBeCloseTo(hits / evaluation.happened, 12);
  });

  it('parts of the program are told apart by what was noted of them', () => {
    expect(evaluation.segments.map(({ by }) => by)).toEqual(['tier']);
    const [{ segments }] = evaluation.segments;
    expect(segments.map(({ name, partners, rows }) => [name, partners, rows])).toEqual([
      ['gold', 40, 280],
      ['silver', 40, 280],
    ]);
  });

  it('is unknown on cards of before it was kept', () => {
    expect(evaluationOfCard({})).toBeNull();
    expect(evaluationOfCard({ evaluation: { rows: 'many' } })).toBeNull();
  });
});
