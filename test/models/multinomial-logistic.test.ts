import { describe, expect, it } from 'vitest';
import type { ClassModel, ClassSet } from '../../models/classes.ts';
import { logistic } from '../../models/estimators/logistic.ts';
import { loadMultinomialLogistic, multinomialLogistic } from '../../models/estimators/multinomial-logistic.ts';
import { seeded } from '../../models/index.ts';
import { selectFrom } from '../../models/training-set.ts';
import { NAMES, someClassSet, someSet, withColumns } from '../helpers/sets.ts';

const SET = someClassSet(60, 12, 1);
const fitted = async (set: ClassSet): Promise<ClassModel> => multinomialLogistic.fit(set, seeded(4));

it('with two classes it is logistic regression: the same penalty chosen, the same probabilities and reasons', async () => {
  const set = someSet(60, 12, 1);
  const unseen = someSet(20, 3, 2).table;
  const binary = await logistic.fit(set, seeded(4));
  const model = await fitted({ ...set, classes: ['stays', 'leaves'] });
  expect(model.save()['penalty']).toBe(2 * Number(binary.save()['penalty']));
  const [, leaves] = model.predict(unseen);
  binary.predict(unseen).forEach((p, row) => {
    expect(leaves[row]).toBeCloseTo(p, 9);
  });
  // Against the average of the two, the log-odds are half of those against the other.
  const [told, ours] = [binary.explain?.(unseen, [5]), model.explain?.(unseen, [5])];
  expect(ours?.features).toEqual(told?.features);
  told?.contributions[0].forEach((logOdds, f) => {
    expect(ours?.contributions[0][1][f]).toBeCloseTo(logOdds / 2, 9);
  });
});

describe('the penalty', () => {
  it('is the strongest where there is nothing to learn, weaker where there is', async () => {
    const set = someClassSet(200, 12, 1);
    const columns = NAMES.map((_, i) => {
      const random = seeded(100 + i);
      return Float32Array.from(set.outcomes, () => random());
    });
    expect((await fitted(withColumns(set, NAMES, columns))).save()['penalty']).toBe(2000);
    expect((await fitted(set)).save()['penalty']).toBe(6);
  });

  it('is a cautious one where no past had every class', async () => {
    // Only the very last cutoff has growth.
    const last = Math.max(...SET.table.cutoffs);
    const outcomes = SET.outcomes.map((k, row) => (k === 2 && SET.table.cutoffs[row] < last ? 1 : k));
    expect((await fitted({ ...SET, outcomes })).save()['penalty']).toBe(200);
  });
});

it('is fitted to all rows where some have chosen the penalty', async () => {
  const many = someClassSet(1800, 12, 5);
  expect(many.outcomes.length).toBeGreaterThan(20_000);
  const model = await fitted(many);
  const everyOther = selectFrom(
    many,
    [...many.outcomes.keys()].filter((row) => row % 2 === 0),
  );
  const again = (await model.refit(many)).predict(SET.table)[0];
  const others = (await model.refit(everyOther)).predict(SET.table)[0];
  const said = model.predict(SET.table)[0];
  expect(Math.max(...said.map((p, row) => Math.abs(p - again[row])))).toBeLessThan(1e-9);
  expect(Math.max(...said.map((p, row) => Math.abs(p - others[row])))).toBeGreaterThan(1e-4);
});

it('does not run away: beyond what it learnt from, a value counts as the outermost that was', async () => {
  const model = await fitted(SET);
  for (const [place, name] of NAMES.entries()) {
    const known = SET.table.columns[place].filter((value) => !Number.isNaN(value));
    const outermost = known.reduce((a, b) => Math.max(a, b));
    const at = (value: number) => {
      const columns = SET.table.columns.map((values, i) =>
        i === place ? new Float32Array(values.length).fill(value) : values,
      );
      return model.predict(withColumns(SET, NAMES, columns).table);
    };
    expect(at(outermost + 1e6), name).toEqual(at(outermost));
  }
});

describe('a saved one', async () => {
  const saved = (await fitted(SET)).save() as { weights: number[][]; intercepts: number[]; estimator: string };

  it.each([
    ['one intercept per class', { intercepts: saved.intercepts.slice(1) }],
    ['weights for every class', { weights: saved.weights.slice(1) }],
    ['one weight per term', { weights: saved.weights.map((each, k) => each.slice(k)) }],
  ])('that has not %s is refused', (message, part) => {
    expect(() => loadMultinomialLogistic({ ...saved, ...part })).toThrow(message);
  });
});
