import { describe, expect, it } from 'vitest';
import { chooseChampion, fitContenders, foretoldBest } from '../../models/champion.ts';
import { logit } from '../../models/estimator.ts';
import { average } from '../../models/estimators/average.ts';
import { boosting } from '../../models/estimators/boosting/boosting.ts';
import { estimators } from '../../models/estimators/index.ts';
import { logistic } from '../../models/estimators/logistic.ts';
import { foretell } from '../../models/foretell.ts';
import { seeded } from '../../models/index.ts';
import { someSet } from '../helpers/sets.ts';

const SET = someSet(60, 14, 3);
const FITTING = { seed: 9, threads: 1 };

describe('contenders', () => {
  it('an average made of its members’ fits is the one that is fitted by itself, to the bit', async () => {
    const [, , combined] = await fitContenders([logistic, boosting, average], SET, FITTING);
    const alone = await foretell(average, SET, () => seeded(FITTING.seed));
    expect(combined.model.save()).toEqual(alone.model.save());
    const [one] = await fitContenders([average], SET, FITTING);
    expect(one.past).toEqual(combined.past);
    expect(one.calibration).toEqual(combined.calibration);
  });

  it('an average says the mean of its members’ log-odds', async () => {
    const [line, trees, both] = await fitContenders([logistic, boosting, average], SET, FITTING);
    const [a, b, mean] = [line, trees, both].map(({ model }) => model.predict(SET.table));
    mean.forEach((p, row) => {
      expect(logit(p)).toBeCloseTo((logit(a[row]) + logit(b[row])) / 2, 9);
    });
  });

  it('does not depend on who else competes', async () => {
    const among = await fitContenders(estimators, SET, FITTING);
    const [alone] = await fitContenders([boosting], SET, FITTING);
    expect(among.find(({ name }) => name === 'boosting')?.past).toEqual(alone.past);
  });

  it('the champion has the lowest log loss on what it had not learnt from, the simpler one among equals', async () => {
    const contenders = await fitContenders(estimators.slice(0, 2), SET, FITTING);
    expect(chooseChampion(contenders).name).toBe('recency-rule');
    const [first] = contenders;
    expect(chooseChampion([first, { ...first, name: 'the same again' }]).name).toBe('base-rate');
  });
});

describe('a contender made of others', () => {
  /** Every outcome happened, and the part says a half: a row's gain is by how much the mean's logarithm is higher. */
  async function champion(gains: readonly number[], partnerOf: (row: number) => number) {
    const [part] = await fitContenders([logistic], SET, FITTING);
    const past = {
      rows: [...gains.keys()],
      entities: gains.map((_, row) => `p${partnerOf(row)}`),
      probabilities: Float64Array.from(gains, () => 0.5),
      outcomes: Uint8Array.from(gains, () => 1),
    };
    const mean = { ...past, probabilities: Float64Array.from(gains, (gain) => 0.5 * Math.exp(gain)) };
    const contenders = [
      { ...part, past },
      { ...part, name: 'mean', parts: ['logistic'], past: mean },
    ];
    expect(foretoldBest(contenders, new Float64Array(gains.length).fill(1)).name).toBe('mean');
    return chooseChampion(contenders).name;
  }
  /** A mean of 0.1 per row; of n partners with one row each the sum is 0.1 n, its error 0.2 √n: clear from 16 on. */
  const gains = (rows: number) => Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? 0.3 : -0.1));

  it('is taken where it is clearly better than the best of them', async () => {
    expect(await champion(gains(16), (row) => row)).toBe('mean');
    expect(await champion(gains(14), (row) => row)).toBe('logistic');
  });

  it('is clearly better by partners, not by rows', async () => {
    // Two partners gain 1.2 each, two lose 0.4: 1.6 in all, and an error of 1.6.
    expect(await champion(gains(16), (row) => (row % 2) + 2 * Number(row < 8))).toBe('logistic');
  });

  it('is one among others where they do not compete', async () => {
    const [alone] = await fitContenders([average], SET, FITTING);
    expect(chooseChampion([alone]).name).toBe('average');
  });
});
