import { formatDay, type Instant } from '../features/index.ts';
import type { ClassScoringModel } from '../models/index.ts';
import { type Context, scoreClassModel } from '../pipelines/index.ts';
import { reasonsInOneLine } from '../serve/index.ts';
import type { Session } from './session.ts';

/** Scores everyone at risk on a day by a model of classes: a row per partner and class. */
export async function scoreClasses(
  { output }: Session,
  context: Context,
  model: ClassScoringModel,
  asOf: Instant,
): Promise<void> {
  const { version, scores } = await scoreClassModel(context, model, asOf);
  const sorted = [...scores].sort((a, b) => (a.entityId < b.entityId ? -1 : 1));
  if (output.format === 'json') {
    output.json(sorted.map((score) => ({ ...score, modelVersion: version, asOf: formatDay(score.asOf) })));
  } else if (output.format === 'csv') {
    output.csv(
      ['entity_id', 'as_of', 'model_version', 'class', 'probability', 'low', 'high', 'likeliest', 'toward', 'reasons'],
      sorted.flatMap(({ entityId, chances, likeliest, toward, ratherThan, reasons }) =>
        chances.map(({ class: name, probability, low, high }) => [
          entityId,
          formatDay(asOf),
          version,
          name,
          probability,
          low,
          high,
          likeliest,
          `${toward} rather than ${ratherThan}`,
          reasonsInOneLine(reasons),
        ]),
      ),
    );
  } else {
    const of = (name: string) => `${scores.filter(({ likeliest }) => likeliest === name).length} ${name}`;
    output.print(
      `${scores.length} partners scored as of ${formatDay(asOf)} by ${model.name} ${version}; most likely to ` +
        `${model.label.classes.map(of).join(', ')}.`,
    );
  }
}
