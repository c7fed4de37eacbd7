import { z } from 'zod';
import { nudges } from '../../store/index.ts';
import { nudgeShape, problemShape, toNudgeShape, word } from '../shapes.ts';
import type { Route } from './route.ts';

/** `GET /v1/nudges`: what was decided about whom to nudge, the latest episode first. */
export const nudgesRoute: Route = (app, { database }) => {
  app.get(
    '/v1/nudges',
    {
      schema: {
        summary: 'Nudges that were decided',
        tags: ['nudges'],
        querystring: z.strictObject({
          partner_id: word.min(1).max(512).optional(),
          limit: z.coerce.number().int().min(1).max(500).default(50),
        }),
        response: { 200: z.object({ data: z.array(nudgeShape) }).meta({ id: 'NudgeList' }), 400: problemShape },
      },
    },
    async ({ query: { limit, partner_id } }) => ({
      data: (await nudges(database, { limit, entityId: partner_id })).map(toNudgeShape),
    }),
  );
};
