import { z } from 'zod';
import { parseDay, startOfDay } from '../../features/index.ts';
import { dayOfReport, problemShape } from '../shapes.ts';
import { toWhiteSpaceShape, whiteSpaceAsOf, whiteSpaceShape } from '../white-space-rows.ts';
import type { Route } from './route.ts';

/** `GET /v1/reports/whitespace`: where the market is, and the partners are not. */
export const whiteSpaceRoute: Route = (app, { database, clock }) => {
  app.get(
    '/v1/reports/whitespace',
    {
      schema: {
        summary: 'White space: share of the market minus coverage, by segment and region',
        tags: ['reports'],
        querystring: z.strictObject({
          as_of: dayOfReport.optional().describe('as known before this day; today when left out'),
        }),
        response: { 200: whiteSpaceShape, 400: problemShape },
      },
    },
    async ({ query: { as_of } }) => {
      const asOf = as_of === undefined ? startOfDay(clock()) : parseDay(as_of);
      return toWhiteSpaceShape(await whiteSpaceAsOf(database, asOf), asOf);
    },
  );
};
