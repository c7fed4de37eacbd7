import type { Command } from 'commander';
import type { Instant } from '../features/index.ts';
import {
  type AnyModel,
  classScoringModels,
  isClassModel,
  scoringModelNamed,
  scoringModels,
  tellClaims,
  tellTrackRecord,
} from '../models/index.ts';
import {
  type Context,
  type TrainedClassVersion,
  type TrainedVersion,
  trainClassModel,
  trainModel,
} from '../pipelines/index.ts';
import type { ProblemCode } from '../store/index.ts';
import { anyModel } from './any-model.ts';
import { day } from './arguments.ts';
import type { Session } from './session.ts';

/** `train`: fits and registers a version with its model card. */
export function trainVerb(program: Command, session: Session): void {
  program
    .command('train')
    .description('learn a version from what was known before a day, and register it with its model card')
    .argument('[models...]', 'which scores; all of them by default')
    .requiredOption('--until <date>', 'what became known from this day on stays out', day)
    .action(async (names: string[], { until }: { until: Instant }) => {
      const models = names.length === 0 ? [...scoringModels, ...classScoringModels] : names.map(anyModel);
      await session.withStore(async (context) => {
        const trained: Trained[] = [];
        for (const model of models) {
          try {
            trained.push(await trainAny(context, model, until));
          } catch (error) {
            // Asked for by name, or what every program has: then it is a failure.
            if (names.length > 0 || !isOptional(model) || !lacksData(error)) throw error;
            context.say((error as Error).message);
          }
        }
        tell(session, trained);
      });
    });
}

async function trainAny(context: Context, model: AnyModel, until: Instant): Promise<Trained> {
  if (isClassModel(model)) return { of: 'classes', ...(await trainClassModel(context, model, until)) };
  return { of: 'outcome', ...(await trainModel(context, model, until)) };
}

/** Not every program has new partners, or partners of several ways to go. */
function isOptional(model: AnyModel): boolean {
  return isClassModel(model) || model.highIs === 'promise';
}

function lacksData(error: unknown): boolean {
  return (error as { code?: ProblemCode }).code === 'NOT_ENOUGH_DATA';
}

type Trained = ({ of: 'outcome' } & TrainedVersion) | ({ of: 'classes' } & TrainedClassVersion);

function tell({ output }: Session, trained: readonly Trained[]): void {
  if (output.format === 'json') output.json(trained.map(({ of: _, ...rest }) => rest));
  else if (output.format === 'csv') output.csv(COLUMNS, trained.map(inColumns));
  for (const each of output.format === 'text' ? trained : []) {
    const { model, version, card } = each;
    output.print(
      `${model} ${version}: ${card.champion}, learnt from ${card.training.rows} rows of ${card.training.partners} partners.`,
    );
    output.print(card.verdict);
    const { contest } = card;
    if (contest && contest.against !== null) output.print(contest.because);
    if (each.of === 'classes') continue;
    const { trackRecord, claims } = each.card;
    for (const sentence of tellClaims(claims)) output.print(sentence);
    output.print(tellTrackRecord(trackRecord, scoringModelNamed(each.model).words));
  }
}

const COLUMNS = ['model', 'version', 'champion', 'rows', 'partners'];

function inColumns({ model, version, card }: Trained): (string | number)[] {
  return [model, version, card.champion, card.training.rows, card.training.partners];
}
