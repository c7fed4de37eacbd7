import { DAY, formatDay, type Instant } from '../features/index.ts';
import {
  type ClassScoringModel,
  classScoringModels,
  loadClassVersion,
  type ScoringModel,
  scoringModels,
} from '../models/index.ts';
import { type Claim, lastTrained, type ProblemCode, problem, versionFor } from '../store/index.ts';
import { asDeclared } from './class-model.ts';
import { type ClassScoreRun, scoreClassModel } from './class-score.ts';
import { type TrainedClassVersion, trainClassModel } from './class-train.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { inLedger, type LedgerOutcome } from './ledger.ts';
import { type NudgeRun, runNudges } from './nudge.ts';
import { type ScoreRun, scoreModel } from './score.ts';
import { type TrainedVersion, trainModel } from './train.ts';
import { versionInUse } from './version-in-use.ts';
import { tellWithoutRate } from './without-rate.ts';

/** The ledger's name for it. */
export const DAILY = 'daily';

/** What a daily run came to. */
export interface DailyRun {
  asOf: Instant;
  trained: TrainedVersion[];
  scored: ScoreRun[];
  /** The same of models of several classes. */
  trainedClasses: TrainedClassVersion[];
  scoredClasses: ClassScoreRun[];
  /** Models that the data does not suffice for yet, each with the sentence that says why. */
  insufficient: { model: string; reason: string }[];
  nudges: NudgeRun;
}

/** How to run. */
export interface RunSettings {
  /** Whether nudges are put into the outbox, or only listed. */
  send: boolean;
  /** Whether a day that is done may be done again. */
  again: boolean;
}

/**
 * The work of one day: train the models that are due, score everyone, decide about nudges. Once per day and by one
 * process, by the run ledger.
 * @param day the midnight that ends the day, as the ledger counts it
 * @param asOf the midnight the facts are read at; the day itself, or earlier where its facts are not there yet
 */
export async function runDaily(
  context: Context,
  day: Instant,
  asOf: Instant,
  { send, again }: RunSettings,
): Promise<LedgerOutcome<DailyRun>> {
  if (send && context.settings.webhook_url === null) {
    throw problem(
      'USAGE',
      'There is nowhere to send nudges to: set webhook_url in partnercast.config.json, or run without --send.',
    );
  }
  return inLedger(
    context,
    { pipeline: DAILY, start: new Date(day - DAY), end: new Date(day) },
    again,
    (claim) => oneDay(context, asOf, send, claim),
    ({ scored, scoredClasses }) => [...scored, ...scoredClasses].reduce((sum, { scores }) => sum + scores.length, 0),
  );
}

async function oneDay(context: Context, asOf: Instant, send: boolean, claim: Claim): Promise<DailyRun> {
  const run: DailyRun = {
    asOf,
    trained: [],
    scored: [],
    trainedClasses: [],
    scoredClasses: [],
    insufficient: [],
    nudges: { decisions: [], enqueued: 0 },
  };
  for (const model of scoringModels) {
    try {
      if (await isDue(context, model, asOf)) run.trained.push(await trainModel(context, model, asOf));
      run.scored.push(await scoreModel(context, model, asOf, claim));
    } catch (error) {
      // Nudges by rule need no model: what the data does not suffice for is told, and the day goes on.
      if ((error as { code?: ProblemCode }).code !== 'NOT_ENOUGH_DATA') throw error;
      run.insufficient.push({ model: model.name, reason: (error as Error).message });
      context.say((error as Error).message);
    }
  }
  for (const model of classScoringModels) await oneClassModel(context, model, run, claim);
  const unknownMoney = await tellWithoutRate(context, asOf);
  if (unknownMoney !== null) context.say(unknownMoney);
  run.nudges = await runNudges(context, asOf, send);
  context.say(
    `${formatDay(asOf)}: ${run.scored.reduce((sum, { scores }) => sum + scores.length, 0)} scored, ` +
      `${run.nudges.decisions.length} nudges, ${run.nudges.enqueued} to be sent.`,
  );
  return run;
}

/** Trains a model of classes when it is due, and scores everyone by it; what the data does not suffice for is told. */
async function oneClassModel(context: Context, model: ClassScoringModel, run: DailyRun, claim: Claim): Promise<void> {
  try {
    const isWanted = await isClassModelDue(context, model, run.asOf);
    if (isWanted) run.trainedClasses.push(await trainClassModel(context, model, run.asOf));
    run.scoredClasses.push(await scoreClassModel(context, model, run.asOf, claim));
  } catch (error) {
    if ((error as { code?: ProblemCode }).code !== 'NOT_ENOUGH_DATA') throw error;
    context.say((error as Error).message);
  }
}

/** The same of a model of classes; also when the program has declared something else that it is to be held against. */
async function isClassModelDue(context: Context, model: ClassScoringModel, asOf: Instant): Promise<boolean> {
  const version = await versionFor(context.database, model.name, asOf);
  if (version?.card.label.name !== asDeclared(model, context.settings).label.name) return true;
  try {
    loadClassVersion(version);
  } catch (error) {
    context.say(`${(error as Error).message} It is trained again now.`);
    return true;
  }
  const { latestAsOf } = await programFacts(context);
  return Math.min(asOf, latestAsOf) - version.trainedUntil > context.settings.retrain_days * DAY;
}

/** A model is trained anew when the last training is too long ago for what there is to learn from, or no version is good. */
async function isDue(context: Context, model: ScoringModel, asOf: Instant): Promise<boolean> {
  const { usable, faults } = await versionInUse(context.database, model, asOf);
  if (usable === null && faults.length > 0) context.say(`${faults.join(' ')} It is trained again now.`);
  const trained = await lastTrained(context.database, model.name, asOf);
  if (usable === null || trained === null) return true;
  const { latestAsOf } = await programFacts(context);
  return Math.min(asOf, latestAsOf) - trained > context.settings.retrain_days * DAY;
}
