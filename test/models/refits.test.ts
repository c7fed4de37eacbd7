import { describe, expect, it } from 'vitest';
import { drawPartners } from '../../models/bootstrap.ts';
import { fitCalibration } from '../../models/calibration.ts';
import { type Contender, fitContenders, foretoldBest } from '../../models/champion.ts';
import { average } from '../../models/estimators/average.ts';
import { baseRateEstimator } from '../../models/estimators/base-rate.ts';
import { boosting, boostingBy } from '../../models/estimators/boosting/boosting.ts';
import { logistic } from '../../models/estimators/logistic.ts';
import { recencyRule } from '../../models/estimators/recency-rule.ts';
import { seeded, seedFor } from '../../models/index.ts';
import { intervalOf, refitsOf } from '../../models/refits.ts';
import { selectFrom } from '../../models/training-set.ts';
import { someSet } from '../helpers/sets.ts';

const SEED = 5;
/** Of an odd number of partners, so that no draw halves them. */
const SET = someSet(41, 12, 2);
const FITTING = { seed: SEED, threads: 1 };
/** The draws as they are made: per draw how often each row was drawn. */
const DRAWS = [...drawPartners(SET.table.entities, seeded(seedFor(SEED, 'refits')), 50)];
const timesDrawn = (places: readonly number[], weights: ArrayLike<number>) =>
  places.flatMap((place, i) => Array<number>(weights[i]).fill(place));

describe('what resampled partners would have taught', () => {
  it('is fitted to the partners drawn, and calibrated on what was foretold of them', async () => {
    const [line] = await fitContenders([logistic], SET, FITTING);
    const refits = await refitsOf([line], SET, FITTING);
    expect(refits).toHaveLength(50);
    const { rows, probabilities, outcomes } = line.uncorrected;
    for (const draw of [0, 49]) {
      const drawn = timesDrawn([...DRAWS[draw].keys()], DRAWS[draw]);
      const model = await line.model.refit(selectFrom(SET, drawn));
      expect(refits[draw].model.save()).toEqual(model.save());
      const places = timesDrawn(
        [...rows.keys()],
        rows.map((row) => DRAWS[draw][row]),
      );
      const said = Float64Array.from(places, (place) => probabilities[place]);
      const happened = Uint8Array.from(places, (place) => outcomes[place]);
      expect(refits[draw].calibration).toEqual(fitCalibration(said, happened));
    }
  });

  it('is of the contender that foretold the drawn partners best', async () => {
    // Of half the partners one contender knows the outcome and the other nothing; of the other half the reverse.
    const [rate, rule] = await fitContenders([baseRateEstimator, recencyRule], SET, FITTING);
    const knowing = (contender: Contender, half: number): Contender => {
      const { rows, outcomes } = contender.past;
      const probabilities = Float64Array.from(rows, (row, i) =>
        Number(SET.table.entities[row].slice(1)) % 2 === half ? 0.2 + 0.6 * outcomes[i] : 0.5,
      );
      return { ...contender, past: { ...contender.past, probabilities } };
    };
    const contenders = [knowing(rate, 0), knowing(rule, 1)];
    const refits = await refitsOf(contenders, SET, FITTING);
    const chosen = DRAWS.map((weights) => {
      const rowsOf = (half: number) =>
        rate.past.rows.reduce(
          (sum, row) => sum + (Number(SET.table.entities[row].slice(1)) % 2 === half ? weights[row] : 0),
          0,
        );
      return rowsOf(0) >= rowsOf(1) ? 'base-rate' : 'recency-rule';
    });
    expect(refits.map(({ model }) => model.estimator)).toEqual(chosen);
    expect(new Set(chosen).size).toBe(2);
  });

  it('takes the parts of an average in turn', async () => {
    const contenders = await fitContenders([logistic, boosting, average], SET, FITTING);
    const mean = contenders[2];
    expect(mean.parts).toEqual(['logistic', 'boosting']);
    const sure = { ...mean, past: { ...mean.past, probabilities: Float64Array.from(mean.past.outcomes) } };
    const refits = await refitsOf([...contenders.slice(0, 2), sure], SET, FITTING);
    refits.forEach(({ model }, draw) => {
      expect(model.estimator).toBe(draw % 2 === 0 ? 'logistic' : 'boosting');
    });
  });

  it('is the same on any number of threads', async () => {
    const few = { leaves: 4, rate: 0.2, penalty: 1, leastCurvature: 1, trees: 3, bins: 32, featureShare: 1 };
    const trees = boostingBy(() => few, { stopEarly: false, cellsPerThread: 1 });
    const contenders = await fitContenders([trees], SET, FITTING);
    const [alone, together] = [
      await refitsOf(contenders, SET, FITTING),
      await refitsOf(contenders, SET, { ...FITTING, threads: 2 }),
    ].map((refits) => refits.map(({ model }) => model.save()));
    expect(together).toEqual(alone);
  });

  it('leaves out draws in which there is nothing to tell apart', async () => {
    const one = { ...SET, outcomes: Uint8Array.from(SET.table.entities, (entity) => Number(entity === 'p3')) };
    const contenders = await fitContenders([baseRateEstimator], one, FITTING);
    const withHim = DRAWS.filter((weights) => weights[SET.table.entities.indexOf('p3')] > 0);
    expect(withHim.length).toBeLessThan(50);
    expect(await refitsOf(contenders, one, FITTING)).toHaveLength(withHim.length);
  });

  it('who foretold best is told by the rows as often as they count', async () => {
    const contenders = await fitContenders([baseRateEstimator, recencyRule], SET, FITTING);
    expect(foretoldBest(contenders, new Float64Array(SET.outcomes.length).fill(1)).name).toBe('recency-rule');
    expect(foretoldBest(contenders, new Float64Array(SET.outcomes.length)).name).toBe('base-rate');
  });
});

describe('the interval of a probability', () => {
  const hundredths = (many: number) => Array.from({ length: many }, (_, i) => (many - i) / 100);

  it('ends at the first and the last of 19 refits, at the second of 39: one in twenty lies beyond', () => {
    expect(intervalOf(0.1, hundredths(19))).toEqual({ low: 0.01, high: 0.19 });
    expect(intervalOf(0.1, hundredths(39))).toEqual({ low: 0.02, high: 0.38 });
  });

  it('lies between two refits where one in twenty does: of 49, halfway from the second to the third', () => {
    expect(intervalOf(0.1, hundredths(49))).toEqual({
      low: expect.closeTo(0.025, 12),
      high: expect.closeTo(0.475, 12),
    });
  });

  it('ends at the outermost where refits are too few, and holds the probability itself', () => {
    expect(intervalOf(0.1, [0.3, 0.2])).toEqual({ low: 0.1, high: 0.3 });
    expect(intervalOf(0.4, [0.3, 0.2])).toEqual({ low: 0.2, high: 0.4 });
  });

  it('is everything where there are no refits', () => {
    expect(intervalOf(0.4, [])).toEqual({ low: 0, high: 1 });
  });
});
