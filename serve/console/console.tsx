import { readFileSync } from 'node:fs';
import type { ComponentChildren } from 'preact';
import { z } from 'zod';
import { formatDay } from '../../features/index.ts';
import { type ModelCard, replaysOfCard, scoringModels } from '../../models/index.ts';
import {
  classScoreOf,
  type Database,
  filterChoices,
  lifecycleOn,
  nudges,
  type PartnerScore,
  partnerNames,
  partnerWithId,
  publicationOf,
  type ScoreFilter,
  scoreSeries,
  scoresOf,
  summaryOf,
  versionNamed,
} from '../../store/index.ts';
import { byValueAtRisk, riskCsv } from '../risk-rows.ts';
import type { App, Route, Served } from '../routes/route.ts';
import { filterQuery } from '../routes/scores.ts';
import { word } from '../shapes.ts';
import { incidentPages } from './incident-pages.tsx';
import { type Place, renderPage } from './layout.tsx';
import { PartnerDetail } from './partner.tsx';
import { recruitingPages } from './recruiting-routes.tsx';
import { NoPastLists, PastList } from './replay.tsx';
import { Risks, saidAgainstHappened } from './risks.tsx';
import { whiteSpacePages } from './white-space-routes.tsx';
import { longDay } from './words.ts';

const ASSETS = {
  'console.css': 'text/css; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;
/** A page of everyone stays readable and quick; the CSV and the API have them all. */
const MOST_ON_PAGE = 200;
const EVERYONE = 1_000_000;
const [model] = scoringModels;

const risksQuery = z.object({ ...filterQuery, show: z.enum(['listed', 'all']).catch('listed') });
type RisksQuery = z.infer<typeof risksQuery>;

/** The pages for people: `/risks`, `/risks.csv`, `/risks/replay`, `/partners/{id}`, and what they are made of. */
export const consoleRoutes: Route = (app, served) => {
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/risks'));
  addAssets(app);
  addRisks(app, served);
  addPastLists(app, served);
  addPartner(app, served);
  incidentPages(app, served);
  recruitingPages(app, served);
  whiteSpacePages(app, served);
};

function addAssets(app: App): void {
  for (const [name, type] of Object.entries(ASSETS)) {
    const content = readFileSync(new URL(`./assets/${name}`, import.meta.url));
    app.get(`/assets/${name}`, { schema: { hide: true } }, (_request, reply) =>
      reply.type(type).header('cache-control', 'max-age=300').send(content),
    );
  }
}

function addRisks(app: App, { database, clock }: Served): void {
  const schema = { hide: true, querystring: risksQuery };
  app.get('/risks', { schema }, async (request, reply) => {
    const publication = await publicationOf(database, model.name);
    const version = publication && (await versionNamed(database, model.name, publication.version));
    if (!publication || !version) return reply.type(HTML).send(nobodyYet());
    const filter = toFilter(request.query);
    const page = { sort: 'value_at_risk', descending: true, limit: MOST_ON_PAGE } as const;
    const props = {
      model,
      publication,
      card: version.card,
      scores: (await scoresOf(database, publication, filter, page)).sort(byValueAtRisk),
      filter,
      choices: await filterChoices(database),
      summary: await summaryOf(database, publication),
      csvHref: `/risks.csv${request.url.slice('/risks'.length)}`,
      now: clock(),
      chart: await chartOf(version.version, version.card),
    };
    return reply.type(HTML).send(
      asPage('Partners at risk', `Scores as of ${longDay(publication.asOf)}`, <Risks {...props} />, {
        page: '/risks',
      }),
    );
  });
  app.get('/risks.csv', { schema }, async (request, reply) => {
    const publication = await publicationOf(database, model.name);
    const all = { sort: 'value_at_risk', descending: true, limit: EVERYONE } as const;
    const scores = publication ? await scoresOf(database, publication, toFilter(request.query), all) : [];
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="partners-at-risk.csv"')
      .send(riskCsv(scores.sort(byValueAtRisk)));
  });
}

const replayQuery = z.object({ date: z.iso.date().optional().catch(undefined) });

function addPastLists(app: App, { database }: Served): void {
  app.get('/risks/replay', { schema: { hide: true, querystring: replayQuery } }, async (request, reply) => {
    const publication = await publicationOf(database, model.name);
    const version = publication && (await versionNamed(database, model.name, publication.version));
    const replays = version ? replaysOfCard(version.card) : [];
    const latest = replays.at(-1);
    if (!version || !latest) return reply.type(HTML).send(asPage('Past lists', '', <NoPastLists />, PAST_LISTS));
    const { date } = request.query;
    const asked = replays.find(({ asOf }) => formatDay(asOf) === date);
    const chosen = asked ?? latest;
    const props = {
      model,
      card: version.card,
      replays,
      chosen,
      missing: asked ? undefined : date,
      names: await partnerNames(
        database,
        [...chosen.list, ...chosen.misses].map(({ entityId }) => entityId),
      ),
    };
    const status = `Model ${version.version}`;
    return reply
      .type(HTML)
      .send(asPage(`The list of ${longDay(chosen.asOf)}`, status, <PastList {...props} />, PAST_LISTS));
  });
}

function toFilter({ show, band, min_probability, owner, tier, type, q }: RisksQuery): ScoreFilter {
  const listed = show === 'listed' ? true : undefined;
  return { listed, band, minProbability: min_probability, owner, tier, type, search: q };
}

function addPartner(app: App, { database, clock }: Served): void {
  const schema = { hide: true, params: z.object({ id: word.min(1).max(512) }) };
  app.get('/partners/:id', { schema }, async (request, reply) => {
    const { id } = request.params;
    const partner = await partnerWithId(database, id);
    if (!partner)
      return reply
        .code(404)
        .type(HTML)
        .send(asPage('No such partner', '', <NoSuchPartner id={id} />, { page: '/risks', within: true }));
    const publication = await publicationOf(database, model.name);
    const promises = await Promise.all(
      scoringModels
        .filter(({ highIs }) => highIs === 'promise')
        .map(async (each) => ({
          model: each,
          score: await latestScore(database, each.name, id),
          history: await scoreSeries(database, each.name, id),
        })),
    );
    const props = {
      partner,
      lifecycle: await lifecycleOn(database, id),
      promises,
      score: await latestScore(database, model.name, id),
      history: await scoreSeries(database, model.name, id),
      nudges: await nudges(database, { limit: 20, entityId: id }),
      trajectory: await classScoreOf(database, 'trajectory', id),
      now: clock(),
    };
    const status = publication ? `Scores as of ${longDay(publication.asOf)}` : '';
    return reply
      .type(HTML)
      .send(asPage(partner.name, status, <PartnerDetail {...props} />, { page: '/risks', within: true }));
  });
}

/** What a model's latest list says of a partner; null where it is not on it. */
async function latestScore(database: Database, name: string, id: string): Promise<PartnerScore | null> {
  const publication = await publicationOf(database, name);
  if (!publication) return null;
  const one = { sort: 'probability', descending: true, limit: 1 } as const;
  const [score] = await scoresOf(database, publication, { entityId: id }, one);
  return score ?? null;
}

const HTML = 'text/html; charset=utf-8';
const PAST_LISTS: Place = { page: '/risks/replay' };

function asPage(title: string, status: string, children: ComponentChildren, at: Place): string {
  return renderPage({ title, status, children, at });
}

function nobodyYet(): string {
  return asPage(
    'Partners at risk',
    'Nothing scored yet',
    <>
      <h1>Partners at risk</h1>
      <p class="empty">
        Nobody has been scored yet. Load your data with <code>partnercast ingest</code>, then{' '}
        <code>partnercast run</code>; the daily run does it from then on.
      </p>
    </>,
    { page: '/risks' },
  );
}

function NoSuchPartner({ id }: { id: string }) {
  return (
    <>
      <h1>No such partner</h1>
      <p class="empty">
        No input has named a partner {JSON.stringify(id)}. <a href="/risks">Partners at risk</a>
      </p>
    </>
  );
}

let drawn: { version: string; chart: string | null } | undefined;

/** The chart of a version, drawn once; what draws it is heavy and only loaded when it is needed. */
async function chartOf(version: string, card: ModelCard): Promise<string | null> {
  if (drawn?.version !== version) {
    const { happened } = model.words;
    const { reliabilityChart } = await import('./chart.ts');
    const chart =
      card.reliability.length < 2
        ? null
        : reliabilityChart(card.reliability, saidAgainstHappened(card, happened), happened);
    drawn = { version, chart };
  }
  return drawn.chart;
}
