import { z } from 'zod';
import { formatDay, parseDay } from '../../features/index.ts';
import { listedProspects, prospectList } from '../../store/index.ts';
import { sendProblem } from '../problem.ts';
import { prospectListShape, toProspectListShape } from '../recruiting-shapes.ts';
import { dayOfReport, problemShape } from '../shapes.ts';
import type { Route } from './route.ts';

/** `GET /v1/prospects`: whom to ask next, with what speaks for and against each. */
export const prospectsRoute: Route = (app, { database }) => {
  app.get(
    '/v1/prospects',
    {
      schema: {
        summary: 'The list of prospects of a week',
        tags: ['recruiting'],
        querystring: z.strictObject({
          as_of: dayOfReport.optional().describe('the list that stood on this day; the latest when left out'),
          open: z.stringbool().optional().describe('only those that nothing was done with since'),
        }),
        response: { 200: prospectListShape, 400: problemShape, 404: problemShape },
      },
    },
    async (request, reply) => {
      const { as_of, open } = request.query;
      const upTo = as_of === undefined ? undefined : parseDay(as_of);
      const list = await prospectList(database, { upTo });
      if (!list) {
        const when = upTo === undefined ? 'yet' : `as of ${formatDay(upTo)}`;
        return sendProblem(reply, 404, `No prospects have been listed ${when}.`);
      }
      const listed = await listedProspects(database, list.asOf);
      return toProspectListShape(
        list,
        listed.filter(({ action }) => !open || action === null),
      );
    },
  );
};
