import type { Instant } from '../features/index.ts';
import type { Measured } from './bootstrap.ts';
import type { CalibratedModel, OutOfTime } from './calibrated.ts';
import { CAUTION, NOT_FOR } from './cautions.ts';
import {
  type Champion,
  type Contender,
  chooseChampion,
  type LearnSettings,
  learnChampion,
  logLossGain,
} from './champion.ts';
import type { Contest } from './contest.ts';
import { featureDirections } from './directions.ts';
import { type DriftReference, driftReference } from './drift-watch.ts';
import type { Estimator, ExplainedModel } from './estimator.ts';
import { RULES } from './estimators/index.ts';
import { type InputQuality, inputQualityOf } from './input-quality.ts';
import { rowLogLoss } from './metrics.ts';
import { type NullTest, nullTest } from './null-test.ts';
import { evaluatePast, type PastEvaluation } from './past-evaluation.ts';
import { seeded, seedFor } from './random.ts';
import type { Directions } from './reasons.ts';
import { refitsOf } from './refits.ts';
import { type ReliabilityBin, reliability } from './reliability.ts';
import { type Replay, replayPast } from './replay.ts';
import type { RowNotes } from './row-notes.ts';
import type { ScoringModel } from './scoring-model.ts';
import { type Claim, judgeSupply, supplyOf } from './sufficiency.ts';
import { learnWaits, type WaitShapes } from './survival.ts';
import { type TrackRecord, trackRecord } from './track-record.ts';
import { baseRate, positives, type TrainingSet } from './training-set.ts';
import type { AmountModel } from './value/amount-estimator.ts';
import { learnValue, type ValueCard } from './value/value.ts';
import { tellTraining } from './verdicts.ts';
import { selectWaits } from './waits.ts';

/** Everything that scoring needs of what was learnt. */
export interface FittedVersion {
  model: string;
  trainedUntil: Instant;
  seed: number;
  champion: CalibratedModel<ExplainedModel>;
  /** What resampled partners would have taught: the intervals (see `refitsOf`). */
  refits: readonly CalibratedModel[];
  directions: Directions;
  /** The features it learnt from; none where it was saved before they were kept. */
  features: readonly string[];
  /** What the inputs of later runs are held against; null where there was too little past, or none was kept yet. */
  reference: DriftReference | null;
  /** How waits go on; null where the label measures none. */
  waits: WaitShapes | null;
  /** What a partner brings that stays; null where that is not asked. */
  value: AmountModel | null;
}

/** What people should know of a version before they trust it. */
export interface ModelCard {
  model: string;
  question: string;
  label: { name: string; gapDays: number; horizonDays: number };
  trainedUntil: Instant;
  training: {
    rows: number;
    partners: number;
    happened: number;
    baseRate: number;
    firstCutoff: Instant;
    lastCutoff: Instant;
  };
  /** Each estimator's mean log loss on the later half of the training time, foretold by rolling origin; null without a past. */
  contenders: readonly { name: string; logLoss: number | null }[];
  champion: string;
  /** The best rule of thumb, and how much lower the champion's log loss is; null where there was too little past. */
  rule: string;
  gain: Measured | null;
  verdict: string;
  reliability: readonly ReliabilityBin[];
  trackRecord: TrackRecord | null;
  /** The latest of the lists it counts; read a stored card's with `replaysOfCard`. */
  replays: readonly Replay[];
  /** What its data is enough to tell of it; read a stored card's with `claimsOfCard`. */
  claims: readonly Claim[];
  /** What is worth saying of the features it learnt from; read a stored card's with `inputsOfCard`. */
  inputs: InputQuality;
  /** What the champion finds where outcomes are dealt by lot; null where there was too little past to look. */
  nullTest: NullTest | null;
  refits: number;
  /** How the expected value was learnt; null where none is, and left out in cards of before it was. */
  value?: ValueCard | null;
  caution: string;
  /** Who is asked about, in a sentence; absent on cards of before it was noted, as all that follows. */
  population?: string;
  /** What it must not be used for, a clause each. */
  notFor?: readonly string[];
  /** Up to when the facts it learnt from are complete. */
  watermark?: Instant;
  /** The features it learnt from, by name. */
  features?: readonly string[];
  /** null where there was too little past; read a stored card's with `evaluationOfCard`. */
  evaluation?: PastEvaluation | null;
  /** How it came to be in use, or not; absent on cards of before it was noted. */
  contest?: Contest;
}

