import type { Command } from 'commander';
import type { Instant } from '../features/index.ts';
import { classScoringModels, isClassModel, scoringModels, tellTrackRecord } from '../models/index.ts';
import { type TrainedClassVersion, type TrainedVersion, trainClassModel, trainModel } from '../pipelines/index.ts';
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
          trained.push(
            isClassModel(model)
              ? { of: 'classes', ...(await trainClassModel(context, model, until)) }
              : { of: 'outcome', ...(await trainModel(context, model, until)) },
          );
        }
        tell(session, trained);
      });
    });
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
    if (each.of === 'classes') continue;
    const { contest, trackRecord } = each.card;
    if (contest && contest.against !== null) output.print(contest.because);
    output.print(tellTrackRecord(trackRecord));
  }
}

const COLUMNS = ['model', 'version', 'champion', 'rows', 'partners'];

function inColumns({ model, version, card }: Trained): (string | number)[] {
  return [model, version, card.champion, card.training.rows, card.training.partners];
}
