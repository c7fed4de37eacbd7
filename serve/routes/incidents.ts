import { z } from 'zod';
import { formatDay } from '../../features/index.ts';
import { LEVELS, precisionOf } from '../../models/index.ts';
import { incidents, incidentWithId, keepFeedback, lastIncidentWeek, VERDICTS, verdicts } from '../../store/index.ts';
import { incidentDetail, incidentRow, tellIncidentWeek } from '../incident-rows.ts';
import { sendProblem } from '../problem.ts';
import { problemShape, word } from '../shapes.ts';
import type { Route } from './route.ts';

const MOST = 500;
const day = z.iso.date();

/** An incident as it stands. */
const incidentShape = z
  .object({
    incident_id: z.string(),
    level: z.enum(LEVELS).describe('where it broke: the highest level that explains it'),
    entity_id: z.string().describe('the feed or source, `all`, the region, the type, or the partner'),
    metric: z.string(),
    period: day.describe('the Monday of the last week that showed it'),
    direction: z.number().describe('−1 less than expected, 1 more'),
    observed: z.number(),
    expected: z.number(),
    p: z.number().min(0).max(1).describe('two-sided; at partners, of the week together with those before it'),
    status: z.enum(['open', 'closed']),
    kind: z.enum(['dip', 'spike', 'shift', 'silence']),
    since: day.describe('the Monday of the first week that showed it'),
    closed_on: day.nullable().describe('the Monday from which everything was as expected again'),
    listed_on: day.nullable().describe("when it came onto the list; null where the week's budget left it out"),
    low: z.number().nullable().describe('the middle 90 % of what was expected'),
    high: z.number().nullable(),
    surprise: z.number().describe('−log10 of the p of its most surprising week'),
    money_minor: z.number().nullable().describe('missing (below 0) or extra so far; null is unknown'),
    currency: z.string().nullable(),
    verdict: z.enum(VERDICTS).nullable().describe('what was said of it last'),
    title: z.string(),
  })
  .meta({ id: 'Incident' });

const detailShape = incidentShape
  .extend({
    explanation: z.string(),
    span: z.string(),
    feed: z.string(),
    stands_for: z.number().describe('alerts of single partners that it explains'),
    partners: z.array(z.string()).describe('in which it shows most, the most so first'),
    others: z
      .array(z.object({ metric: z.string(), observed: z.number(), expected: z.number() }))
      .describe('metrics of the same feed that changed with it'),
    timeline: z.array(
      z.object({
        period: day,
        observed: z.number().nullable(),
        expected: z.number().nullable(),
        low: z.number().nullable(),
        high: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'IncidentDetail' });

const listShape = z
  .object({
    week: z
      .object({ period: day, as_of: day, opened: z.number(), left_out: z.number(), said: z.string() })
      .nullable()
      .describe('the last week that was looked at'),
    feedback: z
      .object({ right: z.number(), judged: z.number() })
      .nullable()
      .describe('of the incidents that people judged, how many were real or had a known cause'),
    data: z.array(incidentShape),
  })
  .meta({ id: 'IncidentList' });

const id = z.object({ id: word.min(1).max(512) });
const feedbackShape = z
  .strictObject({ verdict: z.enum(VERDICTS).describe('real, known_cause or noise') })
  .meta({ id: 'IncidentFeedback' });

/** `GET /v1/incidents`, `GET /v1/incidents/{id}`: what changed. `POST /v1/incidents/{id}/feedback`: what people say of it. */
export const incidentsRoutes: Route = (app, { database, clock }) => {
  app.get(
    '/v1/incidents',
    {
      schema: {
        summary: 'What changed, at the level where it broke',
        tags: ['incidents'],
        querystring: z.strictObject({
          status: z.enum(['open', 'closed']).optional(),
          level: z.enum(LEVELS).optional(),
          partner_id: word.min(1).max(512).optional().describe('only those that show in this partner'),
          listed: z.stringbool().default(true).describe("false: those that the week's budget left out"),
          limit: z.coerce.number().int().min(1).max(MOST).default(50),
        }),
        response: { 200: listShape, 400: problemShape },
      },
    },
    async ({ query: { partner_id: partnerId, ...filter } }) => {
      const week = await lastIncidentWeek(database);
      return {
        week: week && {
          period: formatDay(week.week),
          as_of: formatDay(week.asOf),
          opened: week.opened,
          left_out: week.leftOut,
          said: tellIncidentWeek(week),
        },
        feedback: precisionOf(await verdicts(database)),
        data: (await incidents(database, { ...filter, partnerId })).map(incidentRow),
      };
    },
  );
  app.get(
    '/v1/incidents/:id',
    {
      schema: {
        summary: 'One incident with its timeline',
        tags: ['incidents'],
        params: id,
        response: { 200: detailShape, 400: problemShape, 404: problemShape },
      },
    },
    async (request, reply) => {
      const incident = await incidentWithId(database, request.params.id);
      return incident ? incidentDetail(incident) : sendProblem(reply, 404, noSuchIncident(request.params.id));
    },
  );
  app.post(
    '/v1/incidents/:id/feedback',
    {
      schema: {
        summary: 'Say what an incident was; the latest word counts',
        tags: ['incidents'],
        params: id,
        body: feedbackShape,
        response: {
          200: z.object({ incident_id: z.string(), verdict: z.enum(VERDICTS) }),
          400: problemShape,
          404: problemShape,
        },
      },
    },
    async (request, reply) => {
      const { verdict } = request.body;
      const isKept = await keepFeedback(database, request.params.id, verdict, new Date(clock()));
      return isKept
        ? { incident_id: request.params.id, verdict }
        : sendProblem(reply, 404, noSuchIncident(request.params.id));
    },
  );
};

function noSuchIncident(id: string): string {
  return `There is no incident ${JSON.stringify(id)}; /v1/incidents lists them.`;
}
