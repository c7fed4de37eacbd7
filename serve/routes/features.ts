import { z } from 'zod';
import { catalogueOf, wordedViews } from '../../features/index.ts';
import { sendProblem } from '../problem.ts';
import { featureShape, problemShape, word } from '../shapes.ts';
import type { Route } from './route.ts';

const viewList = z
  .object({
    data: z.array(
      z.object({
        name: z.string(),
        entity: z.string().describe('what a row is about'),
        features: z.number().describe('how many there are'),
      }),
    ),
  })
  .meta({ id: 'ViewList' });

const viewDetail = z
  .object({ name: z.string(), entity: z.string(), features: z.array(featureShape) })
  .meta({ id: 'ViewDetail' });

/** `GET /v1/features`: the views there are. `GET /v1/features/{view}`: every feature of one, as its definition says it. */
export const featuresRoutes: Route = (app) => {
  app.get(
    '/v1/features',
    { schema: { summary: 'Views of features', tags: ['features'], response: { 200: viewList } } },
    () => ({
      data: wordedViews.map((view) => ({
        name: view.name,
        entity: view.entity,
        features: view.features.length + view.relative.length,
      })),
    }),
  );
  app.get(
    '/v1/features/:view',
    {
      schema: {
        summary: 'What the features of a view are',
        tags: ['features'],
        params: z.object({ view: word.min(1).max(512) }),
        response: { 200: viewDetail, 400: problemShape, 404: problemShape },
      },
    },
    async (request, reply) => {
      const view = wordedViews.find(({ name }) => name === request.params.view);
      if (view) return { name: view.name, entity: view.entity, features: catalogueOf(view) };
      const names = wordedViews.map(({ name }) => name).join(', ');
      return sendProblem(reply, 404, `There is no view ${JSON.stringify(request.params.view)}; there are ${names}.`);
    },
  );
};
