import { describe, expect, it } from 'vitest';
import { blankNotes, seeded } from '../../models/index.ts';
import { metricNamed, rank } from '../../models/metrics.ts';
import { judgeSegments } from '../../models/segments.ts';
import { judgeSlices } from '../../models/slices.ts';
import { judgeUnseen } from '../../models/unseen.ts';
import { type HandRow, setOf, someSet } from '../helpers/sets.ts';

/** Twenty partners of one row each, every other with the outcome; those of the first half are said to be safe. */
const rows = Array.from({ length: 20 }, (_, i): HandRow => [`p${i}`, 0, i % 2 === 0 ? 1 : 0]);
const test = setOf(...rows);
const said = Float64Array.from(rows, (_, i) => (i < 10 ? 0.2 : 0.6));
const all = [...rows.keys()];

describe('a part of a test', () => {
  it('tells how many there are, what happened to them and what was said of them', () => {
    const [half] = judgeSlices(test, said, [{ name: 'first', rows: all.slice(0, 10) }], seeded(1));
    expect(half).toMatchObject({ name: 'first', rows: 10, partners: 10 });
    expect(half.predicted).toBeCloseTo(0.2, 12);
    expect(half.baseRate.value).toBe(0.5);
    expect(half.baseRate.low).toBeLessThan(0.5);
    expect(half.baseRate.high).toBeGreaterThan(0.5);
  });

  it('has figures of its own from ten partners of either kind on, counted as partners, not as rows', () => {
    const judged = (set: typeof test, places: number[]) =>
      judgeSlices(set, new Float64Array(set.outcomes.length).fill(0.5), [{ name: '', rows: places }], seeded(1))[0].auc;
    expect(judged(test, all)?.value).toBe(0.5);
    expect(judged(test, all.slice(1))).toBeNull();
    expect(judged(setOf(...rows.slice(1), ['p2', 1, 1]), all)).toBeNull();
  });

  it('the whole of it has the figures of the whole, and another part does not change them', () => {
    const set = someSet(40, 4, 1);
    const probabilities = Float64Array.from(set.outcomes, (_, row) => ((row * 37) % 97) / 97);
    const places = [...set.outcomes.keys()];
    const whole = { name: 'all', rows: places };
    const some = { name: 'some', rows: places.filter((row) => row % 3 === 0) };
    const [alone] = judgeSlices(set, probabilities, [whole], seeded(1));
    const [, beside] = judgeSlices(set, probabilities, [some, whole], seeded(1));
    expect(beside).toEqual(alone);
    const weights = new Float64Array(places.length).fill(1);
    const ranked = rank(probabilities, set.outcomes);
    expect(alone.auc?.value).toBe(metricNamed('auc').compute(ranked, weights));
    expect(alone.logLoss?.value).toBe(metricNamed('log_loss').compute(ranked, weights));
  });
});

describe('segments', () => {
  const blank = blankNotes(rows.length);
  const type = rows.map((_, i) => (i < 12 ? 'reseller' : i < 16 ? 'si' : null));
  const notes = { ...blank, traits: { ...blank.traits, type, tier: rows.map(() => 'gold') } };
  const segmentations = judgeSegments(test, notes, said, () => seeded(1));

  it('are those of each trait that tells rows apart, the largest first, unknown among them', () => {
    expect(segmentations.map(({ by, segments }) => [by, segments.map(({ name, rows: n }) => `${name} ${n}`)])).toEqual([
      ['type', ['reseller 12', 'si 4', 'unknown 4']],
    ]);
  });

  it('hold every row once', () => {
    const total = segmentations[0].segments.reduce((sum, { rows: n }) => sum + n, 0);
    expect(total).toBe(rows.length);
  });
});

describe('unseen partners', () => {
  it('are those without a row in the training', () => {
    const train = setOf(['p0', 0, 1], ['p3', 0, 0], ['elsewhere', 0, 1]);
    const [seen, unseen] = judgeUnseen(train, test, said, seeded(1));
    expect([seen.name, seen.partners, seen.baseRate.value]).toEqual(['seen', 2, 0.5]);
    expect([unseen.name, unseen.partners]).toEqual(['unseen', 18]);
  });

  it('are left out where there are none', () => {
    expect(judgeUnseen(test, test, said, seeded(1)).map(({ name }) => name)).toEqual(['seen']);
  });
});
