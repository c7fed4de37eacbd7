import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RankedProspect } from '../../models/index.ts';
import { type App, buildApp } from '../../serve/index.ts';
import { type Database, publishProspects } from '../../store/index.ts';
import { openDatabase } from '../helpers/databases.ts';
import { LOOKED_AT, prospect } from '../helpers/recruiting-store.ts';
import { storeRows } from '../helpers/stored-events.ts';

const SETTINGS = { apiKey: undefined, localOnly: true, logger: undefined, version: '0.0.0' };
const COUNTS = { prospects: 3, open: 2, partners: 1, accounts: 0, repeated: 0, done: 0 };

const ranked = (prospectId: string, exploratory: boolean): RankedProspect => ({
  prospectId,
  rank: 1,
  fit: 0.9,
  accept: null,
  exploratory,
  matched: ['Is known to use sap'],
  against: ['not: Its industry is retail'],
  nearest: [{ partnerId: 'p', similarity: 0.8 }],
  reasons: [{ feature: 'technologies_sap', text: 'Is known to use sap', value: 1, log_odds: 0.7 }],
});

describe('the pages of recruiting', () => {
  let app: App;
  let database: Database;

  beforeEach(async () => {
    database = await openDatabase();
    app = await buildApp({ database, clock: () => LOOKED_AT + 1 }, SETTINGS);
  });
  afterEach(() => app.close());

  async function publish(): Promise<void> {
    await storeRows(database, 'prospects', [
      prospect('a', 'sap'),
      prospect('b', 'php', { name: '=HYPERLINK(1)<script>' }),
    ]);
    const list = { asOf: LOOKED_AT, profile: 'v', says: 'Hardly.', counts: COUNTS, card: null, publishedAt: LOOKED_AT };
    await publishProspects(database, list, [ranked('a', false), ranked('b', true)]);
  }
  const post = (body: string, headers: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url: '/prospects/record',
      headers: { 'content-type': 'application/x-www-form-urlencoded', host: 'localhost:8080', ...headers },
      body,
    });
  const OURS = { 'sec-fetch-site': 'same-origin' };

  it('say what to do while nothing is listed or learnt', async () => {
    expect((await app.inject('/prospects')).body).toContain('No prospects have been listed yet');
    expect((await app.inject('/ipp')).body).toContain('No profile has been learnt yet');
    expect((await app.inject('/whitespace')).body).toContain('No market is on record');
    expect((await app.inject('/v1/prospects')).json().detail).toBe('No prospects have been listed yet.');
    expect((await app.inject('/v1/ipp')).statusCode).toBe(404);
    expect((await app.inject('/prospects.csv')).body.split('\n')[0]).toMatch(
      /^rank,prospect_id,fit,accept,exploratory,matched,against,nearest,/,
    );
  });

  it('show each with what speaks for and against it, and defuse what comes from outside', async () => {
    await publish();
    const { body, headers } = await app.inject('/prospects');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(body).toContain('2 companies to ask');
    expect(body).toContain('1 is a partner already');
    expect(body).toMatch(/class="for">Is known to use sap/);
    expect(body).toMatch(/class="against">not: Its industry is retail/);
    expect(body).not.toContain('<script>');
    const [, first, second] = (await app.inject('/prospects.csv')).body.split('\n');
    expect(first).toMatch(/^1,a,0.9,,false,Is known to use sap,not: Its industry is retail,p,a Works,/);
    expect(second).toContain("'=HYPERLINK(1)<script>");
    const { data, counts } = (await app.inject('/v1/prospects')).json();
    expect(counts).toEqual(COUNTS);
    expect(data[0]).toMatchObject({ rank: 1, prospect_id: 'a', fit: 0.9, accept: null, action: null });
    expect(data[0].nearest).toEqual([{ partner_id: 'p', similarity: 0.8 }]);
  });

  it('take what was done, and take it back', async () => {
    await publish();
    const open = async () =>
      (await app.inject('/v1/prospects?open=true'))
        .json()
        .data.map((each: { prospect_id: string }) => each.prospect_id);
    const reply = await post('id=a&action=archived', OURS);
    expect([reply.statusCode, reply.headers['location']]).toEqual([303, '/prospects']);
    expect(await open()).toEqual(['b']);
    expect((await app.inject('/prospects')).body).toMatch(/Undo: a Works/);
    await post('id=a&action=reopened', OURS);
    expect(await open()).toEqual(['a', 'b']);
    expect((await app.inject('/prospects')).body).not.toMatch(/Undo/);
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:8080' }, 403],
    ['another page of this machine', { 'sec-fetch-site': 'same-site' }, 403],
    ['nowhere', {}, 403],
    ['another origin', { origin: 'http://localhost:9090' }, 403],
    ['an origin that is none', { origin: 'null' }, 403],
    ['our origin', { origin: 'http://localhost:8080' }, 303],
  ])('take forms from our own pages alone: from %s', async (_, headers, status) => {
    await publish();
    expect((await post('id=a&action=archived', headers as unknown as Record<string, string>)).statusCode).toBe(status);
    const done = await database.query('select 1 from prospect_action');
    expect(done).toHaveLength(status === 303 ? 1 : 0);
  });

  it.each([
    ['id=nobody&action=archived', 404],
    ['id=a&action=deleted', 400],
    ['id=a', 400],
    ['id=%00&action=archived', 400],
    [`id=${'x'.repeat(600)}&action=archived`, 400],
  ])('%s is refused', async (body, status) => {
    await publish();
    const reply = await post(body, OURS);
    expect(reply.statusCode).toBe(status);
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
  });
});