/** How training is done. */
export interface TrainSettings extends LearnSettings {
  until: Instant;
  /** How many partners the team can call at a time. */
  capacity: number;
  /** What is noted of the rows of the set, so that segments can be told apart. */
  notes?: RowNotes;
  /** Up to when the facts are complete. */
  watermark?: Instant;
}

/**
 * Learns a version of a scoring model from everything known before a moment.
 * @returns also what its champion would have said of the later half of that time
 * @throws RangeError when the set has rows of one class only
 */
export async function trainVersion(
  model: ScoringModel,
  set: TrainingSet,
  settings: TrainSettings,
): Promise<{ fitted: FittedVersion; card: ModelCard; past: OutOfTime }> {
  const { seed, until } = settings;
  const { contenders, champion } = await learnChampion(model, set, settings);
  const value = model.highIs === 'risk' ? learnValue(set, () => seeded(seedFor(seed, 'value'))) : null;
  const fitted: FittedVersion = {
    model: model.name,
    trainedUntil: until,
    seed,
    champion: { model: champion.model, calibration: champion.calibration },
    refits: await refitsOf(contenders, set, settings),
    directions: featureDirections(set),
    features: set.table.names,
    reference: driftReference(set.table),
    waits: waitsOf(set, champion, seed),
    value: value?.model ?? null,
  };
  const estimator = model.estimators.find(({ name }) => name === champion.name) as Estimator;
  const about = {
    ...settings,
    refits: fitted.refits.length,
    inputs: await inputQualityOf(set),
    nullTest: await nullTest(estimator, set, settings),
    value: value?.card ?? null,
  };
  const rules = contenders.filter(({ name }) => RULES.includes(name));
  const card: ModelCard = {
    ...describe(model, set, contenders, champion, about),
    population: model.population,
    notFor: NOT_FOR,
    watermark: settings.watermark ?? until,
    features: fitted.features,
    evaluation: evaluatePast(set, champion, rules, seed, settings.notes, model.rule),
  };
  return { fitted, card, past: champion.past };
}

/** How the waits of those foretold went on. */
function waitsOf(set: TrainingSet, { past }: Champion, seed: number): WaitShapes | null {
  if (!set.waits) return null;
  const entities = past.rows.map((row) => set.table.entities[row]);
  const waits = selectWaits(set.waits, past.rows);
  return learnWaits(past.probabilities, waits, entities, set.label.horizonDays, seeded(seedFor(seed, 'waits')));
}

function describe(
  model: ScoringModel,
  set: TrainingSet,
  contenders: readonly Contender[],
  champion: Champion,
  {
    until,
    seed,
    capacity,
    refits,
    inputs,
    nullTest: foundByLot,
    value,
  }: TrainSettings & Pick<ModelCard, 'refits' | 'inputs' | 'nullTest' | 'value'>,
): ModelCard {
  const rule = chooseChampion(contenders.filter(({ name }) => RULES.includes(name)));
  const { past } = champion;
  const chance = seeded(seedFor(seed, 'verdict'));
  const gain =
    past.rows.length === 0
      ? null
      : logLossGain(past.entities, past.outcomes, past.probabilities, rule.past.probabilities, chance);
  const { gapDays, horizonDays, name } = model.label;
  return {
    model: model.name,
    question: model.question,
    label: { name, gapDays, horizonDays },
    trainedUntil: until,
    training: {
      rows: set.outcomes.length,
      partners: new Set(set.table.entities).size,
      happened: positives(set),
      baseRate: baseRate(set),
      firstCutoff: set.table.cutoffs.reduce((a, b) => Math.min(a, b)),
      lastCutoff: set.table.cutoffs.reduce((a, b) => Math.max(a, b)),
    },
    contenders: contenders.map((each) => ({
      name: each.name,
      logLoss: past.rows.length === 0 ? null : meanLogLoss(each.past),
    })),
    champion: champion.name,
    rule: rule.name,
    gain,
    verdict: tellTraining(champion.name, rule.name, gain, model.label),
    reliability: reliability(past.probabilities, past.outcomes),
    trackRecord: trackRecord(
      set,
      past,
      model.bands.medium,
      capacity,
      seeded(seedFor(seed, 'track record')),
      model.rule,
    ),
    replays: replayPast(set, past, { atLeast: model.bands.medium, capacity }),
    claims: judgeSupply(supplyOf(set), model.words).claims,
    inputs,
    nullTest: foundByLot,
    refits,
    value: value ?? null,
    caution: CAUTION,
  };
}

function meanLogLoss({ probabilities, outcomes }: OutOfTime): number {
  const total = probabilities.reduce((sum, probability, row) => sum + rowLogLoss(probability, outcomes[row]), 0);
  return total / outcomes.length;
}
