import { type Figure, interval, type Measured, type Replicated, replicate } from './bootstrap.ts';
import { predictCalibrated } from './calibrated.ts';
import { type PrecisionAtCapacity, precisionAtCapacity } from './capacity.ts';
import { type Challenger, challengers, type Rival } from './challengers.ts';
import { chooseChampion, type Fitting, fitContenders, logLossGain } from './champion.ts';
import { RULES } from './estimators/index.ts';
import { type FalseAlarms, falseAlarms } from './false-alarms.ts';
import { type LeadTime, leadTime } from './lead-time.ts';
import { type LearningCurve, learningCurve } from './learning-curve.ts';
import { type Metric, metrics, rank } from './metrics.ts';
import { pastLists } from './past-lists.ts';
import { type Random, seeded, seedFor } from './random.ts';
import type { RowNotes } from './row-notes.ts';
import type { ScoringModel } from './scoring-model.ts';
import { judgeSegments, type Segmentation } from './segments.ts';
import type { Slice } from './slices.ts';
import { baseRate, type TrainingSet } from './training-set.ts';
import { judgeUnseen } from './unseen.ts';
import { type Verdict, verdictOnTest } from './verdicts.ts';

/** What an estimator would have said about each row of the test, and how good that was. */
export interface Judged {
  name: string;
  probabilities: Float64Array;
  /** One figure per metric, by name. */
  figures: Readonly<Record<string, Measured>>;
}

/** Every estimator against the trivial rivals on a later time, and the champion looked at from all sides. */
export interface BacktestResult {
  model: string;
  train: { rows: number; baseRate: number };
  test: { rows: number; baseRate: number; partners: number };
  estimators: readonly Judged[];
  champion: string;
  verdict: Verdict;
  challengers: readonly Challenger[];
  /** The champion on partners that the training knew, and on those it did not. */
  unseen: readonly Slice[];
  segments: readonly Segmentation[];
  /** The champion's lists at the team's capacity; null where nobody would have been on one. */
  capacity: PrecisionAtCapacity | null;
  leadTime: LeadTime | null;
  falseAlarms: FalseAlarms | null;
  learningCurve: LearningCurve;
}

/** How a backtest is done. */
export interface BacktestSettings extends Fitting {
  /** How many partners the team can call at a time. */
  capacity: number;
}

/**
 * Fits every estimator of a model to one time and judges it on a later one. The champion is chosen inside the
 * training time; the test is looked at once, for all.
 * @param notes of the test's rows
 * @throws RangeError when either set has rows of one class only
 */
export async function backtest(
  model: ScoringModel,
  train: TrainingSet,
  test: TrainingSet,
  notes: RowNotes,
  { seed, threads, capacity }: BacktestSettings,
): Promise<BacktestResult> {
  const contenders = await fitContenders(model.estimators, train, { seed, threads });
  const champion = chooseChampion(contenders);
  const rule = chooseChampion(contenders.filter(({ name }) => RULES.includes(name)));
  const predictions = contenders.map((contender) => predictCalibrated(contender, test.table));
  const names = contenders.map(({ name }) => name);
  const { judged, rivals } = judge(names, predictions, test, judgingChance(seed));
  const of = (name: string) => judged[names.indexOf(name)];
  const { probabilities } = of(champion.name);
  const lists = pastLists(test.table, probabilities, model.bands.medium, capacity, model.rule);
  const estimator = model.estimators[contenders.indexOf(champion)];
  return {
    model: model.name,
    train: { rows: train.outcomes.length, baseRate: baseRate(train) },
    test: { rows: test.outcomes.length, baseRate: baseRate(test), partners: new Set(test.table.entities).size },
    estimators: judged,
    champion: champion.name,
    verdict: verdictOn(of(champion.name), of(rule.name), test, seed),
    challengers: challengers(rivals, champion.name),
    unseen: judgeUnseen(train, test, probabilities, judgingChance(seed)),
    segments: judgeSegments(test, notes, probabilities, () => judgingChance(seed)),
    capacity: precisionAtCapacity(test, lists, capacity, judgingChance(seed)),
    leadTime: leadTime(test, notes, lists, judgingChance(seed)),
    falseAlarms: falseAlarms(test, lists, judgingChance(seed)),
    learningCurve: await learningCurve({ estimator, whole: champion, train, test, seed, threads }, judgingChance(seed)),
  };
}

/** The same draws of partners for all figures of a test, so that any two can be compared. */
function judgingChance(seed: number): Random {
  return seeded(seedFor(seed, 'judge'));
}

function judge(
  names: readonly string[],
  predictions: readonly Float64Array[],
  { table, outcomes }: TrainingSet,
  random: Random,
): { judged: Judged[]; rivals: Rival[] } {
  const figures = predictions.flatMap((probabilities) => {
    const ranked = rank(probabilities, outcomes);
    return metrics.map(
      ({ compute }): Figure =>
        (weights) =>
          compute(ranked, weights),
    );
  });
  const found = replicate(table.entities, figures, random);
  const rivals: Rival[] = [];
  const judged = names.map((name, i) => {
    const own = found.slice(i * metrics.length, (i + 1) * metrics.length);
    const of = (metric: string) => own[metrics.findIndex((each) => each.name === metric)];
    rivals.push({ name, logLoss: of('log_loss'), auc: of('auc') });
    const measured = metrics.map((metric, j) => [metric.name, measure(metric, own[j])]);
    return { name, probabilities: predictions[i], figures: Object.fromEntries(measured) as Judged['figures'] };
  });
  return { judged, rivals };
}

function measure(metric: Metric, { value, replicates }: Replicated): Measured {
  const percentile = interval(value, replicates);
  if (metric.name !== 'ece') return percentile;
  // Drawing rows again adds noise that this error counts as miscalibration: the percentiles sit too high, so they are
  // reflected about the value (basic bootstrap; Davison & Hinkley 1997, §5.2).
  return { value, low: Math.max(0, 2 * value - percentile.high), high: Math.max(value, 2 * value - percentile.low) };
}

function verdictOn(champion: Judged, rule: Judged, { table, outcomes }: TrainingSet, seed: number): Verdict {
  const chance = seeded(seedFor(seed, 'verdict'));
  const gain = logLossGain(table.entities, outcomes, champion.probabilities, rule.probabilities, chance);
  const [ours, theirs] = [champion, rule].map(({ figures }) => figures['auc'].value.toFixed(3));
  return verdictOnTest(champion.name, rule.name, gain, `AUC ${ours} against ${theirs}`);
}
