import { rowsWhere } from '../features/index.ts';
import { difference, type Figure, interval, type Measured, replicate } from './bootstrap.ts';
import { type CalibratedModel, predictCalibrated } from './calibrated.ts';
import { type Fitting, fitContenders } from './champion.ts';
import type { Estimator } from './estimator.ts';
import { hasBothClasses } from './folds.ts';
import { metricNamed, rank } from './metrics.ts';
import { type Random, seeded, seedFor } from './random.ts';
import { selectFrom, type TrainingSet } from './training-set.ts';

/** How the champion does when it has learnt from fewer partners. */
export interface LearningCurve {
  /** From the fewest partners to all of them. */
  points: readonly LearningPoint[];
  /** How much lower the log loss is with all partners than with half of them; null where half is too few to learn. */
  lastDoubling: Measured | null;
  /** Whether more partners would help, in a sentence. */
  text: string;
}

/** What was learnt from so many partners, judged on the whole test. */
interface LearningPoint {
  /** Share of the training's partners, in (0, 1]. */
  share: number;
  partners: number;
  rows: number;
  logLoss: Measured;
  auc: Measured;
}

const SHARES = [1 / 8, 1 / 4, 1 / 2];

/** What is to be learnt again, and what there is to compare with. */
export interface CurvePlan extends Fitting {
  estimator: Estimator;
  /** Fitted to the whole training. */
  whole: CalibratedModel;
  train: TrainingSet;
  test: TrainingSet;
}

/**
 * Learns from an eighth, a quarter and a half of the training's partners, all their rows each; the smaller draws lie
 * within the larger ones, so that a step of the curve is what partners added. Intervals are over the test's partners:
 * another draw of the training's would move the points besides. Shares too small to learn from are left out. Costs
 * about what fitting the estimator to the whole has cost.
 * @param random what judges, the same chance as for the other figures
 */
export async function learningCurve(plan: CurvePlan, random: Random): Promise<LearningCurve> {
  const fitted: { share: number; set: TrainingSet; model: CalibratedModel }[] = [];
  const order = shuffled([...new Set(plan.train.table.entities)], seeded(seedFor(plan.seed, 'learning curve')));
  for (const share of SHARES) {
    const set = ofPartners(plan.train, order.slice(0, Math.round(share * order.length)));
    if (!hasBothClasses(set)) continue;
    const [model] = await fitContenders([plan.estimator], set, plan);
    fitted.push({ share, set, model });
  }
  fitted.push({ share: 1, set: plan.train, model: plan.whole });
  const found = judge(
    fitted.map(({ model }) => model),
    plan.test,
    random,
  );
  const points = fitted.map(({ share, set }, i) => ({
    share,
    partners: new Set(set.table.entities).size,
    rows: set.outcomes.length,
    logLoss: interval(found[i].logLoss.value, found[i].logLoss.replicates),
    auc: interval(found[i].auc.value, found[i].auc.replicates),
  }));
  const half = fitted.findIndex(({ share }) => share === 1 / 2);
  const lastDoubling = half < 0 ? null : difference(found[half].logLoss, found[fitted.length - 1].logLoss);
  const text =
    lastDoubling === null
      ? 'Half of the partners are too few to learn from: more of them come first.'
      : tellMore(found[half].logLoss.value, lastDoubling);
  return { points, lastDoubling, text };
}

function judge(models: readonly CalibratedModel[], { table, outcomes }: TrainingSet, random: Random) {
  const figures = models.flatMap((model): Figure[] => {
    const ranked = rank(predictCalibrated(model, table), outcomes);
    return ['log_loss', 'auc'].map((name) => {
      const { compute } = metricNamed(name);
      return (weights) => compute(ranked, weights);
    });
  });
  const found = replicate(table.entities, figures, random);
  return models.map((_, i) => ({ logLoss: found[2 * i], auc: found[2 * i + 1] }));
}

function ofPartners(set: TrainingSet, partners: readonly string[]): TrainingSet {
  const drawn = new Set(partners);
  return selectFrom(
    set,
    rowsWhere(set.table, (row) => drawn.has(set.table.entities[row])),
  );
}

/** In an order by lot (Fisher & Yates 1938). */
function shuffled(partners: string[], random: Random): string[] {
  for (let last = partners.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [partners[last], partners[other]] = [partners[other], partners[last]];
  }
  return partners;
}

/** Below this share of the log loss a doubling of the partners is not worth waiting for. */
const WORTH_WAITING = 0.02;

/**
 * Whether more partners would help, in a sentence.
 * @param half the log loss with half of the partners
 * @param lastDoubling how much lower it is with all of them
 */
export function tellMore(half: number, lastDoubling: Measured): string {
  const { value, low, high } = lastDoubling;
  const change = `${(-value).toFixed(3)} (95 % ${(-high).toFixed(3)} to ${(-low).toFixed(3)}; below 0 is better)`;
  const would =
    low <= 0 ? 'would hardly help' : value < WORTH_WAITING * half ? 'would help a little' : 'would likely help';
  return `More partners ${would}: the last doubling changed the log loss by ${change}.`;
}
