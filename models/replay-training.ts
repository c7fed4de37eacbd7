import type { FeatureTable, Instant } from '../features/index.ts';
import { predictCalibrated } from './calibrated.ts';
import { type LearnSettings, learnChampion } from './champion.ts';
import { type Fate, type Replay, replayDay } from './replay.ts';
import type { ScoringModel } from './scoring-model.ts';
import { baseRate, type TrainingSet } from './training-set.ts';

/** What a list of a past day was learnt from. */
export interface ReplayedModel {
  champion: string;
  rows: number;
  partners: number;
  baseRate: number;
}

/** Everyone who was at risk on a day. */
export interface ReplayedDay {
  asOf: Instant;
  /** Their features as scoring sees them: some are measured among all partners of the day. */
  table: FeatureTable;
  /** What is known by now, by partner; null is unknown. */
  outcomes: ReadonlyMap<string, boolean | null>;
  /** Whether the time that an outcome takes is over. */
  isComplete: boolean;
}

/**
 * The list that a version learnt on a day would have given for that day: of the same estimators, by the same seed.
 * @param train what was on record on the day
 * @throws RangeError when `train` has rows of one class only
 */
export async function replayTraining(
  model: ScoringModel,
  train: TrainingSet,
  day: ReplayedDay,
  settings: LearnSettings & { capacity: number },
): Promise<{ learnt: ReplayedModel; replay: Replay }> {
  const { champion } = await learnChampion(model, train, settings);
  const probabilities = predictCalibrated(champion, day.table);
  const rows = day.table.entities.map((entityId, row) => ({
    entityId,
    probability: probabilities[row],
    fate: fateOf(day.outcomes.get(entityId) ?? null, day.isComplete),
  }));
  const learnt = {
    champion: champion.name,
    rows: train.outcomes.length,
    partners: new Set(train.table.entities).size,
    baseRate: baseRate(train),
  };
  return {
    learnt,
    replay: replayDay(day.asOf, rows, { atLeast: model.bands.medium, capacity: settings.capacity }),
  };
}

function fateOf(outcome: boolean | null, isComplete: boolean): Fate {
  if (outcome === null) return isComplete ? 'out' : 'open';
  return outcome ? 'happened' : 'stayed';
}
