import type { Command } from 'commander';
import type { Instant } from '../features/index.ts';

import { scoringModelNamed, scoringModels, tellClaims, tellTrackRecord } from '../models/index.ts';

import { type TrainedVersion, trainModel } from '../pipelines/index.ts';
import type { ProblemCode } from '../store/index.ts';
import { day } from './arguments.ts';
import { scoringModel } from './backtest.ts';
import type { Session } from './session.ts';

/** `train`: fits and registers a version with its model card. */
export function trainVerb(program: Command, session: Session): void {
  program
    .command('train')
    .description('learn a version from what was known before a day, and register it with its model card')
    .argument('[models...]', 'which scores; all of them by default')
    .requiredOption('--until <date>', 'what became known from this day on stays out', day)
    .action(async (names: string[], { until }: { until: Instant }) => {
      const models = names.length === 0 ? scoringModels : names.map(scoringModel);
      await session.withStore(async (context) => {
        const trained: TrainedVersion[] = [];
        for (const model of models) {
          try {
            trained.push(await trainModel(context, model, until));
          } catch (error) {
            // Asked for by name, or what every program has: then it is a failure.
            const isOptional = names.length === 0 && model.highIs === 'promise';
            if (!isOptional || (error as { code?: ProblemCode }).code !== 'NOT_ENOUGH_DATA') throw error;
            context.say((error as Error).message);
          }
        }
        tell(session, trained);
      });
    });
}

function tell({ output }: Session, trained: readonly TrainedVersion[]): void {
  if (output.format === 'json') output.json(trained);
  else if (output.format === 'csv') output.csv(COLUMNS, trained.map(inColumns));
  for (const { model, version, card } of output.format === 'text' ? trained : []) {
    output.print(
      `${model} ${version}: ${card.champion}, learnt from ${card.training.rows} rows of ${card.training.partners} partners.`,
    );
    output.print(card.verdict);
    if (card.contest && card.contest.against !== null) output.print(card.contest.because);
    for (const sentence of tellClaims(card.claims)) output.print(sentence);
    output.print(tellTrackRecord(card.trackRecord, scoringModelNamed(model).words));
  }
}

const COLUMNS = ['model', 'version', 'champion', 'rows', 'partners'];

function inColumns({ model, version, card }: TrainedVersion): (string | number)[] {
  return [model, version, card.champion, card.training.rows, card.training.partners];
}
