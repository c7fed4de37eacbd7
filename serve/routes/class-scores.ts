import { z } from 'zod';
import { formatDay, parseDay } from '../../features/index.ts';
import { type ClassScoringModel, classScoringModels } from '../../models/index.ts';
import { classScoresOf, type Database, type Publication, publicationOf } from '../../store/index.ts';
import { classScoreShape, toClassScoreShape } from '../class-shapes.ts';
import { type Cursor, readCursor, writeCursor } from '../cursor.ts';
import { sendProblem } from '../problem.ts';
import { dayOfReport, problemShape } from '../shapes.ts';
import type { App, Route, Served } from './route.ts';

const MOST = 500;
const BY_PARTNER = 'partner';

const page = z
  .object({
    model: z.string(),
    model_version: z.string(),
    as_of: z.iso.date(),
    watermark: z.iso.datetime().describe('up to when the facts are complete'),
    scored: z.number(),
    data: z.array(classScoreShape),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'ClassScorePage' });

/** `GET /v1/scores/trajectory`, and of every other model of classes: chances with their reasons, page by page. */
export const classScoresRoutes: Route = (app, served) => {
  for (const model of classScoringModels) addRoute(app, served, model);
};

function addRoute(app: App, { database }: Served, model: ClassScoringModel): void {
  const { classes } = model.label;
  const query = z.strictObject({
    likeliest: z.enum(classes).optional().describe('only those most likely to'),
    as_of: dayOfReport.optional().describe('another day that was scored'),
    sort: z
      .enum([BY_PARTNER, ...classes.map((name) => `-${name}`)])
      .default(`-${classes[0]}`)
      .describe('by the probability of a class, the highest first, or by id'),
    limit: z.coerce.number().int().min(1).max(MOST).default(50),
    cursor: z.string().max(2000).optional().describe('next_cursor of the page before'),
  });
  const schema = {
    summary: `Scores of ${model.name} with their reasons`,
    tags: ['scores'],
    querystring: query,
    response: { 200: page, 400: problemShape, 404: problemShape },
  };
  app.get(`/v1/scores/${model.name}`, { schema }, async (request, reply) => {
    const { cursor: text, sort, as_of } = request.query;
    const cursor = text === undefined ? undefined : readCursor(text);
    if (cursor === null || (cursor && (cursor.sort !== sort || typeof cursor.key !== 'number'))) {
      return sendProblem(reply, 400, 'cursor: not one of ours, or of a list in another order; start again without it.');
    }
    const day = cursor?.asOf ?? (as_of === undefined ? undefined : parseDay(as_of));
    const publication = await publicationOf(database, model.name, day);
    if (publication) return readPage(database, model, publication, request.query, cursor);
    const when = day === undefined ? 'yet' : `as of ${formatDay(day)}`;
    return sendProblem(reply, 404, `Nobody has been scored by ${model.name} ${when}.`);
  });
}

async function readPage(
  database: Database,
  { label: { classes } }: ClassScoringModel,
  publication: Publication,
  { sort, limit, likeliest }: { sort: string; limit: number; likeliest?: string | undefined },
  cursor: Cursor | undefined,
): Promise<z.infer<typeof page>> {
  const byClass = sort === BY_PARTNER ? null : classes.indexOf(sort.slice(1));
  const after = cursor && { probability: Number(cursor.key), entityId: cursor.entityId };
  const scores = await classScoresOf(database, publication, { likeliest }, { byClass, limit: limit + 1, after });
  const shown = scores.slice(0, limit);
  const last = shown[shown.length - 1];
  const next = () => {
    const key = byClass === null ? 0 : last.chances[byClass].probability;
    return writeCursor({ asOf: publication.asOf, sort, key, entityId: last.entityId });
  };
  return {
    model: publication.model,
    model_version: publication.version,
    as_of: formatDay(publication.asOf),
    watermark: new Date(publication.watermark).toISOString(),
    scored: publication.scored,
    data: shown.map(toClassScoreShape),
    next_cursor: scores.length > limit ? next() : null,
  };
}
