import { describe, expect, it } from 'vitest';
import { loadModel } from '../../models/estimators/index.ts';
import { logistic } from '../../models/estimators/logistic.ts';
import { orderedLogistic } from '../../models/estimators/ordered-logistic.ts';
import { seeded, type TrainingSet } from '../../models/index.ts';
import { topValueIn } from '../../models/labels/top-value.ts';
import { rowLogLoss } from '../../models/metrics.ts';
import { inTopShare } from '../../models/top-share.ts';
import { setOf, someSet, withColumns } from '../helpers/sets.ts';

const SOME = someSet(60, 12, 1);

/** Sixteen partners in four equal parts of each sort, told apart by x, with amounts and the first quarter's outcome. */
function sixteen(amountOf: (x: number, turn: number) => number): TrainingSet {
  const rows = Array.from({ length: 16 }, (_, i) => ({ x: i % 2, amount: amountOf(i % 2, i >> 1) }));
  const entities = rows.map((_, i) => `p${i}`);
  const amounts = Float64Array.from(rows, ({ amount }) => amount);
  const outcomes = inTopShare(amounts, entities, 0.25);
  const set = setOf(...rows.map((_, i) => [entities[i], 0, outcomes[i]] as [string, number, 0 | 1]));
  return {
    ...withColumns(set, ['x'], [Float32Array.from(rows, ({ x }) => x)]),
    amounts,
    label: topValueIn(0.25),
  };
}

describe('ordered-logistic', () => {
  it('is logistic regression where the outcome is no edge of amounts, whatever amounts there are', async () => {
    const amounts = SOME.outcomes.map((outcome) => 5 - outcome);
    const set = { ...SOME, amounts: Float64Array.from(amounts) };
    const [ours, theirs] = [await orderedLogistic.fit(set, seeded(1)), await logistic.fit(SOME, seeded(1))];
    expect(ours.save()['penalty']).toBe(theirs.save()['penalty']);
    theirs.predict(SOME.table).forEach((p, row) => {
      expect(ours.predict(SOME.table)[row]).toBeCloseTo(p, 9);
    });
  });

  it('tells apart who is never in the first quarter: by those below the edge', async () => {
    // Two of each sort come first; of the others, those with x = 1 have something and those with 0 nothing.
    const set = sixteen((x, turn) => (turn < 2 ? 100 : 10 * x));
    const plain = (await logistic.fit(set, seeded(1))).predict(set.table);
    const ordered = (await orderedLogistic.fit(set, seeded(1))).predict(set.table);
    expect(plain[1]).toBeCloseTo(plain[0], 9);
    expect(ordered[1]).toBeGreaterThan(ordered[0] + 0.01);
  });

  it('says how many are in the first quarter, not how many are above some other edge', async () => {
    const set = sixteen((_, turn) => 100 - turn);
    const said = (await orderedLogistic.fit(set, seeded(1))).predict(set.table);
    expect(said.reduce((sum, p) => sum + p, 0)).toBeCloseTo(4, 6);
  });

  it('learns from amounts that all partners share as if there were none', async () => {
    const set = { ...sixteen((_, turn) => (turn < 2 ? 100 : 0)), amounts: new Float64Array(16).fill(7) };
    const [ours, theirs] = [await orderedLogistic.fit(set, seeded(1)), await logistic.fit(set, seeded(1))];
    expect(ours.predict(set.table)[3]).toBeCloseTo(theirs.predict(set.table)[3], 9);
  });

  it('foretells better than logistic regression what few partners can teach, in the mean of forty draws', async () => {
    const random = seeded(7);
    const noise = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const draw = (partners: number): TrainingSet => {
      const rows = Array.from({ length: partners }, () => Array.from({ length: 8 }, noise));
      const amounts = Float64Array.from(rows, ([a, b, c]) => Math.exp(a + 0.7 * b - 0.5 * c + noise()));
      const entities = rows.map((_, i) => `p${i}`);
      const outcomes = inTopShare(amounts, entities, 0.25);
      const set = setOf(...rows.map((_, i) => [entities[i], 0, outcomes[i]] as [string, number, 0 | 1]));
      const names = rows[0].map((_, j) => `x${j}`);
      const columns = names.map((_, j) => Float32Array.from(rows, (row) => row[j]));
      return { ...withColumns(set, names, columns), amounts, label: topValueIn(0.25) };
    };
    let gain = 0;
    for (let i = 0; i < 40; i++) {
      const [learn, check] = [draw(60), draw(200)];
      const [ours, theirs] = [
        (await orderedLogistic.fit(learn, random)).predict(check.table),
        (await logistic.fit(learn, random)).predict(check.table),
      ];
      check.outcomes.forEach((y, row) => {
        gain += (rowLogLoss(theirs[row], y) - rowLogLoss(ours[row], y)) / check.outcomes.length / 40;
      });
    }
    expect(gain).toBeGreaterThan(0.01);
  });

  it('is itself again when saved and loaded, and refuses weights without terms', async () => {
    const set = sixteen((x, turn) => 10 * x + turn);
    const model = await orderedLogistic.fit(set, seeded(1));
    const saved = JSON.parse(JSON.stringify(model.save()));
    expect([...loadModel(saved).predict(set.table)]).toEqual([...model.predict(set.table)]);
    expect(() => loadModel({ ...saved, weights: [] })).toThrow('one weight per term');
  });
});
