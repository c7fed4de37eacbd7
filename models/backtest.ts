import { drawPartners, interval, type Measured } from './bootstrap.ts';
import { predictCalibrated } from './calibrated.ts';
import { chooseChampion, type Fitting, fitContenders, logLossGain } from './champion.ts';
import { RULES } from './estimators/index.ts';
import { type Metric, metrics, type Ranked, rank } from './metrics.ts';
import { seeded, seedFor } from './random.ts';
import type { ScoringModel } from './scoring-model.ts';
import { baseRate, type TrainingSet } from './training-set.ts';

/** What an estimator would have said about each row of the test, and how good that was. */
export interface Judged {
  name: string;
  probabilities: Float64Array;
  /** One figure per metric, by name. */
  figures: Readonly<Record<string, Measured>>;
}

/** Every estimator against the trivial rivals on a later time. */
export interface BacktestResult {
  model: string;
  train: { rows: number; baseRate: number };
  test: { rows: number; baseRate: number; partners: number };
  estimators: readonly Judged[];
  champion: string;
  verdict: Verdict;
}

/** Whether the champion, chosen before the test, was worth having. */
export interface Verdict {
  /** `model`: clearly better than the best rule; `rule`: a rule is as good; */
  better: 'model' | 'rule';
  /** The rule it is held against. */
  rule: string;
  /** How much lower the champion's log loss is. */
  gain: Measured;
  text: string;
}

/**
 * Fits every estimator of a model to one time and judges it on a later one. The champion is chosen inside the
 * training time; the test is looked at once, for all.
 * @throws RangeError when either set has rows of one class only
 */
export async function backtest(
  model: ScoringModel,
  train: TrainingSet,
  test: TrainingSet,
  fitting: Fitting,
): Promise<BacktestResult> {
  const { seed } = fitting;
  const contenders = await fitContenders(model.estimators, train, fitting);
  const champion = chooseChampion(contenders);
  const rule = chooseChampion(contenders.filter(({ name }) => RULES.includes(name)));
  const predictions = contenders.map((contender) => predictCalibrated(contender, test.table));
  const judged = judge(
    contenders.map(({ name }) => name),
    predictions,
    test,
    seed,
  );
  const of = (name: string) => judged[contenders.findIndex((contender) => contender.name === name)];
  return {
    model: model.name,
    train: { rows: train.outcomes.length, baseRate: baseRate(train) },
    test: { rows: test.outcomes.length, baseRate: baseRate(test), partners: new Set(test.table.entities).size },
    estimators: judged,
    champion: champion.name,
    verdict: giveVerdict(of(champion.name), of(rule.name), test, seed),
  };
}

/** The same draws of partners for all, so that figures of two estimators can be compared. */
function judge(names: string[], predictions: Float64Array[], test: TrainingSet, seed: number): Judged[] {
  const ranked = predictions.map((probabilities) => rank(probabilities, test.outcomes));
  const replicates = ranked.map(() => metrics.map((): number[] => []));
  for (const weights of drawPartners(test.table.entities, seeded(seedFor(seed, 'judge')))) {
    ranked.forEach((each, i) => {
      metrics.forEach((metric, j) => {
        replicates[i][j].push(metric.compute(each, weights));
      });
    });
  }
  return names.map((name, i) => ({
    name,
    probabilities: predictions[i],
    figures: Object.fromEntries(
      metrics.map((metric, j) => [metric.name, measure(metric, ranked[i], replicates[i][j])]),
    ),
  }));
}

function measure(metric: Metric, ranked: Ranked, replicates: number[]): Measured {
  const value = metric.compute(ranked, new Float64Array(ranked.outcomes.length).fill(1));
  const percentile = interval(value, replicates);
  if (metric.name !== 'ece') return percentile;
  // Drawing rows again adds noise that this error counts as miscalibration: the percentiles sit too high, so they are
  // reflected about the value (basic bootstrap; Davison & Hinkley 1997, §5.2).
  return { value, low: Math.max(0, 2 * value - percentile.high), high: Math.max(value, 2 * value - percentile.low) };
}

function giveVerdict(champion: Judged, rule: Judged, test: TrainingSet, seed: number): Verdict {
  const gain = logLossGain(
    test.table.entities,
    test.outcomes,
    champion.probabilities,
    rule.probabilities,
    seeded(seedFor(seed, 'verdict')),
  );
  const better = gain.low > 0 ? 'model' : 'rule';
  return { better, rule: rule.name, gain, text: verdictText(champion, rule, better, gain) };
}

function verdictText(champion: Judged, rule: Judged, better: Verdict['better'], gain: Measured): string {
  if (champion.name === rule.name) return `${rule.name} won the training time itself: a rule is as good.`;
  const [ours, theirs] = [champion, rule].map(({ figures }) => figures['auc'].value.toFixed(3));
  const numbers = `log loss lower by ${tell(gain)}, AUC ${ours} against ${theirs}`;
  return better === 'model'
    ? `${champion.name} is better than ${rule.name}: ${numbers}.`
    : `A rule is as good: ${champion.name} is not clearly better than ${rule.name} (${numbers}).`;
}

function tell({ value, low, high }: Measured): string {
  return `${value.toFixed(3)} (95 % ${low.toFixed(3)} to ${high.toFixed(3)})`;
}
