import { type Measured, measureAll } from '../bootstrap.ts';
import { rollingOrigin } from '../folds.ts';
import type { Random } from '../random.ts';
import { selectFrom, type TrainingSet } from '../training-set.ts';
import type { AmountEstimator, AmountModel, AmountSet, SavedAmount } from './amount-estimator.ts';
import { credibility, loadCredibility } from './credibility.ts';
import { rowDeviances } from './deviance.ts';
import { lastYear, loadLastYear } from './last-year.ts';
import { linear, loadLinear } from './linear.ts';

/** The estimators of a partner's value, the simplest first. */
const all: readonly { estimator: AmountEstimator; load: (saved: SavedAmount) => AmountModel }[] = [
  { estimator: lastYear, load: loadLastYear },
  { estimator: linear, load: loadLinear },
  { estimator: credibility, load: loadCredibility },
];

/** Every estimator of amounts. */
export const amountEstimators: readonly AmountEstimator[] = all.map(({ estimator }) => estimator);

/** How the value was learnt, as the model card tells it. */
export interface ValueCard {
  chosen: string;
  /** Rows of partners that stayed, foretold from what had matured before. */
  rows: number;
  /** What they brought on average, in minor units of the reporting currency. */
  mean: number;
  contenders: readonly {
    name: string;
    /** Mean Poisson deviance in units of the mean; the lowest is chosen. */
    deviance: Measured;
    /** In minor units. */
    meanAbsoluteError: Measured;
    /** What was expected over what came: 1 is right on average. */
    expectedToCame: Measured;
  }[];
}

/** Fewer foretold rows cannot choose: the rule of thumb stands. */
const FEWEST = 50;
const BLOCKS = 6;
const CHECKED_SHARE = 0.5;

/**
 * Learns what a partner that stays brings over the horizon: what is at risk is the probability times this. Estimators
 * compete on rows foretold by rolling origin; those that left brought nothing, and would count twice.
 * @param chance gives the same numbers anew for each estimator
 * @returns null where the label measures no amounts, or none is known
 */
export function learnValue(set: TrainingSet, chance: () => Random): { model: AmountModel; card: ValueCard } | null {
  const whole = stayed(set);
  if (whole === null || whole.set.amounts.length === 0) return null;
  const past = foretell(set);
  const contenders = past.said.map((said, i) => ({ name: amountEstimators[i].name, ...judge(said, past, chance()) }));
  const losses = contenders.map(({ deviance }) => deviance.value);
  const enough = past.came.length >= FEWEST && losses.every(Number.isFinite);
  const chosen = enough ? losses.indexOf(Math.min(...losses)) : 0;
  return {
    model: amountEstimators[chosen].fit(whole.set),
    card: {
      chosen: amountEstimators[chosen].name,
      rows: past.came.length,
      mean: past.came.length === 0 ? 0 : past.came.reduce((sum, value) => sum + value, 0) / past.came.length,
      contenders: past.came.length === 0 ? [] : contenders,
    },
  };
}

/** @throws RangeError when the estimator that saved it is not known here */
export function loadValue(saved: SavedAmount): AmountModel {
  const entry = all.find(({ estimator }) => estimator.name === saved.estimator);
  if (!entry) throw new RangeError(`no estimator of amounts "${saved.estimator}" can load this model`);
  return entry.load(saved);
}

interface Past {
  entities: string[];
  came: Float64Array;
  /** Per estimator. */
  said: Float64Array[];
}

/** What every estimator would have said of rows it had not learnt from; where one could say nothing, none counts. */
function foretell(set: TrainingSet): Past {
  const rows: { entity: string; came: number; said: number[] }[] = [];
  for (const { learn, check } of rollingOrigin(set, BLOCKS, CHECKED_SHARE)) {
    const [before, after] = [stayed(learn), stayed(check)];
    if (!before || !after || before.set.amounts.length === 0) continue;
    const said = amountEstimators.map((estimator) => estimator.fit(before.set).predict(after.set.table));
    after.set.table.entities.forEach((entity, row) => {
      rows.push({ entity, came: after.set.amounts[row], said: said.map((values) => values[row]) });
    });
  }
  const known = rows.filter(({ said }) => !said.some(Number.isNaN));
  return {
    entities: known.map(({ entity }) => entity),
    came: Float64Array.from(known, ({ came }) => came),
    said: amountEstimators.map((_, i) => Float64Array.from(known, ({ said }) => said[i])),
  };
}

function judge(said: Float64Array, { came, entities }: Past, random: Random) {
  const deviances = rowDeviances(said, came);
  const mean = (of: (row: number) => number, over: (row: number) => number) => (weights: ArrayLike<number>) => {
    let [total, weight] = [0, 0];
    for (let row = 0; row < came.length; row++) {
      total += weights[row] * of(row);
      weight += weights[row] * over(row);
    }
    return total / weight;
  };
  const [deviance, meanAbsoluteError, expectedToCame] = measureAll(
    entities,
    [
      mean(
        (row) => deviances[row],
        () => 1,
      ),
      mean(
        (row) => Math.abs(said[row] - came[row]),
        () => 1,
      ),
      mean(
        (row) => said[row],
        (row) => came[row],
      ),
    ],
    random,
  );
  return { deviance, meanAbsoluteError, expectedToCame };
}

function stayed(set: TrainingSet): { set: AmountSet } | null {
  const { amounts, outcomes, label } = set;
  if (!amounts) return null;
  const rows = [...outcomes.keys()].filter((row) => outcomes[row] === 0 && !Number.isNaN(amounts[row]));
  const some = selectFrom(set, rows);
  return {
    set: { table: some.table, amounts: Float64Array.from(rows, (row) => amounts[row]), horizonDays: label.horizonDays },
  };
}
