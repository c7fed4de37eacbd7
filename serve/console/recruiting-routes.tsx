import { z } from 'zod';
import {
  listedProspects,
  partnerNames,
  profilesKept,
  prospectActions,
  prospectList,
  recordProspect,
} from '../../store/index.ts';
import { sendProblem } from '../problem.ts';
import { prospectCsv } from '../prospect-rows.ts';
import type { App, Route, Served } from '../routes/route.ts';
import { word } from '../shapes.ts';
import { forms } from './forms.ts';
import { IdealProfile } from './ipp.tsx';
import { renderPage } from './layout.tsx';
import { Prospects } from './prospects.tsx';
import { longDay } from './words.ts';

const HTML = 'text/html; charset=utf-8';
const hidden = { schema: { hide: true } };

/** `/prospects` with its CSV and what is done with them, and `/ipp`. */
export const recruitingPages: Route = (app, served) => {
  addProspects(app, served);
  addProfile(app, served);
  forms(app, (scope) => addRecording(scope, served));
};

function addProspects(app: App, { database, clock }: Served): void {
  app.get('/prospects', hidden, async (_request, reply) => {
    reply.type(HTML);
    const list = await prospectList(database);
    if (!list) return reply.send(nobodyYet());
    const prospects = await listedProspects(database, list.asOf);
    const partners = prospects.flatMap(({ nearest }) => nearest.map(({ partnerId }) => partnerId));
    const names = await partnerNames(database, [...new Set(partners)]);
    const children = <Prospects list={list} prospects={prospects} names={names} now={clock()} />;
    const status = `List as of ${longDay(list.asOf)}`;
    return reply.send(renderPage({ title: 'Whom to sign next', status, children, at: { page: '/prospects' } }));
  });
  app.get('/prospects.csv', hidden, async (_request, reply) => {
    const list = await prospectList(database);
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="prospects.csv"')
      .send(prospectCsv(list ? await listedProspects(database, list.asOf) : []));
  });
}

const recordForm = z.object({ id: word.min(1).max(512), action: z.enum(prospectActions) });

function addRecording(app: App, { database, clock }: Served): void {
  const schema = { hide: true, body: recordForm };
  app.post('/prospects/record', { schema }, async (request, reply) => {
    const { id, action } = request.body as z.infer<typeof recordForm>;
    const isThere = await recordProspect(database, id, action, new Date(clock()));
    if (!isThere) return sendProblem(reply, 404, `There is no prospect ${JSON.stringify(id)}.`);
    return reply.redirect('/prospects', 303);
  });
}

function addProfile(app: App, { database }: Served): void {
  app.get('/ipp', hidden, async (_request, reply) => {
    const [latest, last] = await profilesKept(database, 'learnt', 2);
    const [edited] = await profilesKept(database, 'edited', 1);
    const title = 'Ideal Partner Profile';
    if (!latest) {
      const children = (
        <>
          <h1>{title}</h1>
          <p class="empty">
            No profile has been learnt yet. <code>partnercast run</code> learns it once a week.
          </p>
        </>
      );
      return reply.type(HTML).send(renderPage({ title, status: '', children, at: { page: '/ipp' } }));
    }
    const children = <IdealProfile latest={latest} last={last} edited={edited} />;
    return reply.type(HTML).send(
      renderPage({
        title,
        status: `Learnt until ${longDay(latest.profile.learntUntil)}`,
        children,
        at: { page: '/ipp' },
      }),
    );
  });
}

function nobodyYet(): string {
  const children = (
    <>
      <h1>Whom to sign next</h1>
      <p class="empty">
        No prospects have been listed yet. Load them with <code>partnercast ingest prospects.csv</code>, then{' '}
        <code>partnercast run</code>; from then on a list is made every week.
      </p>
    </>
  );
  return renderPage({ title: 'Whom to sign next', status: 'Nothing listed yet', children, at: { page: '/prospects' } });
}
