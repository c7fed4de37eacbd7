import { DAY } from '../features/index.ts';
import { difference, interval, type Measured, type Replicated, replicate } from './bootstrap.ts';
import type { Fitting } from './champion.ts';
import { predictClasses } from './class-calibrated.ts';
import { chooseClassChampion, fitClassContenders } from './class-champion.ts';
import { type ClassesSaid, classMetrics } from './class-metrics.ts';
import { shareOf } from './class-past.ts';
import type { ClassScoringModel } from './class-scoring-model.ts';
import { classRows } from './class-shares.ts';
import type { ClassSet } from './classes.ts';
import { CLASS_RULES } from './estimators/index.ts';
import { maturityDays } from './label.ts';
import { seeded, seedFor } from './random.ts';
import { type Verdict, verdictOnTest } from './verdicts.ts';

/** What an estimator of classes would have said about each row of the test, and how good that was. */
export interface JudgedClasses {
  name: string;
  /** Per class one probability per row. */
  probabilities: readonly Float64Array[];
  /** One figure per metric, by name: `log_loss`, `rps`, `macro_f1`. */
  figures: Readonly<Record<string, Measured>>;
  /** Each figure minus the champion's on the same draws of partners; null for the champion itself. */
  beside: Readonly<Record<string, Measured>> | null;
}

/** How often a class came beside how often the champion said it would. */
export interface ClassShare {
  name: string;
  said: number;
  came: Measured;
}

/** Every estimator of classes against the trivial rivals on a later time. */
export interface ClassBacktestResult {
  model: string;
  classes: readonly string[];
  train: { rows: number; shares: readonly number[] };
  test: { rows: number; shares: readonly number[]; partners: number };
  /** Whether some outcomes of the test cover the same days: then rows are fewer than they look, and intervals know it. */
  horizonsOverlap: boolean;
  estimators: readonly JudgedClasses[];
  champion: string;
  verdict: Verdict;
  calibration: readonly ClassShare[];
}

/**
 * Fits every estimator of a model of classes to one time and judges it on a later one. The champion is chosen inside
 * the training time; the test is looked at once, for all.
 * @throws RangeError when the training set has no rows of some class
 */
export async function backtestClasses(
  model: ClassScoringModel,
  train: ClassSet,
  test: ClassSet,
  { seed, threads }: Fitting,
): Promise<ClassBacktestResult> {
  const contenders = await fitClassContenders(model.estimators, train, { seed, threads });
  const champion = chooseClassChampion(contenders).name;
  const rule = chooseClassChampion(contenders.filter(({ name }) => CLASS_RULES.includes(name))).name;
  const said = contenders.map((contender) => predictClasses(contender, test.table));
  const names = contenders.map(({ name }) => name);
  const replicated = figuresOf(said, test, seed);
  const best = replicated[names.indexOf(champion)];
  const estimators = names.map((name, i) => ({
    name,
    probabilities: said[i],
    figures: mapped(replicated[i], ({ value, replicates }) => interval(value, replicates)),
    beside: name === champion ? null : mapped(replicated[i], (figure, metric) => difference(figure, best[metric])),
  }));
  return {
    model: model.name,
    classes: test.classes,
    train: { rows: train.outcomes.length, shares: sharesIn(train) },
    test: { rows: test.outcomes.length, shares: sharesIn(test), partners: new Set(test.table.entities).size },
    horizonsOverlap: horizonsOverlap(test),
    estimators,
    champion,
    verdict: verdictOnTest(champion, rule, difference(replicated[names.indexOf(rule)]['log_loss'], best['log_loss'])),
    calibration: calibrationOn(test, said[names.indexOf(champion)], seed),
  };
}

type Figures = Readonly<Record<string, Replicated>>;

/** Every metric of every estimator, all on the same draws of partners. */
function figuresOf(said: readonly (readonly Float64Array[])[], { table, outcomes }: ClassSet, seed: number): Figures[] {
  const figures = said.flatMap((probabilities) =>
    classMetrics.map(
      ({ compute }) =>
        (weights: ArrayLike<number>) =>
          compute({ probabilities, outcomes }, weights),
    ),
  );
  const found = replicate(table.entities, figures, judgingChance(seed));
  return said.map((_, i) =>
    Object.fromEntries(classMetrics.map(({ name }, j) => [name, found[i * classMetrics.length + j]])),
  );
}

function mapped(figures: Figures, measure: (figure: Replicated, metric: string) => Measured): Record<string, Measured> {
  return Object.fromEntries(Object.entries(figures).map(([metric, figure]) => [metric, measure(figure, metric)]));
}

function judgingChance(seed: number) {
  return seeded(seedFor(seed, 'judge'));
}

function sharesIn(set: ClassSet): number[] {
  return Array.from(classRows(set), (rows) => rows / set.outcomes.length);
}

function horizonsOverlap({ table, label }: ClassSet): boolean {
  const cutoffs = [...new Set(table.cutoffs)].sort((a, b) => a - b);
  return cutoffs.some((cutoff, i) => i > 0 && cutoff - cutoffs[i - 1] < maturityDays(label) * DAY);
}

function calibrationOn({ table, outcomes, classes }: ClassSet, said: ClassesSaid['probabilities'], seed: number) {
  const shares = replicate(
    table.entities,
    classes.map((_, k) => shareOf(outcomes, k)),
    judgingChance(seed),
  );
  return classes.map((name, k) => ({
    name,
    said: said[k].reduce((sum, each) => sum + each, 0) / outcomes.length,
    came: interval(shares[k].value, shares[k].replicates),
  }));
}
