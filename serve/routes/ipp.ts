import { z } from 'zod';
import { diffProfiles, tellDiff } from '../../models/index.ts';
import { profilesKept } from '../../store/index.ts';
import { sendProblem } from '../problem.ts';
import { profileShape, toProfileShape } from '../recruiting-shapes.ts';
import { problemShape } from '../shapes.ts';
import type { Route } from './route.ts';

const reply200 = z
  .object({
    profile: profileShape,
    before: z.string().nullable().describe('the version before'),
    diff: z.array(z.string()).describe('what became of it since, a line per trait'),
    edited: profileShape.nullable().describe('the latest written by hand'),
    contest: z.string().nullable().describe('how the written one does beside the learnt one'),
  })
  .meta({ id: 'ProfileDetail' });

/** `GET /v1/ipp`: the Ideal Partner Profile, its diff to the last, and the one that was written by hand. */
export const ippRoute: Route = (app, { database }) => {
  app.get(
    '/v1/ipp',
    {
      schema: {
        summary: 'What top partners are like',
        tags: ['recruiting'],
        response: { 200: reply200, 404: problemShape },
      },
    },
    async (_request, reply) => {
      const [latest, last] = await profilesKept(database, 'learnt', 2);
      if (!latest) return sendProblem(reply, 404, 'No profile has been learnt yet.');
      const [edited] = await profilesKept(database, 'edited', 1);
      return {
        profile: toProfileShape(latest.profile),
        before: last?.profile.version ?? null,
        diff: last ? tellDiff(diffProfiles(last.profile, latest.profile)) : [],
        edited: edited ? toProfileShape(edited.profile) : null,
        contest: edited?.contest?.says ?? null,
      };
    },
  );
};
