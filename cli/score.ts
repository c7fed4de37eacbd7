import type { Command } from 'commander';
import { formatDay, type Instant } from '../features/index.ts';
import { isClassModel, survivalAt } from '../models/index.ts';
import { scoreModel } from '../pipelines/index.ts';
import { reasonsInOneLine } from '../serve/index.ts';
import { anyModel } from './any-model.ts';
import { day, requireEnded } from './arguments.ts';
import { scoreClasses } from './class-score.ts';
import type { Session } from './session.ts';

/** `score`: scores everyone at risk on a day. */
export function scoreVerb(program: Command, session: Session): void {
  program
    .command('score')
    .description('score everyone at risk on a day and publish the list')
    .argument('<model>', 'which score', anyModel)
    .requiredOption('--as-of <date>', 'only what was known before this day counts', day)
    .action(async (model: ReturnType<typeof anyModel>, { asOf }: { asOf: Instant }) => {
      requireEnded(asOf, session.clock());
      await session.withStore(async (context) => {
        if (isClassModel(model)) return scoreClasses(session, context, model, asOf);
        const { version, scores } = await scoreModel(context, model, asOf);
        const { output } = session;
        const ranked = [...scores].sort((a, b) => b.probability - a.probability || (a.entityId < b.entityId ? -1 : 1));
        if (output.format === 'json') {
          output.json(ranked.map((score) => ({ ...score, modelVersion: version, asOf: formatDay(score.asOf) })));
        } else if (output.format === 'csv') {
          output.csv(
            [
              'entity_id',
              'as_of',
              'model_version',
              'probability',
              'low',
              'high',
              'band',
              'reasons',
              'probability_30d',
              'probability_180d',
            ],
            ranked.map((score) => [
              score.entityId,
              formatDay(score.asOf),
              version,
              score.probability,
              score.low,
              score.high,
              score.band,
              reasonsInOneLine(score.reasons),
              survivalAt(score.survival, 30)?.probability ?? null,
              survivalAt(score.survival, 180)?.probability ?? null,
            ]),
          );
        } else {
          const of = (band: string) => scores.filter((score) => score.band === band).length;
          output.print(
            `${scores.length} partners scored as of ${formatDay(asOf)} by ${model.name} ${version}: ` +
              `${of('high')} high, ${of('medium')} medium, ${of('low')} low.`,
          );
        }
      });
    });
}
