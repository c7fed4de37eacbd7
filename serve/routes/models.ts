import { z } from 'zod';
import { formatDay } from '../../features/index.ts';
import {
  type AnyModel,
  anyModelNamed,
  classScoringModels,
  scoringModels,
  tellTrackRecord,
} from '../../models/index.ts';
import { anyCardShape, toAnyCardShape } from '../class-card-shapes.ts';
import { modelShape } from '../model-shapes.ts';
import { sendProblem } from '../problem.ts';
import { problemShape, word } from '../shapes.ts';
import { type AnyShown, isOfClasses, shownVersion } from '../shown-version.ts';
import type { Route } from './route.ts';

const modelList = z.object({ data: z.array(modelShape) }).meta({ id: 'ModelList' });
const models: readonly AnyModel[] = [...scoringModels, ...classScoringModels];
const params = z.object({ name: z.enum(models.map(({ name }) => name)) });

/** `GET /v1/models`: the scores there are. `GET /v1/models/{name}`: the card of one, of any version. */
export const modelsRoutes: Route = (app, { database }) => {
  app.get(
    '/v1/models',
    {
      schema: {
        summary: 'The published scores and their versions in use',
        tags: ['models'],
        response: { 200: modelList },
      },
    },
    async () => {
      const data: z.infer<typeof modelShape>[] = [];
      for (const model of models) data.push(toModelShape(model, await shownVersion(database, model)));
      return { data };
    },
  );
  app.get(
    '/v1/models/:name',
    {
      schema: {
        summary: 'The card of a model: what it says, from what, how well, and what it is not for',
        tags: ['models'],
        params,
        querystring: z.strictObject({
          version: word.min(1).max(200).optional().describe('another version than the one in use'),
        }),
        response: { 200: anyCardShape, 400: problemShape, 404: problemShape },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { version } = request.query;
      const shown = await shownVersion(database, anyModelNamed(name), version);
      if (shown) return toAnyCardShape(shown);
      const missing =
        version === undefined
          ? `No version of ${name} has been trained yet.`
          : `There is no version ${JSON.stringify(version)} of ${name}; /v1/models/${name} lists those there are.`;
      return sendProblem(reply, 404, missing);
    },
  );
};

function toModelShape({ name, question }: AnyModel, shown: AnyShown | null): z.infer<typeof modelShape> {
  return {
    model: name,
    question,
    version: shown?.version.version ?? null,
    trained_until: shown ? formatDay(shown.version.trainedUntil) : null,
    champion: shown?.version.card.champion ?? null,
    track_record: shown && trackRecordOf(shown),
  };
}

/** A model of classes makes no lists that could be right. */
function trackRecordOf(shown: AnyShown): string | null {
  if (isOfClasses(shown)) return null;
  const { model, version } = shown;
  return tellTrackRecord(version.card.trackRecord, model.words);
}
