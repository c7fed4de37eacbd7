import { z } from 'zod';
import { parseDay, startOfDay } from '../../features/index.ts';
import type { Route } from '../routes/route.ts';
import { dayOfReport } from '../shapes.ts';
import { whiteSpaceAsOf, whiteSpaceCsv } from '../white-space-rows.ts';
import { renderPage } from './layout.tsx';
import { WhiteSpaceReport } from './white-space.tsx';
import { longDay } from './words.ts';

const query = z.object({ as_of: dayOfReport.optional().catch(undefined) });

/** `/whitespace` and `/whitespace.csv`. */
export const whiteSpacePages: Route = (app, { database, clock }) => {
  const schema = { hide: true, querystring: query };
  const dayOf = ({ as_of }: z.infer<typeof query>) => (as_of === undefined ? startOfDay(clock()) : parseDay(as_of));
  app.get('/whitespace', { schema }, async (request, reply) => {
    const asOf = dayOf(request.query);
    const found = await whiteSpaceAsOf(database, asOf);
    const status = `As known before ${longDay(asOf)}`;
    const children = <WhiteSpaceReport asOf={asOf} found={found} />;
    return reply
      .type('text/html; charset=utf-8')
      .send(renderPage({ title: 'White space', status, children, at: { page: '/whitespace' } }));
  });
  app.get('/whitespace.csv', { schema }, async (request, reply) =>
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="white-space.csv"')
      .send(whiteSpaceCsv(await whiteSpaceAsOf(database, dayOf(request.query)))),
  );
};
