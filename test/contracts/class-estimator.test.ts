import { describe, expect, it } from 'vitest';
import { rowCount, selectRows } from '../../features/index.ts';
import type { ClassEstimator, ClassModel } from '../../models/classes.ts';
import type { SavedModel } from '../../models/estimator.ts';
import { classEstimators, loadClassModel } from '../../models/estimators/index.ts';
import { seeded } from '../../models/index.ts';
import { selectFrom } from '../../models/training-set.ts';
import { NAMES, someClassSet, withColumns } from '../helpers/sets.ts';

const SET = someClassSet(60, 12, 1);
const UNSEEN = someClassSet(20, 3, 2).table;
const bits = (columns: readonly Float64Array[]) => columns.map(({ buffer }) => Buffer.from(buffer).toString('hex'));
const fitted = async (estimator: ClassEstimator, set = SET): Promise<ClassModel> => estimator.fit(set, seeded(4));

/** Probabilities, each row's adding up to 1. */
function expectProbabilities(said: readonly Float64Array[], rows: number): void {
  expect(said.every((ofClass) => ofClass.length === rows && ofClass.every((p) => p > 0 && p < 1))).toBe(true);
  for (let row = 0; row < rows; row++) expect(said.reduce((sum, ofClass) => sum + ofClass[row], 0)).toBeCloseTo(1, 12);
}

it('the rows have every class', () => {
  expect(new Set(SET.outcomes)).toEqual(new Set([0, 1, 2]));
});

