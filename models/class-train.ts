import type { Instant } from '../features/index.ts';
import { difference, type Measured, replicate } from './bootstrap.ts';
import { CAUTION, NOT_FOR } from './cautions.ts';
import type { LearnSettings } from './champion.ts';
import type { CalibratedClasses, SaidOfClasses } from './class-calibrated.ts';
import {
  type ClassContender,
  chooseClassChampion,
  type ExplainedClassModel,
  learnClassChampion,
} from './class-champion.ts';
import { classMetricNamed, classMetrics } from './class-metrics.ts';
import { type ClassEvaluation, evaluateClassPast } from './class-past.ts';
import { classRefitsOf } from './class-refits.ts';
import type { ClassScoringModel } from './class-scoring-model.ts';
import { classRows } from './class-shares.ts';
import type { ClassSet } from './classes.ts';
import type { Contest } from './contest.ts';
import { featureDirections } from './directions.ts';
import { type DriftReference, driftReference } from './drift-watch.ts';
import { CLASS_RULES } from './estimators/index.ts';
import { seeded, seedFor } from './random.ts';
import type { Directions } from './reasons.ts';
import { tellTraining } from './verdicts.ts';

/** Everything that scoring needs of what was learnt. */
export interface FittedClassVersion {
  model: string;
  classes: readonly string[];
  trainedUntil: Instant;
  seed: number;
  champion: CalibratedClasses<ExplainedClassModel>;
  /** What resampled partners would have taught: the intervals. */
  refits: readonly CalibratedClasses[];
  /** Per class how each feature went with it. */
  directions: readonly Directions[];
  /** The features it learnt from; none where it was saved before they were kept. */
  features: readonly string[];
  /** What the inputs of later runs are held against; null where there was too little past, or none was kept yet. */
  reference: DriftReference | null;
}

/** What people should know of a version of classes before they trust it. */
export interface ClassModelCard {
  model: string;
  question: string;
  label: { name: string; gapDays: number; horizonDays: number };
  classes: readonly string[];
  trainedUntil: Instant;
  training: {
    rows: number;
    partners: number;
    /** Rows per class. */
    happened: readonly number[];
    firstCutoff: Instant;
    lastCutoff: Instant;
  };
  /** Each estimator on the later half of the training time, foretold by rolling origin, one figure per metric; null where it cannot be told. */
  contenders: readonly ({ name: string } & Readonly<Record<string, number | string | null>>)[];
  champion: string;
  /** The best rule of thumb, and how much lower the champion's log loss is; null where there was too little past. */
  rule: string;
  gain: Measured | null;
  verdict: string;
  refits: number;
  caution: string;
  /** Who is asked about, in a sentence; absent on cards of before it was noted, as all that follows. */
  population?: string;
  /** What it must not be used for, a clause each. */
  notFor?: readonly string[];
  /** Up to when the facts it learnt from are complete. */
  watermark?: Instant;
  /** The features it learnt from, by name. */
  features?: readonly string[];
  /** null where there was too little past; read a stored card's with `evaluationOfClassCard`. */
  evaluation?: ClassEvaluation | null;
  /** How it came to be in use, or not. */
  contest?: Contest;
}

/** How training is done. */
export interface ClassTrainSettings extends LearnSettings {
  until: Instant;
  /** Up to when the facts are complete. */
  watermark?: Instant;
}

/**
 * Learns a version of a scoring model of classes from everything known before a moment.
 * @returns also what its champion would have said of the later half of that time
 * @throws RangeError when the set has no rows of some class
 */
export async function trainClassVersion(
  model: ClassScoringModel,
  set: ClassSet,
  settings: ClassTrainSettings,
): Promise<{ fitted: FittedClassVersion; card: ClassModelCard; past: SaidOfClasses }> {
  const { seed, until } = settings;
  const { contenders, champion } = await learnClassChampion(model, set, settings);
  const refits = await classRefitsOf(contenders, set, seed);
  const fitted: FittedClassVersion = {
    model: model.name,
    classes: set.classes,
    trainedUntil: until,
    seed,
    champion: { model: champion.model, calibration: champion.calibration },
    refits,
    directions: set.classes.map((_, k) =>
      featureDirections({ table: set.table, outcomes: set.outcomes.map((outcome) => Number(outcome === k)) }),
    ),
    features: set.table.names,
    reference: driftReference(set.table),
  };
  const rules = contenders.filter(({ name }) => CLASS_RULES.includes(name));
  const rule = chooseClassChampion(rules);
  const gain = champion.past.rows.length === 0 ? null : gainOver(set, champion.past, rule.past, seed);
  const { gapDays, horizonDays, name } = model.label;
  const card: ClassModelCard = {
    model: model.name,
    question: model.question,
    label: { name, gapDays, horizonDays },
    classes: set.classes,
    trainedUntil: until,
    training: {
      rows: set.outcomes.length,
      partners: new Set(set.table.entities).size,
      happened: [...classRows(set)],
      firstCutoff: set.table.cutoffs.reduce((a, b) => Math.min(a, b)),
      lastCutoff: set.table.cutoffs.reduce((a, b) => Math.max(a, b)),
    },
    contenders: contenders.map(figuresOf),
    champion: champion.name,
    rule: rule.name,
    gain,
    verdict: tellTraining(champion.name, rule.name, gain, model.label),
    refits: refits.length,
    caution: CAUTION,
    population: model.population,
    notFor: NOT_FOR,
    watermark: settings.watermark ?? until,
    features: fitted.features,
    evaluation: evaluateClassPast(set, champion, rules, seed),
  };
  return { fitted, card, past: champion.past };
}

function figuresOf({ name, past }: ClassContender): { name: string } & Record<string, number | string | null> {
  const once = new Float64Array(past.rows.length).fill(1);
  const figures = classMetrics.map((metric) => [metric.name, metric.compute(past, once)] as const);
  return {
    name,
    ...Object.fromEntries(figures.map(([metric, value]) => [metric, Number.isNaN(value) ? null : value])),
  };
}

/** How much lower the log loss of one is than that of the other, with its interval over partners. */
function gainOver(set: ClassSet, ours: SaidOfClasses, theirs: SaidOfClasses, seed: number): Measured {
  const { compute } = classMetricNamed('log_loss');
  const entities = ours.rows.map((row) => set.table.entities[row]);
  const [mine, other] = replicate(
    entities,
    [ours, theirs].map((past) => (weights: ArrayLike<number>) => compute(past, weights)),
    seeded(seedFor(seed, 'verdict')),
  );
  return difference(other, mine);
}
