import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMonths, DAY, parseDay } from '../../features/index.ts';
import { metricNamed, rank } from '../../models/index.ts';
import { simulate, type WorldSettings } from '../../pipelines/index.ts';
import { foresee } from '../helpers/oracle.ts';
import { grouped, type PartnerRecord, readRecords, recencyAtRisk, wentQuiet } from '../helpers/records.ts';

/** The default world of `simulate`. */
const WORLD: WorldSettings = { partners: 2000, months: 36, seed: 1, end: parseDay('2026-01-01') };
/** SHA-256 over all its files. Who changes it changes every number that was measured on this world. */
const FROZEN = '28ffbb78a64ebb21800fe80ba9b3040b7104b4f3a68a965de025017bec67229c';

let directory: string;
let records: PartnerRecord[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'partnercast-default-'));
  await simulate(WORLD, directory);
  records = readRecords(directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

type Row = Record<string, string>;
const rowsOf = (name: string): Row[] => parse(readFileSync(join(directory, name)), { columns: true });
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const share = <Thing>(things: readonly Thing[], is: (thing: Thing) => boolean) =>
  things.filter(is).length / things.length;
const auc = (probabilities: readonly number[], outcomes: readonly boolean[]) =>
  metricNamed('auc').compute(
    rank(Float64Array.from(probabilities), Uint8Array.from(outcomes, Number)),
    new Float64Array(outcomes.length).fill(1),
  );
const start = addMonths(WORLD.end, -WORLD.months);

describe('the default world', () => {
  it('is frozen', () => {
    const digest = createHash('sha256');
    const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.csv'));
    for (const name of names.sort()) digest.update(name).update(readFileSync(join(directory, name)));
    expect(digest.digest('hex')).toBe(FROZEN);
  });

  it('can be foretold as well as the world allows, and much better than by recency', () => {
    const cutoffs = [18, 22, 26, 30, 33].map((months) => addMonths(start, months));
    const rows = records.slice(0, 500).flatMap((record) =>
      foresee(record, new Set(cutoffs), WORLD).flatMap(({ cutoff, quiet, churn }) => {
        const recency = recencyAtRisk(record, cutoff);
        return recency === null ? [] : [{ quiet, churn, recency, outcome: wentQuiet(record, cutoff) }];
      }),
    );
    const outcomes = rows.map(({ outcome }) => outcome);
    const oracle = auc(
      rows.map(({ quiet }) => quiet),
      outcomes,
    );
    const byRecency = auc(
      rows.map(({ recency }) => recency),
      outcomes,
    );
    expect(rows.length).toBeGreaterThan(800);
    expect(oracle).toBeGreaterThan(0.8);
    expect(oracle).toBeLessThan(0.9);
    expect(oracle - byRecency).toBeGreaterThan(0.05);
    // A filter that knew the wrong laws would not be right on average.
    expect(Math.abs(mean(rows.map(({ quiet }) => quiet)) - mean(outcomes.map(Number)))).toBeLessThan(0.03);
    // Some do business once more and end the agreement all the same.
    const ends = mean(rows.map(({ quiet, churn }) => churn - quiet));
    expect(rows.every(({ quiet, churn }) => churn >= quiet)).toBe(true);
    expect(ends).toBeGreaterThan(0.005);
    expect(ends).toBeLessThan(0.03);
  }, 60_000);

  it('tells the true hazard: it foretells who goes quiet better than any record could, and is right on average', () => {
    const byId = new Map(records.map((record) => [record.id, record]));
    const rows = rowsOf('truth/partners.csv').flatMap(({ partner_id, cutoff, true_hazard_90 }) => {
      const at = parseDay(cutoff);
      const record = byId.get(partner_id);
      if (!record || !/-0[147]-/.test(cutoff) || at + 90 * DAY > WORLD.end) return [];
      if (recencyAtRisk(record, at) === null) return [];
      return [{ hazard: Number(true_hazard_90), outcome: wentQuiet(record, at) }];
    });
    const hazards = rows.map(({ hazard }) => hazard);
    const outcomes = rows.map(({ outcome }) => outcome);
    expect(auc(hazards, outcomes)).toBeGreaterThan(0.88);
    expect(Math.abs(mean(hazards) - mean(outcomes.map(Number)))).toBeLessThan(0.02);
  });
});

describe('what is planted', () => {
  const business = ({ events }: PartnerRecord) =>
    events.filter(({ kind }) => kind === 'deal.registered' || kind === 'lead.accepted');
  const between = (times: readonly { happenedAt: number }[], from: number, to: number) =>
    times.filter(({ happenedAt }) => happenedAt >= from && happenedAt < to).length;
  const portal = ({ events }: PartnerRecord) => events.filter(({ kind }) => /^(portal|content)\./.test(kind));

  it('an outage of the portal: no visit of anybody, and as much business as ever', () => {
    const [outage] = rowsOf('truth/incidents.csv').filter(({ level }) => level === 'feed');
    const [from, to] = [parseDay(outage.start), parseDay(outage.end)];
    const visits = records.flatMap(portal);
    expect(between(visits, from, to)).toBe(0);
    expect(between(visits, from - 7 * DAY, to - 7 * DAY)).toBeGreaterThan(500);
    const deals = records.flatMap(business);
    expect(between(deals, from, to) / between(deals, from - 7 * DAY, to - 7 * DAY)).toBeGreaterThan(0.8);
  });

  it('the program and a region change by the effects that the truth states', () => {
    const incidents = rowsOf('truth/incidents.csv');
    const change = (level: string, of: readonly PartnerRecord[], days: number) => {
      const incident = incidents.find((one) => one.level === level);
      const from = parseDay(incident?.start ?? '');
      const visits = of.flatMap(portal);
      const ratio = between(visits, from, from + days * DAY) / between(visits, from - days * DAY, from);
      return ratio / Number(incident?.effect);
    };
    expect(change('program', records, 42)).toBeCloseTo(1, 0.8);
    expect(
      change(
        'region',
        records.filter(({ region }) => region === 'APAC'),
        21,
      ),
    ).toBeCloseTo(1, 0.8);
  });

  it('dips and spikes of single partners', () => {
    const byId = new Map(records.map((record) => [record.id, record]));
    const ratios = rowsOf('truth/incidents.csv')
      .filter(({ level, metric }) => level === 'partner' && metric === 'portal')
      .map(({ entity_id, start: from, end: to, effect }) => {
        const record = byId.get(entity_id);
        const visits = record ? portal(record) : [];
        const [first, last] = [parseDay(from), parseDay(to)];
        const length = last - first;
        const usual = between(visits, first - 3 * length, first) / 3;
        return { isSpike: Number(effect) > 1, during: between(visits, first, last), usual };
      });
    const sum = (isSpike: boolean, of: 'during' | 'usual') =>
      ratios.filter((one) => one.isSpike === isSpike).reduce((total, one) => total + one[of], 0);
    expect(ratios.length).toBeGreaterThan(40);
    expect(sum(true, 'during') / sum(true, 'usual')).toBeGreaterThan(2.5);
    expect(sum(false, 'during') / sum(false, 'usual')).toBeLessThan(0.35);
  });

  it('training raises later business by the true effect, and who trains is not chance', () => {
    const byId = new Map(records.map((record) => [record.id, record]));
    const truth = rowsOf('truth/training.csv').filter(
      ({ trained_at }) => Date.parse(trained_at) + 90 * DAY < WORLD.end && Date.parse(trained_at) - 120 * DAY > start,
    );
    // Own initiatives only: a partner can't help being brought into the deals of others.
    const own = (id: string, from: number, to: number) => {
      const record = byId.get(id);
      if (!record) return 0;
      const deals = record.deals.filter(
        ({ partners, submittedAt }) => partners[0]?.partner === id && submittedAt >= from && submittedAt < to,
      );
      const leads = record.events.filter(({ kind }) => kind === 'lead.accepted');
      return deals.length + between(leads, from, to);
    };
    const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
    const after = total(
      truth.map(({ partner_id: id, trained_at: at }) => own(id, Date.parse(at), Date.parse(at) + 90 * DAY)),
    );
    const extra = total(truth.map(({ true_extra_90d }) => Number(true_extra_90d)));
    expect(extra / (after - extra)).toBeGreaterThan(0.34);
    expect(extra / (after - extra)).toBeLessThan(0.46);

    // The honest comparison: with partners that are trained later, over the same days.
    const change = (id: string, at: number) => [own(id, at, at + 90 * DAY), own(id, at - 90 * DAY, at)];
    let [gained, before, otherGained, otherBefore] = [0, 0, 0, 0];
    for (const { partner_id: id, trained_at } of truth) {
      const at = Date.parse(trained_at);
      const later = truth.find((one) => Date.parse(one.trained_at) > at + 90 * DAY && one.partner_id > id);
      if (!later) continue;
      const [mine, theirs] = [change(id, at), change(later.partner_id, at)];
      gained += mine[0];
      before += mine[1];
      otherGained += theirs[0];
      otherBefore += theirs[1];
    }
    const effect = gained / before / (otherGained / otherBefore) - 1;
    expect(effect).toBeGreaterThan(0.15);
    expect(effect).toBeLessThan(0.55);
    const trained = new Set(rowsOf('truth/training.csv').map(({ partner_id }) => partner_id));
    const perPartner = (is: boolean) =>
      mean(
        records
          .filter(({ id }) => trained.has(id) === is)
          .map((record) => between(business(record), start, start + 150 * DAY)),
      );
    // Before anyone was trained, those who would be did more.
    expect(perPartner(true) / perPartner(false)).toBeGreaterThan(1.1);
  });

  it('each role adds its true effect to the chance of winning', () => {
    const roles = Object.fromEntries(rowsOf('truth/roles.csv').map((row) => [row.role, Number(row.true_effect)]));
    const touches = grouped(rowsOf('truth/attribution.csv'), ({ deal_id }) => deal_id);
    const last = [...grouped(rowsOf('deals.csv'), ({ deal_id }) => deal_id).values()].map((all) => all[all.length - 1]);
    const closed = last.filter(({ outcome, closed_at }) => closed_at !== '' && outcome !== '');
    const rate = (...own: string[]) => {
      const deals = closed.filter(
        ({ deal_id }) => (touches.get(deal_id) ?? []).map(({ role }) => role).join() === own.join(),
      );
      return share(deals, ({ outcome }) => outcome === 'won');
    };
    expect(rate()).toBeCloseTo(roles.none, 1.5);
    // Deals whose partner has left are lost, so a little is missing.
    expect(rate('sourced') - rate()).toBeGreaterThan(roles.sourced - 0.03);
    expect(rate('sourced') - rate()).toBeLessThan(roles.sourced + 0.02);
    expect(rate('sourced', 'delivered') - rate('sourced')).toBeCloseTo(roles.delivered, 1);
    expect(rate('sourced', 'influenced') - rate('sourced')).toBeLessThan(
      rate('sourced', 'delivered') - rate('sourced'),
    );
  });

  it('two registrations of an account and product close in time are in the truth, and no others', () => {
    const truth = new Set(rowsOf('truth/conflicts.csv').map((row) => `${row.deal_id} ${row.with_deal_id}`));
    const registered = [...grouped(rowsOf('deals.csv'), ({ deal_id }) => deal_id).values()]
      .map(([first]) => first)
      .filter(({ submitted_at }) => submitted_at !== '');
    const found = new Set<string>();
    for (const deals of grouped(registered, ({ account_id, product }) => `${account_id} ${product}`).values()) {
      for (const one of deals) {
        for (const other of deals) {
          const apart = Date.parse(one.submitted_at) - Date.parse(other.submitted_at);
          const differ = one.deal_id.slice(0, 8) !== other.deal_id.slice(0, 8);
          if (differ && apart > 0 && apart <= 21 * DAY) found.add(`${one.deal_id} ${other.deal_id}`);
        }
      }
    }
    expect(found.size).toBeGreaterThan(1000);
    expect([...found].filter((pair) => !truth.has(pair))).toEqual([]);
    const close = rowsOf('truth/conflicts.csv').filter(({ days_apart }) => Number(days_apart) <= 21);
    expect(share(close, (row) => found.has(`${row.deal_id} ${row.with_deal_id}`))).toBeGreaterThan(0.98);
  });

  it('true traits make top partners, noise does not, and consequences never come before success', () => {
    const traits = rowsOf('truth/ipp.csv');
    expect(traits.filter(({ role }) => role === 'true')).toHaveLength(3);
    expect(traits.filter(({ role }) => role === 'noise')).toHaveLength(20);
    const volume = new Map(records.map((record) => [record.id, business(record).length]));
    const top = [...volume.values()].sort((a, b) => b - a)[Math.floor(records.length / 10)];
    const lift = (trait: string) => {
      const [column, value] = trait.split('=');
      const has = records.filter((one) =>
        column === 'industry' ? one.industry === value : one.technologies.includes(value),
      );
      return share(has, ({ id }) => (volume.get(id) ?? 0) > top) / 0.1;
    };
    for (const { trait, role } of traits) {
      if (role === 'true') expect(lift(trait), trait).toBeGreaterThan(1.5);
      if (role === 'noise') expect(Math.abs(lift(trait) - 1), trait).toBeLessThan(0.5);
    }
    const consequences = traits.filter(({ role }) => role === 'consequence').map(({ trait }) => trait);
    expect(consequences).toHaveLength(2);
    const history = grouped(rowsOf('partner_attributes.csv'), ({ partner_id }) => partner_id);
    const pairs = [...history.values()].flatMap((changes) => {
      const success = changes.find(({ attribute, value }) => attribute === 'tier' && value === 'platinum');
      const own = changes.filter(({ attribute, value }) => consequences.includes(`${attribute}=${value}`));
      return own.map(({ valid_from }) => [success?.valid_from ?? 'never', valid_from]);
    });
    expect(pairs.length).toBeGreaterThan(100);
    expect(pairs.every(([success, consequence]) => success < consequence)).toBe(true);
  });

  it('of the prospects approached, as many sign as accept in truth', () => {
    const last = new Map(rowsOf('prospects.csv').map((row) => [row.prospect_id, row]));
    const truth = rowsOf('truth/prospects.csv').map((row) => ({ ...row, ...last.get(row.prospect_id) }) as Row);
    const approached = truth.filter(({ approached_at }) => approached_at !== '');
    for (const [low, high] of [
      [0, 0.25],
      [0.25, 0.45],
      [0.45, 1],
    ]) {
      const own = approached.filter((row) => Number(row.true_accept) >= low && Number(row.true_accept) < high);
      expect(own.length).toBeGreaterThan(200);
      const signed = share(own, ({ signed_partner_id }) => signed_partner_id !== '');
      expect(Math.abs(signed - mean(own.map((row) => Number(row.true_accept))))).toBeLessThan(0.06);
    }
    expect(share(truth, ({ approached_at }) => approached_at === '')).toBeGreaterThan(0.3);
    expect(
      auc(
        truth.map((row) => Number(row.true_fit)),
        truth.map((row) => Number(row.true_accept) > 0.4),
      ),
    ).toBeLessThan(0.6);
  });

  it('lists of accounts that partners share are hard to match by name, and the truth says which is which', () => {
    const names = new Map(rowsOf('accounts.csv').map(({ account_id, name }) => [account_id, name]));
    const matches = rowsOf('truth/account_matches.csv');
    expect(matches).toHaveLength(rowsOf('partner_accounts.csv').length);
    const known = matches.filter(({ account_id }) => account_id !== '');
    expect(known.every(({ account_id }) => names.has(account_id))).toBe(true);
    expect(share(matches, ({ account_id }) => account_id === '')).toBeGreaterThan(0.15);
    expect(share(known, ({ account_id, account_name }) => names.get(account_id) === account_name)).toBeLessThan(0.5);
    expect(new Set(matches.map(({ partner_id, account_name }) => `${partner_id} ${account_name}`)).size).toBe(
      matches.length,
    );
  });

  it('surveys are answered by those who are engaged', () => {
    const rows = records.map(({ events }) => ({
      sent: events.filter(({ kind }) => kind === 'survey.sent').length,
      answered: events.filter(({ kind }) => kind === 'survey.answered').length,
      last: Math.max(...events.filter(({ kind }) => kind !== 'survey.sent').map(({ happenedAt }) => happenedAt)),
    }));
    const rate = (of: typeof rows) =>
      of.reduce((sum, one) => sum + one.answered, 0) / of.reduce((sum, one) => sum + one.sent, 0);
    expect(rate(rows)).toBeGreaterThan(0.35);
    expect(rate(rows)).toBeLessThan(0.65);
    const stayed = (one: (typeof rows)[0]) => one.last > WORLD.end - 60 * DAY;
    expect(rate(rows.filter(stayed))).toBeGreaterThan(rate(rows.filter((one) => !stayed(one))) + 0.05);
  });

  it('subscriptions that a partner sold last longer, and some grow', () => {
    const versions = [
      ...grouped(rowsOf('subscriptions.csv'), (row) => `${row.account_id} ${row.product} ${row.starts_on}`).values(),
    ];
    const last = versions.map((all) => all[all.length - 1]);
    const ended = (partner: boolean) =>
      share(
        last.filter((row) => (row.sold_by_partner_id !== '') === partner),
        ({ ends_on }) => ends_on !== '',
      );
    expect(ended(true)).toBeLessThan(ended(false));
    expect(ended(true)).toBeGreaterThan(0.1);
  });

  it('has a rate for every day and currency of a deal', () => {
    const rates = new Set(rowsOf('fx_rates.csv').map(({ currency, day }) => `${currency} ${day}`));
    const missing = rowsOf('deals.csv').filter(
      ({ currency, submitted_at, opened_at }) =>
        currency !== 'USD' && !rates.has(`${currency} ${(submitted_at || opened_at).slice(0, 10)}`),
    );
    expect(missing).toEqual([]);
  });
});
