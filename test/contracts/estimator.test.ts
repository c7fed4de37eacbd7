import { describe, expect, it } from 'vitest';
import { rowCount, selectRows } from '../../features/index.ts';
import { type Estimator, isExplained, logit, type Model, type SavedModel } from '../../models/estimator.ts';
import { estimators, loadModel } from '../../models/estimators/index.ts';
import { orderedLogistic } from '../../models/estimators/ordered-logistic.ts';
import { seeded } from '../../models/index.ts';
import { contenders, loadContender } from '../../models/recruiting/contenders.ts';
import { selectFrom } from '../../models/training-set.ts';
import { NAMES, someSet, withColumns } from '../helpers/sets.ts';

const SET = someSet(60, 12, 1);
const UNSEEN = someSet(20, 3, 2).table;
const bits = (numbers: Float64Array) => Buffer.from(numbers.buffer).toString('hex');
/** They challenge, and are never published. */
const WITHOUT_REASONS = ['neural-hazard'];
const fitted = async (estimator: Estimator, set = SET): Promise<Model> => estimator.fit(set, seeded(4));

/** Those of churn, the one of potential and, of those that rank prospects, the ones that are theirs alone. */
const ALL = [
  ...[...estimators, orderedLogistic].map((estimator) => ({ estimator, load: loadModel })),
  ...contenders
    .filter(({ name }) => !estimators.some((other) => other.name === name))
    .map((estimator) => ({ estimator, load: loadContender })),
];

