import { z } from 'zod';
import { tellIncident } from '../../models/index.ts';
import {
  incidents,
  incidentWithId,
  keepFeedback,
  lastIncidentWeek,
  partnerNames,
  VERDICTS,
  verdicts,
} from '../../store/index.ts';
import type { App, Route, Served } from '../routes/route.ts';
import { word } from '../shapes.ts';
import { forms } from './forms.ts';
import { figureTitle, IncidentDetail, NoSuchIncident } from './incident.tsx';
import { Incidents } from './incidents.tsx';
import { type Place, renderPage } from './layout.tsx';
import { longDay } from './words.ts';

const WITHIN: Place = { page: '/incidents', within: true };
const HTML = 'text/html; charset=utf-8';
const MOST_ON_PAGE = 100;
const id = z.object({ id: word.min(1).max(512) });

/** The pages `/incidents` and `/incidents/{id}`, and what their buttons send. */
export const incidentPages: Route = (app, served) => {
  addList(app, served);
  addDetail(app, served);
  forms(app, (scope) => addFeedback(scope, served));
};

function addList(app: App, { database }: Served): void {
  const querystring = z.object({ show: z.enum(['listed', 'all']).catch('listed') });
  app.get('/incidents', { schema: { hide: true, querystring } }, async (request, reply) => {
    const { show } = request.query;
    const found = await incidents(database, { ...(show === 'listed' && { listed: true }), limit: MOST_ON_PAGE });
    const week = await lastIncidentWeek(database);
    const props = {
      incidents: found,
      show,
      week,
      verdicts: await verdicts(database),
      names: await partnerNames(
        database,
        found.filter(({ level }) => level === 'partner').map(({ entity }) => entity),
      ),
    };
    const status = week === null ? '' : `Week of ${longDay(week.week)}`;
    return reply.type(HTML).send(
      renderPage({
        title: 'What just changed',
        status,
        children: <Incidents {...props} />,
        at: { page: '/incidents' },
      }),
    );
  });
}

function addDetail(app: App, { database }: Served): void {
  app.get('/incidents/:id', { schema: { hide: true, params: id } }, async (request, reply) => {
    const incident = await incidentWithId(database, request.params.id);
    if (!incident) {
      const children = <NoSuchIncident id={request.params.id} />;
      return reply
        .code(404)
        .type(HTML)
        .send(renderPage({ title: 'No such incident', status: '', children, at: WITHIN }));
    }
    // What draws charts is heavy and only loaded when it is needed.
    const { timelineChart } = await import('./chart.ts');
    const about = incident.level === 'partner' ? [incident.entity] : [];
    const props = {
      incident,
      names: await partnerNames(database, [...about, ...incident.partners]),
      chart: timelineChart(incident, figureTitle(incident)),
    };
    const status = `Week of ${longDay(incident.lastSeen)}`;
    const children = <IncidentDetail {...props} />;
    return reply.type(HTML).send(renderPage({ title: tellIncident(incident), status, children, at: WITHIN }));
  });
}

function addFeedback(app: App, { database, clock }: Served): void {
  const schema = { hide: true, params: id, body: z.strictObject({ verdict: z.enum(VERDICTS) }) };
  app.post('/incidents/:id/feedback', { schema }, async (request, reply) => {
    const { params, body } = request;
    const isKept = await keepFeedback(database, params.id, body.verdict, new Date(clock()));
    if (isKept) return reply.redirect(`/incidents/${encodeURIComponent(params.id)}`, 303);
    const children = <NoSuchIncident id={params.id} />;
    return reply
      .code(404)
      .type(HTML)
      .send(renderPage({ title: 'No such incident', status: '', children, at: WITHIN }));
  });
}
