import { z } from 'zod';
import { sendProblem } from '../problem.ts';
import { problemShape } from '../shapes.ts';
import type { Route } from './route.ts';

const ok = z.object({ status: z.literal('ok') });

/** `GET /livez`: the process answers. `GET /readyz`: the store answers too. */
export const healthRoutes: Route = (app, { database }) => {
  const config = { public: true };
  app.get(
    '/livez',
    { config, schema: { summary: 'Whether the process answers', tags: ['health'], response: { 200: ok } } },
    () => ({
      status: 'ok' as const,
    }),
  );
  app.get(
    '/readyz',
    {
      config,
      schema: { summary: 'Whether the store answers', tags: ['health'], response: { 200: ok, 503: problemShape } },
    },
    async (request, reply) => {
      try {
        await database.query('select 1');
        return { status: 'ok' as const };
      } catch (error) {
        request.log.error(error);
        return sendProblem(reply, 503, 'The store does not answer.');
      }
    },
  );
};
