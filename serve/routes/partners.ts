import { z } from 'zod';
import { formatDay } from '../../features/index.ts';
import { classScoringModels, mainReasons, type Reason, scoringModels } from '../../models/index.ts';
import {
  classScoreOf,
  type Database,
  lifecycleOn,
  nudges,
  partnerWithId,
  publicationOf,
  scoreSeries,
  scoresOf,
} from '../../store/index.ts';
import { classScoreShape, toClassScoreShape } from '../class-shapes.ts';
import { sendProblem } from '../problem.ts';
import {
  lifecycleShape,
  nudgeShape,
  partnerShape,
  problemShape,
  scoreShape,
  toLifecycleShape,
  toNudgeShape,
  toPartnerShape,
  toScoreShape,
  word,
} from '../shapes.ts';
import type { Route } from './route.ts';

const NUDGES = 50;

const reply200 = z
  .object({
    partner: partnerShape,
    lifecycle: lifecycleShape.nullable().describe('null until a daily run has told it'),
    scores: z
      .array(scoreShape.extend({ model: z.string() }))
      .describe('the latest of each model; none when not at risk'),
    history: z.array(
      z.object({
        model: z.string(),
        as_of: z.iso.date(),
        probability: z.number(),
        low: z.number(),
        high: z.number(),
        band: z.string(),
        model_version: z.string(),
        reasons: z.array(z.string()).describe('the main ones that the list of that day gave'),
      }),
    ),
    class_scores: z
      .array(classScoreShape.extend({ model: z.string() }))
      .describe('the latest of each model of several classes; none where it is not asked about this partner'),
    nudges: z.array(nudgeShape),
  })
  .meta({ id: 'PartnerDetail' });

/** `GET /v1/partners/{id}`: one partner, its scores with reasons, how they went, its nudges. */
export const partnersRoute: Route = (app, { database }) => {
  app.get(
    '/v1/partners/:id',
    {
      schema: {
        summary: 'One partner with its scores, their history and its nudges',
        tags: ['partners'],
        params: z.object({ id: word.min(1).max(512) }),
        response: { 200: reply200, 400: problemShape, 404: problemShape },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const partner = await partnerWithId(database, id);
      if (!partner) return sendProblem(reply, 404, `There is no partner ${JSON.stringify(id)}.`);
      const scores: z.infer<typeof reply200>['scores'] = [];
      const history: z.infer<typeof reply200>['history'] = [];
      for (const { name: model } of scoringModels) {
        const publication = await publicationOf(database, model);
        if (!publication) continue;
        const one = { sort: 'probability', descending: true, limit: 1 } as const;
        const [score] = await scoresOf(database, publication, { entityId: id }, one);
        if (score) scores.push({ model, ...toScoreShape(score) });
        for (const { asOf, version, reasons, ...rest } of await scoreSeries(database, model, id)) {
          history.push({ model, as_of: formatDay(asOf), ...rest, model_version: version, reasons: mainTexts(reasons) });
        }
      }
      const lifecycle = await lifecycleOn(database, id);
      const class_scores = await classScoresFor(database, id);
      const decided = await nudges(database, { limit: NUDGES, entityId: id });
      return {
        partner: toPartnerShape(partner),
        lifecycle: lifecycle && toLifecycleShape(lifecycle),
        scores,
        history,
        class_scores,
        nudges: decided.map(toNudgeShape),
      };
    },
  );
};

function mainTexts(reasons: readonly Reason[]): string[] {
  const { raising, against } = mainReasons(reasons);
  return [...raising, ...(against ? [against] : [])].map(({ text }) => text);
}

async function classScoresFor(database: Database, id: string): Promise<z.infer<typeof reply200>['class_scores']> {
  const found: z.infer<typeof reply200>['class_scores'] = [];
  for (const { name: model } of classScoringModels) {
    const score = await classScoreOf(database, model, id);
    if (score) found.push({ model, ...toClassScoreShape(score) });
  }
  return found;
}
