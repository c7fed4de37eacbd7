import { DAY, formatDay, type Instant } from '../features/index.ts';
import { classScoringModels, scoringModels } from '../models/index.ts';
import { type Claim, type ProblemCode, problem, type ScoreboardRow } from '../store/index.ts';
import { type ClassDay, classDay } from './class-day.ts';
import type { Context } from './context.ts';
import { countLists } from './count-lists.ts';
import { type IncidentRun, incidentsAsOf, runIncidents } from './incidents.ts';
import { inLedger, type LedgerOutcome } from './ledger.ts';
import { tellLifecycles } from './lifecycle.ts';
import { type NudgeRun, runNudges } from './nudge.ts';
import { type Recruiting, recruitWeekly, tellRecruiting } from './recruit.ts';
import { type ScoreRun, scoreModel } from './score.ts';
import { type TrainedVersion, trainModel } from './train.ts';
import { whyTrain } from './watch.ts';
import { tellWithoutRate } from './without-rate.ts';

/** The ledger's name for it. */
export const DAILY = 'daily';

/** What a daily run came to. */
export interface DailyRun {
  asOf: Instant;
  trained: TrainedVersion[];
  scored: ScoreRun[];
  /** Published lists whose time was over, and how they did. */
  counted: ({ model: string } & ScoreboardRow)[];
  /** The same of models of several classes. */
  classes: ClassDay[];
  /** Models that the data does not suffice for yet, each with the sentence that says why. */
  insufficient: { model: string; reason: string }[];
  /** What changed, of the weeks that became complete. */
  incidents: IncidentRun;
  nudges: NudgeRun;
  /** Null in a week whose list stands already. */
  recruiting: Recruiting | null;
}

/** How to run. */
export interface RunSettings {
  /** Whether nudges are put into the outbox, or only listed. */
  send: boolean;
  /** Whether a day that is done may be done again. */
  again: boolean;
}

/**
 * The work of one day: train the models that are due, score everyone, look at the week that has ended, decide about
 * nudges, and once a week whom to sign next. Once per day and by one
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
    (claim) => oneDay(context, day, asOf, send, claim),
    ({ scored, classes }) =>
      [...scored, ...classes.flatMap((each) => each.scored ?? [])].reduce((sum, { scores }) => sum + scores.length, 0),
  );
}

async function oneDay(context: Context, day: Instant, asOf: Instant, send: boolean, claim: Claim): Promise<DailyRun> {
  const run: DailyRun = {
    asOf,
    trained: [],
    scored: [],
    counted: [],
    classes: [],
    insufficient: [],
    incidents: { weeks: [], incidents: [] },
    nudges: { decisions: [], enqueued: 0 },
    recruiting: null,
  };
  for (const model of scoringModels) {
    try {
      run.counted.push(...(await countLists(context, model, asOf)).map((row) => ({ model: model.name, ...row })));
      const why = await whyTrain(context, model, asOf);
      if (why !== null) {
        context.say(why);
        run.trained.push(await trainModel(context, model, asOf));
      }
      run.scored.push(await scoreModel(context, model, asOf, claim));
    } catch (error) {
      // Nudges by rule need no model: what the data does not suffice for is told, and the day goes on.
      if ((error as { code?: ProblemCode }).code !== 'NOT_ENOUGH_DATA') throw error;
      run.insufficient.push({ model: model.name, reason: (error as Error).message });
      context.say((error as Error).message);
    }
  }
  for (const model of classScoringModels) {
    const done = await classDay(context, model, asOf, claim);
    run.classes.push(done);
    if (done.insufficient !== null) run.insufficient.push({ model: model.name, reason: done.insufficient });
  }
  await context.step('tell where each partner stands', () => tellLifecycles(context, asOf, claim));
  const unknownMoney = await tellWithoutRate(context, asOf);
  if (unknownMoney !== null) context.say(unknownMoney);
  const incidentsUpTo = incidentsAsOf(asOf, day);
  run.incidents = await runIncidents(context, incidentsUpTo);
  run.nudges = await runNudges(context, asOf, send, incidentsUpTo);
  const recruited = await recruitWeekly(context, asOf, send);
  if (recruited.status === 'done') {
    run.recruiting = recruited.result;
    context.say(tellRecruiting(recruited.result));
  }
  context.say(
    `${formatDay(asOf)}: ${run.scored.reduce((sum, { scores }) => sum + scores.length, 0)} scored, ` +
      `${run.nudges.decisions.length} nudges, ${run.nudges.enqueued} to be sent.`,
  );
  return run;
}