describe.each(classEstimators.map((estimator) => [estimator.name, estimator] as const))(
  'estimator of classes %s',
  (name, estimator) => {
    it('gives probabilities of every class, strictly between 0 and 1, that add up to 1', async () => {
      const model = await fitted(estimator);
      expect(model.classes).toEqual(SET.classes);
      expect(model.predict(UNSEEN)).toHaveLength(3);
      expectProbabilities(model.predict(UNSEEN), rowCount(UNSEEN));
    });

    it('the same set and chance give the same bits, and the set is left as it was', async () => {
      const before = JSON.stringify([...SET.table.columns[0], ...SET.outcomes]);
      const [once, twice] = [await fitted(estimator), await fitted(estimator)];
      expect(bits(once.predict(UNSEEN))).toEqual(bits(twice.predict(UNSEEN)));
      expect(JSON.stringify([...SET.table.columns[0], ...SET.outcomes])).toBe(before);
    });

    it('does not care about the order of the columns', async () => {
      const order = [6, 2, 7, 0, 5, 1, 4, 3];
      const turned = withColumns(
        SET,
        order.map((i) => NAMES[i]),
        order.map((i) => SET.table.columns[i]),
      );
      expect(bits((await fitted(estimator, turned)).predict(UNSEEN))).toEqual(
        bits((await fitted(estimator)).predict(UNSEEN)),
      );
    });

    it('is itself again when saved and loaded, to the bit', async () => {
      const model = await fitted(estimator);
      const loaded = loadClassModel(JSON.parse(JSON.stringify(model.save())));
      expect(loaded.classes).toEqual(model.classes);
      expect(bits(loaded.predict(UNSEEN))).toEqual(bits(model.predict(UNSEEN)));
      expect(loaded.explain?.(UNSEEN, [3, 4])).toEqual(model.explain?.(UNSEEN, [3, 4]));
      expect(JSON.stringify(loaded.save())).toBe(JSON.stringify(model.save()));
    });

    it('explains what it says: contributions and intercept add up to the log-odds against the average class', async () => {
      const model = await fitted(estimator);
      if (!model.explain) return;
      const logs = model.predict(UNSEEN).map((ofClass) => ofClass.map(Math.log));
      const rows = [0, 7, 14, 21, 28, 35, 42, 49, 56];
      const { intercepts, features, contributions } = model.explain(UNSEEN, rows);
      expect(features.every((feature) => NAMES.includes(feature))).toBe(true);
      rows.forEach((row, i) => {
        const average = logs.reduce((sum, ofClass) => sum + ofClass[row], 0) / logs.length;
        logs.forEach((ofClass, k) => {
          const told = contributions[i][k].reduce((sum, each) => sum + each, intercepts[k]);
          expect(told).toBeCloseTo(ofClass[row] - average, 9);
        });
        features.forEach((_, f) => {
          expect(contributions[i].reduce((sum, ofClass) => sum + ofClass[f], 0)).toBeCloseTo(0, 9);
        });
      });
    });

    it('says about a row what it says about it among others', async () => {
      const model = await fitted(estimator);
      const all = model.predict(UNSEEN).map((ofClass) => ofClass[5]);
      expect(model.predict(selectRows(UNSEEN, [5])).map(([p]) => p)).toEqual(all);
    });

    it('fitted again to the same rows with the same settings, it says the same', async () => {
      const model = await fitted(estimator);
      const again = (await model.refit(SET)).predict(UNSEEN);
      model.predict(UNSEEN).forEach((ofClass, k) => {
        ofClass.forEach((p, row) => {
          expect(again[k][row]).toBeCloseTo(p, 6);
        });
      });
    });

    it('fitted again to rows without one of the classes, it still gives probabilities of all', async () => {
      const two = selectFrom(
        SET,
        [...SET.outcomes.keys()].filter((row) => SET.outcomes[row] !== 2),
      );
      const said = (await (await fitted(estimator)).refit(two)).predict(UNSEEN);
      expectProbabilities(said, rowCount(UNSEEN));
      expect(said[2].every((p) => p < 0.01)).toBe(true);
    });

    it('knows classes by what they are, not by how they are numbered', async () => {
      const turned = [2, 0, 1];
      const set = { ...SET, outcomes: SET.outcomes.map((k) => turned[k]), classes: ['stagnate', 'grow', 'churn'] };
      const [said, plain] = [(await fitted(estimator, set)).predict(UNSEEN), (await fitted(estimator)).predict(UNSEEN)];
      plain.forEach((ofClass, k) => {
        ofClass.forEach((p, row) => {
          expect(said[turned[k]][row]).toBeCloseTo(p, 6);
        });
      });
    });

    it('survives a constant, an all-unknown and a duplicated column', async () => {
      const rows = rowCount(SET.table);
      const extra = [new Float32Array(rows).fill(3), new Float32Array(rows).fill(Number.NaN), SET.table.columns[5]];
      const set = withColumns(SET, [...NAMES, 'constant', 'unknown', 'twin'], [...SET.table.columns, ...extra]);
      expectProbabilities((await fitted(estimator, set)).predict(set.table), rows);
    });

    it('falls back to the shares of the classes, or near them, when nothing is known of anyone', async () => {
      const unknown = SET.table.columns.map((values) => new Float32Array(values.length).fill(Number.NaN));
      const set = withColumns(SET, NAMES, unknown);
      (await fitted(estimator, set)).predict(set.table).forEach((ofClass, k) => {
        const share = SET.outcomes.filter((outcome) => outcome === k).length / SET.outcomes.length;
        expect(ofClass[0]).toBeCloseTo(share, 2);
        expect(ofClass.every((p) => p === ofClass[0])).toBe(true);
      });
    });

    it('learns from a handful of rows without falling over', async () => {
      const few = selectFrom(
        SET,
        [0, 1, 2, 3, 4, 5].map((i) => i * 9),
      );
      const all = { ...few, outcomes: Uint8Array.of(0, 1, 2, 0, 1, 1) };
      expectProbabilities((await fitted(estimator, all)).predict(UNSEEN), rowCount(UNSEEN));
    });

    it.each([0, 1, 2])('refuses rows of class %i only, and says what it found', async (outcome) => {
      const outcomes = new Uint8Array(SET.outcomes.length).fill(outcome);
      const found = SET.classes.map((each, k) => `${k === outcome ? outcomes.length : 0} of ${each}`).join(', ');
      await expect(fitted(estimator, { ...SET, outcomes })).rejects.toThrow(
        `${name} needs rows of every class to learn from, and found ${found}`,
      );
    });

    it('refuses a set without rows, and one with a single class', async () => {
      await expect(fitted(estimator, selectFrom(SET, []))).rejects.toThrow(
        `${name} needs rows of every class to learn from, and found 0 of churn, 0 of stagnate, 0 of grow`,
      );
      const one = { ...SET, outcomes: new Uint8Array(SET.outcomes.length), classes: ['churn'] };
      await expect(fitted(estimator, one)).rejects.toThrow(`${name} needs two classes or more, and was given 1`);
    });

    it('refuses an outcome that is none of the classes, and says where', async () => {
      const outcomes = SET.outcomes.slice();
      outcomes[7] = 3;
      const { entities } = SET.table;
      await expect(fitted(estimator, { ...SET, outcomes })).rejects.toThrow(
        `${name} was given 3 classes, numbered from 0, and found outcome 3 of ${entities[7]} as of 2022-01-01`,
      );
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
      expectProbabilities((await fitted(estimator)).predict({ ...UNSEEN, columns: far }), rowCount(UNSEEN));
    });

    it('bears more features than rows', async () => {
      const few = selectFrom(SET, [0, 7, 14, 21]);
      const names = Array.from({ length: 30 }, (_, i) => `extra_${i}`);
      const extra = names.map((_, i) => Float32Array.from({ length: 4 }, (_, row) => Math.sin(i * 7 + row)));
      const wide = withColumns(
        { ...few, outcomes: Uint8Array.of(0, 1, 2, 1) },
        [...NAMES, ...names],
        [...few.table.columns, ...extra],
      );
      expectProbabilities((await fitted(estimator, wide)).predict(wide.table), 4);
    });

    it('tells more than ten classes apart', async () => {
      const outcomes = SET.outcomes.map((_, row) => row % 12);
      const classes = Array.from({ length: 12 }, (_, k) => `class ${k}`);
      const model = await fitted(estimator, { ...SET, outcomes, classes });
      expectProbabilities(model.predict(UNSEEN), rowCount(UNSEEN));
    });

    it('refuses to load what it has not saved', async () => {
      const saved = (await fitted(estimator)).save();
      const broken: SavedModel[] = [
        { ...saved, surprise: 1 },
        { ...saved, classes: ['churn', 'grow'] },
        ...Object.keys(saved).map((key) => ({ ...saved, [key]: null }) as unknown as SavedModel),
      ];
      for (const each of broken) expect(() => loadClassModel(each)).toThrow();
    });
  },
);

it('an estimator nobody knows is not loaded', () => {
  expect(() => loadClassModel({ estimator: 'logistic' })).toThrow(/no estimator of classes "logistic"/);
});
