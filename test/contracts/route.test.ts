import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueOf, wordedViews } from '../../features/index.ts';
import { classScoringModels, scoringModels } from '../../models/index.ts';
import { type App, buildApp } from '../../serve/index.ts';
import type { Database } from '../../store/index.ts';
import { openDatabase } from '../helpers/databases.ts';
import { SCORED_AT, scoredStore } from '../helpers/scored-store.ts';
import { keepSomeIncidents, LEFT_OUT, OF_PARTNER, OF_PROGRAM } from '../helpers/some-incidents.ts';

const SETTINGS = { apiKey: undefined, localOnly: true, logger: undefined, version: '0.0.0' };
const clock = () => SCORED_AT;

interface Operation {
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

describe('the API', () => {
  let app: App;
  let database: Database;
  let description: {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: object };
  };

  beforeAll(async () => {
    database = await scoredStore();
    await keepSomeIncidents(database);
    app = await buildApp({ database, clock }, SETTINGS);
    description = (await app.inject('/docs/json')).json();
  }, 120_000);
  afterAll(() => app.close());

  it.each([
    '/risks?q=%00',
    '/risks?owner=%00',
    '/v1/partners/%00',
    '/models/%00',
    '/models/churn-risk?version=%00',
    '/models/trajectory?version=%00',
    '/partners/%00',
    '/v1/nudges?partner_id=%00',
    '/v1/incidents?partner_id=%00',
    '/v1/incidents/%00',
    '/incidents/%00',
    '/v1/scores/churn-risk?as_of=0001-01-01',
    '/v1/scores/churn-risk?as_of=0000-01-01',
    '/v1/reports/whitespace?as_of=0001-01-01',
    '/v1/reports/whitespace?as_of=soon',
    ...[
      { asOf: 1e20, sort: '-probability', key: 0.5, entityId: 'a' },
      { asOf: SCORED_AT, sort: '-probability', key: 'abc', entityId: 'a' },
      { asOf: SCORED_AT, sort: '-probability', key: 0.5, entityId: '\0' },
    ].map((cursor) => `/v1/scores/churn-risk?cursor=${Buffer.from(JSON.stringify(cursor)).toString('base64url')}`),
  ])('%s is a bad request, not a failure', async (url) => {
    expect((await app.inject(url)).statusCode).toBe(400);
  });

  it('says of each partner where it stands, and of one at risk how its risk goes on', async () => {
    const [riskiest] = (await app.inject('/v1/scores/churn-risk?limit=1')).json().data;
    const days = riskiest.survival.map((point: { days: number }) => point.days);
    expect(days).toEqual([15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180]);
    const chances = riskiest.survival.map((point: { probability: number }) => point.probability);
    expect(chances[5]).toBe(riskiest.probability);
    expect([...chances].sort((a, b) => b - a)).toEqual(chances);
    expect(riskiest.value_at_risk_minor).toBe(Math.round(riskiest.probability * riskiest.expected_value_minor));
    const told = (await app.inject(`/v1/partners/${riskiest.entity_id}`)).json();
    expect(told.lifecycle).toMatchObject({ as_of: '2025-01-01', state: 'active', ended_by: null });
    expect(told.history.at(-1).reasons.length).toBeGreaterThan(0);
    const page = (await app.inject(`/partners/${riskiest.entity_id}`)).body;
    expect(page).toMatch(/<strong>Active<\/strong>: last business \d+ days? ago/);
    expect(page).toMatch(/No business for 30 days \d+ %, 90 days \d+ %, 180 days \d+ %/);
  });

  it('scores one that never sold by its chance to begin, and by nothing else', async () => {
    const { data, track_record } = (await app.inject('/v1/scores/activation?limit=1')).json();
    expect(track_record).toMatch(/first business|No past list/);
    expect(data[0]).toMatchObject({ survival: null, value_at_risk_minor: null, last_business: null });
    const told = (await app.inject(`/v1/partners/${data[0].entity_id}`)).json();
    expect(told.lifecycle.state).toBe('onboarding');
    expect(told.scores.map(({ model }: { model: string }) => model)).not.toContain('churn-risk');
    const page = (await app.inject(`/partners/${data[0].entity_id}`)).body;
    expect(page).toMatch(/not activated.*Will it sell\?.*No churn risk/s);
  });

  it('says beside incidents how many of them are false, as it was declared for the week', async () => {
    expect((await app.inject('/incidents')).body).toContain('Of what is found, 20 % is false on average.');
  });

  it('answers to its own name in any writing', async () => {
    for (const host of ['LOCALHOST:8080', 'localhost.']) {
      expect((await app.inject({ url: '/livez', headers: { host } })).statusCode).toBe(200);
    }
  });

  /** Every route with a valid address. */
  const good: Record<string, string> = {
    '/v1/scores/{model}': '/v1/scores/churn-risk',
    '/v1/scores/trajectory': '/v1/scores/trajectory',
    '/v1/partners/{id}': '/v1/partners/P00001',
    '/v1/models': '/v1/models',
    '/v1/models/{name}': '/v1/models/churn-risk',
    '/v1/nudges': '/v1/nudges',
    '/v1/incidents': '/v1/incidents',
    '/v1/incidents/{id}': `/v1/incidents/${OF_PARTNER}`,
    '/v1/prospects': '/v1/prospects?open=true',
    '/v1/ipp': '/v1/ipp',
    '/v1/reports/whitespace': '/v1/reports/whitespace',
    '/v1/features': '/v1/features',
    '/v1/features/{view}': '/v1/features/churn-risk',
    '/livez': '/livez',
    '/readyz': '/readyz',
  };

  /** Routes that take something in. */
  const taking = ['/v1/incidents/{id}/feedback'];

  it('describes itself as OpenAPI 3.1, with every route and its shapes by name', () => {
    expect(description.openapi).toBe('3.1.0');
    expect(Object.keys(description.paths).sort()).toEqual([...Object.keys(good), ...taking].sort());
    expect(Object.keys(description.components.schemas)).toEqual(
      expect.arrayContaining([
        ...['Score', 'Reason', 'Partner', 'Nudge', 'Incident', 'Feature', 'Model', 'ModelCard', 'Problem'],
      ]),
    );
  });

  it.each(Object.entries(good))(
    '%s has a summary, answers 200 as JSON, and fits its own description',
    async (path, url) => {
      const { get } = description.paths[path];
      expect(get.summary).toBeTruthy();
      expect(get.tags).toHaveLength(1);
      const reply = await app.inject(url);
      expect(reply.statusCode).toBe(200);
      expect(reply.headers['content-type']).toMatch(/^application\/json/);
      expect(get.responses['200'].content?.['application/json']).toBeTruthy();
    },
  );

  it.each([
    ['/v1/scores/churn-risk?limit=0', 400, /limit/],
    ['/v1/scores/churn-risk?limit=all', 400, /limit/],
    ['/v1/scores/churn-risk?sort=name;drop', 400, /sort/],
    ['/v1/scores/churn-risk?colour=red', 400, /colour/],
    ['/v1/scores/churn-risk?cursor=abc', 400, /cursor/],
    ['/v1/scores/churn-risk?as_of=2024-13-01', 400, /as_of/],
    ['/v1/scores/churn-risk?as_of=2001-01-01', 404, /Nobody has been scored .* as of 2001-01-01/],
    ['/v1/scores/fortune', 400, /model/],
    ['/v1/scores/trajectory?likeliest=vanish', 400, /likeliest/],
    ['/v1/scores/trajectory?sort=-probability', 400, /sort/],
    ['/v1/scores/trajectory?cursor=abc', 400, /cursor/],
    ['/v1/scores/trajectory?as_of=2001-01-01', 404, /Nobody has been scored by trajectory as of 2001-01-01/],
    ['/v1/partners/nobody', 404, /no partner "nobody"/],
    ['/v1/partners/%27%20or%201=1', 404, /no partner/],
    [`/v1/partners/${'x'.repeat(600)}`, 400, /id/],
    ['/v1/nudges?limit=1e9', 400, /limit/],
    ['/v1/models/fortune', 400, /name/],
    [
      '/v1/models/churn-risk?version=nothing',
      404,
      /no version "nothing" of churn-risk; \/v1\/models\/churn-risk lists/,
    ],
    ['/v1/models/churn-risk?colour=red', 400, /colour/],
    ['/v1/incidents?status=broken', 400, /status/],
    ['/v1/incidents?level=planet', 400, /level/],
    ['/v1/incidents?limit=0', 400, /limit/],
    ['/v1/incidents/nobody', 404, /no incident "nobody"/],
    ['/v1/features/fortune', 404, /no view "fortune"; there are churn-risk/],
    ['/nowhere', 404, /nothing at GET \/nowhere/],
    ['/v1/partners/%E0%A4%A', 400, /./],
  ])('%s is a problem with status %d that says what is wrong', async (url, status, detail) => {
    const reply = await app.inject(url);
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(reply.json()).toMatchObject({ type: 'about:blank', status });
    expect(reply.json().detail).toMatch(detail);
    expect(reply.statusCode).toBe(status);
  });

  it('lists models of either sort, each with its question', async () => {
    const { data } = (await app.inject('/v1/models')).json();
    const names = data.map(({ model }: { model: string }) => model);
    expect(names).toEqual([...scoringModels, ...classScoringModels].map(({ name }) => name));
  });

  it('pages through all scores without loss or repeat, and sticks to the list it began with', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const reply = await app.inject(
        `/v1/scores/churn-risk?limit=7&sort=-value_at_risk${cursor && `&cursor=${cursor}`}`,
      );
      const page = reply.json();
      seen.push(...page.data.map((score: { entity_id: string }) => score.entity_id));
      cursor = page.next_cursor;
    } while (cursor);
    const { scored } = (await app.inject('/v1/scores/churn-risk?limit=1')).json();
    expect(seen).toHaveLength(scored);
    expect(new Set(seen).size).toBe(scored);
  });

  it('a score carries its reasons, its interval and how often such lists were right', async () => {
    const page = (await app.inject('/v1/scores/churn-risk?listed=true')).json();
    expect(page.track_record).toMatch(/^Of the last \d+ flagged like this, \d+ went quiet/);
    expect(page.data.length).toBeGreaterThan(0);
    for (const score of page.data) {
      expect(score.low).toBeLessThanOrEqual(score.probability);
      expect(score.high).toBeGreaterThanOrEqual(score.probability);
      expect(score.reasons[0].text).toMatch(/\d|no/i);
      expect(score.weeks).toHaveLength(52);
    }
    expect(JSON.stringify(page)).not.toMatch(/C-P\d/); // contacts stay inside
  });

  it("a score's reasons add up to its probability, with what is said of anybody and the calibration", async () => {
    const { data } = (await app.inject('/v1/scores/churn-risk?limit=200')).json();
    expect(data.length).toBeGreaterThan(20);
    for (const { probability, base_log_odds, calibration_log_odds, reasons } of data) {
      const logOdds = reasons.reduce((sum: number, each: { log_odds: number }) => sum + each.log_odds, base_log_odds);
      expect(logOdds + calibration_log_odds).toBeCloseTo(Math.log(probability / (1 - probability)), 9);
      // The calibration corrects; it does not tell the story.
      expect(Math.abs(calibration_log_odds)).toBeLessThan(2);
    }
  });

  it('says of each feature of a view what it is, in the order of the columns', async () => {
    const { data } = (await app.inject('/v1/features')).json();
    expect(data.map(({ name }: { name: string }) => name)).toEqual(wordedViews.map(({ name }) => name));
    for (const view of wordedViews) {
      const { features, ...about } = (await app.inject(`/v1/features/${view.name}`)).json();
      expect(about).toEqual({ name: view.name, entity: view.entity });
      expect(features).toEqual(catalogueOf(view));
      expect(data).toContainEqual({ ...about, features: features.length });
    }
  });

  it('lists what people are shown of incidents, the highest level first, and what was left out when asked', async () => {
    const list = async (query: string) => (await app.inject(`/v1/incidents?${query}`)).json();
    const ids = ({ data }: { data: { incident_id: string }[] }) => data.map(({ incident_id }) => incident_id);
    const shown = await list('status=open');
    expect(ids(shown).filter((id) => [OF_PROGRAM, OF_PARTNER].includes(id))).toEqual([OF_PROGRAM, OF_PARTNER]);
    expect(ids(shown)).not.toContain(LEFT_OUT);
    expect(ids(await list('listed=false'))).toContain(LEFT_OUT);
    expect(ids(await list('listed=false&partner_id=P00001'))).not.toContain(LEFT_OUT);
    expect(shown.week).toMatchObject({ period: '2024-12-29', opened: 2, left_out: 1 });
    expect(shown.data.find(({ incident_id }: { incident_id: string }) => incident_id === OF_PROGRAM)).toMatchObject({
      ...{ level: 'program', entity_id: 'all', metric: 'deals_registered', direction: -1, observed: 1, expected: 9.5 },
      ...{ money_minor: -1_250_000, currency: 'USD', verdict: null },
    });
  });

  it('takes what people say of an incident, from the API and from a form, and counts it', async () => {
    const say = (body: unknown, id = OF_PARTNER) =>
      app.inject({ method: 'POST', url: `/v1/incidents/${id}/feedback`, payload: body as object });
    expect((await say({ verdict: 'noise' })).json()).toEqual({ incident_id: OF_PARTNER, verdict: 'noise' });
    expect((await say({ verdict: 'fine' })).statusCode).toBe(400);
    expect((await say({ verdict: 'real', by: 'me' })).statusCode).toBe(400);
    expect((await say({ verdict: 'real' }, 'nobody')).statusCode).toBe(404);
    const form = await app.inject({
      method: 'POST',
      url: `/incidents/${OF_PROGRAM}/feedback`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      payload: 'verdict=known_cause',
    });
    expect([form.statusCode, form.headers.location]).toEqual([303, `/incidents/${OF_PROGRAM}`]);
    expect((await app.inject('/v1/incidents')).json().feedback).toEqual({ right: 1, judged: 2 });
    expect((await app.inject('/incidents')).body).toContain(
      '2 incidents have been judged, 1 of them real or with a known cause',
    );
  });

  it.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }, 303],
  ])('a form sent with %j gets %d: other sites may not judge in a person’s name', async (headers, status) => {
    const reply = await app.inject({
      method: 'POST',
      url: `/incidents/${LEFT_OUT}/feedback`,
      headers: { host: 'localhost:8080', 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload: 'verdict=real',
    });
    expect(reply.statusCode).toBe(status);
  });

  it('answers only to names of this machine', async () => {
    expect((await app.inject({ url: '/livez', headers: { host: 'evil.example:8080' } })).statusCode).toBe(421);
    expect((await app.inject({ url: '/livez', headers: { host: '127.0.0.1:8080' } })).statusCode).toBe(200);
  });

  it('sends a strict content security policy with every page, and nothing that breaks it', async () => {
    const incidents = ['/incidents', '/incidents?show=all', `/incidents/${OF_PARTNER}`, '/incidents/nobody'];
    for (const url of ['/risks', '/risks?show=all', '/partners/P00001', '/partners/nobody', ...incidents]) {
      const reply = await app.inject(url);
      expect(reply.headers['content-security-policy']).toMatch(/default-src 'none';style-src 'self';script-src 'self'/);
      expect(reply.body).not.toMatch(/<style|style="|<script(?! src)|\son[a-z]+=/);
    }
  });

  it('names that are HTML are shown as text', async () => {
    await database.query(
      `insert into partner (partner_id, known_at, name, source, content, load_id)
       select 'P00001', now(), '<img src=x onerror=alert(1)>', 'test', '00000000000000000000000000000000', 0`,
    );
    const { body } = await app.inject('/partners/P00001');
    expect(body).toContain('&lt;img src=x onerror=alert(1)>');
    expect(body).not.toContain('<img');
  });

  it('the CSV is the list, with formulas defused', async () => {
    await database.query(
      "update partner set name = '=1+1' where partner_id in (select entity_id from score where listed)",
    );
    const reply = await app.inject('/risks.csv');
    expect(reply.headers['content-disposition']).toMatch(/partners-at-risk\.csv/);
    const [header, first] = reply.body.split('\n');
    expect(header).toBe(
      'rank,partner_id,name,as_of,probability,low,high,band,value_at_risk_minor,currency,action,reasons',
    );
    expect(first).toMatch(/^1,P\d+,'=1\+1,2025-01-01,0\.\d+/);
  });
});

describe('an API with a key', () => {
  const KEY = 'a-key-of-more-than-thirty-two-characters';

  it('lets nobody in without it, but for health checks', async () => {
    const app = await buildApp({ database: await openDatabase(), clock }, { ...SETTINGS, apiKey: KEY });
    const status = async (url: string, authorization?: string) =>
      (await app.inject({ url, headers: authorization === undefined ? {} : { authorization } })).statusCode;
    const basic = (password: string) => `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;
    for (const url of ['/risks', '/v1/nudges', '/docs/json', '/assets/console.css', '/nowhere']) {
      expect(await status(url), url).toBe(401);
      expect(await status(url, 'Bearer wrong'), url).toBe(401);
      expect(await status(url, basic('wrong')), url).toBe(401);
    }
    expect(await status('/livez')).toBe(200);
    expect(await status('/v1/nudges', `Bearer ${KEY}`)).toBe(200);
    expect(await status('/risks', basic(KEY))).toBe(200);
    await app.close();
  });
});

describe('an empty store', () => {
  it('says that nobody has been scored, and what to do', async () => {
    const app = await buildApp({ database: await openDatabase(), clock }, SETTINGS);
    expect((await app.inject('/risks')).body).toContain('Nobody has been scored yet');
    expect((await app.inject('/risks/replay')).body).toContain('No past list is kept yet');
    expect((await app.inject('/v1/scores/churn-risk')).statusCode).toBe(404);
    expect((await app.inject('/v1/nudges')).json()).toEqual({ data: [] });
    expect((await app.inject('/v1/incidents')).json()).toEqual({ week: null, feedback: null, data: [] });
    expect((await app.inject('/incidents')).body).toContain('No week has been looked at yet');
    await app.close();
  });

  it('that does not answer is not ready, and says no more than that', async () => {
    const broken = { query: () => Promise.reject(new Error('secret: password is hunter2')) } as unknown as Database;
    const app = await buildApp({ database: broken, clock }, SETTINGS);
    const ready = await app.inject('/readyz');
    expect([ready.statusCode, (await app.inject('/livez')).statusCode]).toEqual([503, 200]);
    const failed = await app.inject('/v1/nudges');
    expect(failed.statusCode).toBe(500);
    expect(failed.body + ready.body).not.toContain('hunter2');
    await app.close();
  });
});