describe.each(ALL.map(({ estimator, load }) => [estimator.name, estimator, load] as const))(
  'estimator %s',
  (name, estimator, load) => {
    it('gives probabilities strictly between 0 and 1, one per row', async () => {
      const probabilities = (await fitted(estimator)).predict(UNSEEN);
      expect(probabilities).toHaveLength(rowCount(UNSEEN));
      expect(probabilities.every((p) => p > 0 && p < 1)).toBe(true);
    });

    it('the same set and chance give the same bits, and the set is left as it was', async () => {
      const before = JSON.stringify([...SET.table.columns[0], ...SET.outcomes]);
      const [once, twice] = [await fitted(estimator), await fitted(estimator)];
      expect(bits(once.predict(UNSEEN))).toBe(bits(twice.predict(UNSEEN)));
      expect(JSON.stringify([...SET.table.columns[0], ...SET.outcomes])).toBe(before);
    });

    it('does not care about the order of the columns', async () => {
      const order = [6, 2, 7, 0, 5, 1, 4, 3];
      const turned = withColumns(
        SET,
        order.map((i) => NAMES[i]),
        order.map((i) => SET.table.columns[i]),
      );
      expect(bits((await fitted(estimator, turned)).predict(UNSEEN))).toBe(
        bits((await fitted(estimator)).predict(UNSEEN)),
      );
    });

    it('is itself again when saved and loaded, to the bit', async () => {
      const model = await fitted(estimator);
      const loaded = load(JSON.parse(JSON.stringify(model.save())));
      expect(bits(loaded.predict(UNSEEN))).toBe(bits(model.predict(UNSEEN)));
      expect(loaded.explain?.(UNSEEN, [3, 4])).toEqual(model.explain?.(UNSEEN, [3, 4]));
      expect(JSON.stringify(loaded.save())).toBe(JSON.stringify(model.save()));
    });

    it('explains what it says, if it explains: contributions and intercept add up to its log-odds', async () => {
      const model = await fitted(estimator);
      expect(isExplained(model)).toBe(!WITHOUT_REASONS.includes(name));
      if (!isExplained(model)) return;
      const said = model.predict(UNSEEN);
      const rows = [0, 7, 14, 21, 28, 35, 42, 49, 56];
      const { intercept, features, contributions } = model.explain(UNSEEN, rows);
      expect(features.every((feature) => NAMES.includes(feature))).toBe(true);
      rows.forEach((row, i) => {
        expect(contributions[i].reduce((sum, each) => sum + each, intercept)).toBeCloseTo(logit(said[row]), 9);
      });
    });

    it('says about a row what it says about it among others', async () => {
      const model = await fitted(estimator);
      const all = model.predict(UNSEEN);
      expect(model.predict(selectRows(UNSEEN, [5]))[0]).toBe(all[5]);
    });

    it('fitted again to the same rows with the same settings, it says the same', async () => {
      const model = await fitted(estimator);
      const again = (await model.refit(SET)).predict(UNSEEN);
      model.predict(UNSEEN).forEach((p, row) => {
        expect(again[row]).toBeCloseTo(p, 6);
      });
    });

    it('survives a constant, an all-unknown and a duplicated column', async () => {
      const rows = rowCount(SET.table);
      const extra = [new Float32Array(rows).fill(3), new Float32Array(rows).fill(Number.NaN), SET.table.columns[5]];
      const set = withColumns(SET, [...NAMES, 'constant', 'unknown', 'twin'], [...SET.table.columns, ...extra]);
      const probabilities = (await fitted(estimator, set)).predict(set.table);
      expect(probabilities.every((p) => p > 0 && p < 1)).toBe(true);
    });

    it('falls back to the base rate, or near it, when nothing is known of anyone', async () => {
      const unknown = SET.table.columns.map((values) => new Float32Array(values.length).fill(Number.NaN));
      const set = withColumns(SET, NAMES, unknown);
      const [first, ...others] = (await fitted(estimator, set)).predict(set.table);
      expect(first).toBeGreaterThan(0);
      expect(first).toBeLessThan(1);
      expect(others.every((p) => p === first)).toBe(true);
    });

    it('learns from a handful of rows without falling over', async () => {
      const few = selectFrom(
        SET,
        [0, 1, 2, 3, 4, 5].map((i) => i * 9),
      );
      const both = { ...few, outcomes: Uint8Array.of(0, 1, 0, 0, 1, 0) };
      expect((await fitted(estimator, both)).predict(UNSEEN).every((p) => p > 0 && p < 1)).toBe(true);
    });

    it.each([0, 1])('refuses rows with outcome %i only, and says so', async (outcome) => {
      const set = { ...SET, outcomes: new Uint8Array(SET.outcomes.length).fill(outcome) };
      await expect(fitted(estimator, set)).rejects.toThrow(`${name} needs rows with and without the outcome`);
    });

    it.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
      'refuses to learn from %d, and says where',
      async (far) => {
        const columns = SET.table.columns.map((values) => values.slice());
        columns[5][7] = far;
        const { entities } = SET.table;
        await expect(fitted(estimator, withColumns(SET, NAMES, columns))).rejects.toThrow(
          `${name} needs finite numbers or unknown ones, and found ${far} in helps of ${entities[7]} as of 2022-01-01`,
        );
      },
    );

    it('says something of a row that is farther out than anything it has seen', async () => {
      const far = UNSEEN.columns.map((values) => values.map(() => 1e30));
      const probabilities = (await fitted(estimator)).predict({ ...UNSEEN, columns: far });
      expect(probabilities.every((p) => p > 0 && p < 1)).toBe(true);
    });

    it('bears more features than rows', async () => {
      const few = selectFrom(SET, [0, 7, 14, 21]);
      const names = Array.from({ length: 30 }, (_, i) => `extra_${i}`);
      const extra = names.map((_, i) => Float32Array.from({ length: 4 }, (_, row) => Math.sin(i * 7 + row)));
      const wide = withColumns(
        { ...few, outcomes: Uint8Array.of(0, 1, 0, 1) },
        [...NAMES, ...names],
        [...few.table.columns, ...extra],
      );
      expect((await fitted(estimator, wide)).predict(wide.table).every((p) => p > 0 && p < 1)).toBe(true);
    });

    it('refuses to load what it has not saved', async () => {
      const saved = (await fitted(estimator)).save();
      const broken: SavedModel[] = [
        { ...saved, surprise: 1 },
        ...Object.keys(saved).map((key) => ({ ...saved, [key]: null }) as unknown as SavedModel),
      ];
      for (const each of broken) expect(() => load(each)).toThrow();
    });
  },
);

it('an estimator nobody knows is not loaded', () => {
  expect(() => loadModel({ estimator: 'oracle' })).toThrow(/no estimator "oracle"/);
});
