import { z } from 'zod';
import { formatDay, parseDay } from '../../features/index.ts';
import { scoringModelNamed, scoringModels, tellTrackRecord } from '../../models/index.ts';
import {
  type Database,
  type PartnerScore,
  type Publication,
  publicationOf,
  type ScorePage,
  scoresOf,
  versionNamed,
} from '../../store/index.ts';
import { type Cursor, readCursor, writeCursor } from '../cursor.ts';
import { sendProblem } from '../problem.ts';
import { dayOfReport, problemShape, scoreShape, toScoreShape, word } from '../shapes.ts';
import type { Route } from './route.ts';

const SORTS = ['-probability', 'probability', '-value_at_risk', 'value_at_risk', 'name', '-name'] as const;
const MOST = 500;

/** What a list of scores can be filtered by; an empty field of a form is no filter. */
export const filterQuery = {
  band: z.preprocess(emptyToUndefined, z.enum(['high', 'medium', 'low']).optional()),
  min_probability: z.preprocess(emptyToUndefined, z.coerce.number().min(0).max(1).optional()),
  owner: z.preprocess(emptyToUndefined, word.max(512).optional()),
  tier: z.preprocess(emptyToUndefined, word.max(512).optional()),
  type: z.preprocess(emptyToUndefined, word.max(512).optional()),
  q: z.preprocess(emptyToUndefined, word.max(200).optional()).describe('part of a name or id'),
};

function emptyToUndefined(value: unknown): unknown {
  return value === '' ? undefined : value;
}

const query = z.strictObject({
  ...filterQuery,
  listed: z.stringbool().optional().describe('only those on the list of this week'),
  as_of: dayOfReport.optional().describe('another day that was scored'),
  sort: z.enum(SORTS).default('-probability'),
  limit: z.coerce.number().int().min(1).max(MOST).default(50),
  cursor: z.string().max(2000).optional().describe('next_cursor of the page before'),
});

const page = z
  .object({
    model: z.string(),
    model_version: z.string(),
    as_of: z.iso.date(),
    watermark: z.iso.datetime().describe('up to when the facts are complete'),
    scored: z.number(),
    track_record: z.string().describe('how often lists like this were right'),
    data: z.array(scoreShape),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'ScorePage' });

/** `GET /v1/scores/{model}`: who is at risk, filtered, sorted, page by page. */
export const scoresRoute: Route = (app, { database }) => {
  app.get(
    '/v1/scores/:model',
    {
      schema: {
        summary: 'Scores of a model with their reasons',
        tags: ['scores'],
        params: z.object({ model: z.enum(scoringModels.map(({ name }) => name)) }),
        querystring: query,
        response: { 200: page, 400: problemShape, 404: problemShape },
      },
    },
    async (request, reply) => {
      const { cursor: text, sort, as_of } = request.query;
      const cursor = text === undefined ? undefined : readCursor(text);
      if (cursor === null || (cursor && !fits(cursor, sort))) {
        return sendProblem(
          reply,
          400,
          'cursor: not one of ours, or of a list in another order; start again without it.',
        );
      }
      const model = scoringModelNamed(request.params.model);
      const day = cursor?.asOf ?? (as_of === undefined ? undefined : parseDay(as_of));
      const publication = await publicationOf(database, model.name, day);
      if (!publication) {
        const when = day === undefined ? 'yet' : `as of ${formatDay(day)}`;
        return sendProblem(reply, 404, `Nobody has been scored by ${model.name} ${when}.`);
      }
      return readPage(database, publication, request.query, cursor);
    },
  );
};

/** Whether a cursor is of a list in this order. */
function fits(cursor: Cursor, sort: string): boolean {
  return cursor.sort === sort && (typeof cursor.key === 'string') === sort.endsWith('name');
}

async function readPage(
  database: Database,
  publication: Publication,
  { sort, limit, band, min_probability, owner, tier, type, q, listed }: z.infer<typeof query>,
  cursor: Cursor | undefined,
): Promise<z.infer<typeof page>> {
  const by = sort.replace('-', '') as ScorePage['sort'];
  const scores = await scoresOf(
    database,
    publication,
    { band, minProbability: min_probability, owner, tier, type, search: q, listed },
    { sort: by, descending: sort.startsWith('-'), limit: limit + 1, after: cursor },
  );
  const version = await versionNamed(database, publication.model, publication.version);
  const shown = scores.slice(0, limit);
  const last = shown[shown.length - 1];
  const next = () => writeCursor({ asOf: publication.asOf, sort, key: sortKey(last, by), entityId: last.entityId });
  return {
    model: publication.model,
    model_version: publication.version,
    as_of: formatDay(publication.asOf),
    watermark: new Date(publication.watermark).toISOString(),
    scored: publication.scored,
    track_record: tellTrackRecord(version?.card.trackRecord ?? null, scoringModelNamed(publication.model).words),
    data: shown.map(toScoreShape),
    next_cursor: scores.length > limit ? next() : null,
  };
}

function sortKey(score: PartnerScore, sort: ScorePage['sort']): string | number {
  if (sort === 'probability') return score.probability;
  return sort === 'name' ? score.partner.name : (score.valueAtRiskMinor ?? -1);
}
