import { describe, expect, it } from 'vitest';
import { foretell } from '../../models/calibrated.ts';
import { chooseChampion, fitContenders } from '../../models/champion.ts';
import { logit } from '../../models/estimator.ts';
import { average } from '../../models/estimators/average.ts';
import { boosting } from '../../models/estimators/boosting/boosting.ts';
import { estimators } from '../../models/estimators/index.ts';
import { logistic } from '../../models/estimators/logistic.ts';
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
