import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, type EventColumns, History, parseDay } from '../../features/index.ts';
import { besidesOf, scoringModels } from '../../models/index.ts';
import { type Database, factsIn } from '../../store/index.ts';
import { drivers } from '../helpers/databases.ts';
import { programSince } from '../helpers/facts.ts';
import { deal, deals, storeRows } from '../helpers/stored-events.ts';

const NEVER = Number.POSITIVE_INFINITY;
const day = parseDay;

describe.each(drivers.map((driver) => [driver.name, driver] as const))('facts in %s', (_, driver) => {
  let database: Database;

  beforeEach(async () => {
    database = await driver.open();
  });
  afterEach(() => database.close());

  async function factsKnown(before: number): Promise<EventColumns> {
    const ranges: EventColumns[] = [];
    for await (const columns of factsIn(database, 'USD').ranges(before)) ranges.push(columns);
    expect(ranges).toHaveLength(1);
    return ranges[0];
  }

  describe('the watermark', () => {
    const watermark = (...kinds: string[]) => factsIn(database, 'USD').watermark(new Set(kinds));

    it('is that of the source furthest behind, each by its latest fact', async () => {
      await storeRows(database, 'events', deals('p', '2024-01-10', '2024-03-10', '2024-02-10'), 'crm');
      await storeRows(database, 'events', deals('q', '2024-01-20', '2024-02-20'), 'prm');
      expect(await watermark('deal.registered')).toBe(day('2024-02-20'));
      await storeRows(database, 'events', deals('q', '2024-04-01'), 'prm');
      expect(await watermark('deal.registered')).toBe(day('2024-03-10'));
    });

    it('asks no source that has none of the kinds, and no input but events', async () => {
      await storeRows(database, 'events', deals('p', '2024-03-10'), 'crm');
      const login = {
        partner_id: 'p',
        event_id: 'l',
        known_at: '2024-01-01',
        happened_at: '2024-01-01',
        kind: 'portal.login',
      };
      await storeRows(database, 'events', [login], 'portal');
      await storeRows(database, 'partners', [{ partner_id: 'p', known_at: '2024-05-01', name: 'P' }], 'crm');
      expect(await watermark('deal.registered')).toBe(day('2024-03-10'));
      expect(await watermark('deal.registered', 'portal.login')).toBe(day('2024-01-01'));
      expect(await watermark('deal.won')).toBeNull();
    });

    it('is when a fact became known, not when it happened', async () => {
      await storeRows(database, 'events', [deal('p', '2024-01-10', '2024-02-10')]);
      expect(await watermark('deal.registered')).toBe(day('2024-02-10'));
    });
  });

  describe('facts known before a moment', () => {
    const moment = day('2024-02-01');

    it('hold no event that became known at it', async () => {
      await storeRows(database, 'events', [
        deal('p', '2024-01-10', moment - 1),
        deal('p', '2024-01-11', moment),
        deal('p', '2024-01-12', moment + 1),
      ]);
      expect([...(await factsKnown(moment)).happenedAt]).toEqual([day('2024-01-10')]);
      expect((await factsKnown(moment + 1)).happenedAt).toHaveLength(2);
    });

    it('hold no agreement and no signature that became known at it', async () => {
      const agreement = { partner_id: 'p', agreement_id: 'a', starts_on: '2023-01-01' };
      await storeRows(database, 'agreements', [
        { ...agreement, known_at: '2023-01-01', renews_on: '2024-06-01' },
        { ...agreement, known_at: '2024-02-01', ended_on: '2024-01-15', end_reason: 'vendor' },
      ]);
      await storeRows(database, 'partners', [
        { partner_id: 'p', known_at: '2024-02-01', name: 'P', signed_on: '2023-01-01' },
      ]);
      const begun = {
        id: 'a',
        startsOn: day('2023-01-01'),
        renewsOn: day('2024-06-01'),
        noticeDays: null,
        endedOn: null,
        endReason: null,
        knownAt: day('2023-01-01'),
      };
      const end = { ...begun, renewsOn: null, endedOn: day('2024-01-15'), endReason: 'vendor', knownAt: moment };
      expect((await factsKnown(moment)).profiles).toEqual([{ signed: [], agreements: [begun], attributes: [] }]);
      expect((await factsKnown(moment + 1)).profiles).toEqual([
        { signed: [{ at: day('2023-01-01'), knownAt: moment }], agreements: [begun, end], attributes: [] },
      ]);
    });

    it('hold of a corrected event every version, each with when the next became known', async () => {
      const [first] = deals('p', '2024-01-10');
      await storeRows(database, 'events', [
        first,
        { ...first, known_at: '2024-01-20', kind: 'deal.won' },
        { ...first, known_at: '2024-02-01', kind: 'deal.lost' },
        ...deals('p', '2024-01-15'),
        // The same id names another event of another partner.
        { ...first, partner_id: 'q', known_at: '2024-01-12' },
      ]);
      /** What is replaced at the moment of reading or later still stands. */
      const versions = async (before: number) => {
        const { kind, kinds, knownAt, replacedAt } = await factsKnown(before);
        return Array.from(kind, (code, i) => [kinds[code], knownAt[i], replacedAt[i] < before ? replacedAt[i] : NEVER]);
      };
      const replaced = ['deal.registered', day('2024-01-10'), day('2024-01-20')];
      const others = [
        ['deal.registered', day('2024-01-15'), NEVER],
        ['deal.registered', day('2024-01-12'), NEVER],
      ];
      expect(await versions(moment)).toEqual([replaced, ['deal.won', day('2024-01-20'), NEVER], ...others]);
      expect(await versions(moment + 1)).toEqual([
        replaced,
        ['deal.won', day('2024-01-20'), moment],
        ['deal.lost', moment, NEVER],
        ...others,
      ]);
    });

    it('name every partner in order, those without any fact too, each with its own events', async () => {
      await storeRows(database, 'events', [...deals('q', '2024-01-10'), ...deals('p', '2024-01-11', '2024-01-12')]);
      await storeRows(
        database,
        'partners',
        ['a', 'pp', 'z'].map((partner) => ({ partner_id: partner, known_at: '2024-03-01', name: 'P' })),
      );
      const { partners, offsets, happenedAt } = await factsKnown(moment);
      expect(partners).toEqual(['a', 'p', 'pp', 'q', 'z']);
      expect([...offsets]).toEqual([0, 0, 2, 2, 3, 3]);
      expect([...happenedAt]).toEqual(['2024-01-11', '2024-01-12', '2024-01-10'].map(day));
    });
  });

  describe('money in another currency', () => {
    const won = (id: string, at: string, value: number, currency: string) => ({
      partner_id: 'p',
      event_id: id,
      known_at: at,
      happened_at: at,
      kind: 'deal.won',
      value,
      currency,
    });
    const rate = (known: string, value: number) => ({
      currency: 'EUR',
      day: '2024-01-05',
      rate: value,
      known_at: known,
    });
    const cutoffs = ['2024-01-07', '2024-01-09', '2024-01-10', '2024-01-20', '2024-01-21'].map(day);
    const later = day('2024-02-01');

    /** Deals won, and the money that value at risk is made of, as of each cutoff; read at once and one by one. */
    async function seen() {
      const columns = await factsKnown(later);
      const read = async (cutoff: number) => {
        const money = (source: EventColumns) => {
          const history = new History(source, programSince('2020-01-01')).moveTo(0, cutoff);
          return [history.count('won', 30), besidesOf(scoringModels[0], history).evidence.wonMinor];
        };
        expect(money(await factsKnown(cutoff))).toEqual(money(columns));
        return money(columns);
      };
      return Promise.all(cutoffs.map(read));
    }

    beforeEach(async () => {
      // A Saturday and a Sunday; the rate is Friday's, published on Tuesday.
      await storeRows(database, 'events', [
        won('e', '2024-01-06', 100_000, 'EUR'),
        won('u', '2024-01-07', 5_000, 'USD'),
      ]);
      await storeRows(database, 'fx_rates', [rate('2024-01-09', 1.25)]);
    });

    it('is converted at the rate of its day, from when that is known', async () => {
      expect(await seen()).toEqual([
        [1, null],
        [2, null],
        [2, 130_000],
        [2, 130_000],
        [2, 130_000],
      ]);
    });

    it('shows what was known then, whatever rate becomes known later', async () => {
      const facts = await factsKnown(cutoffs[3]);
      await storeRows(database, 'fx_rates', [rate('2024-01-20', 1.3)]);
      expect(await seen()).toEqual([
        [1, null],
        [2, null],
        [2, 130_000],
        [2, 130_000],
        [2, 135_000],
      ]);
      expect(await factsKnown(cutoffs[3])).toEqual(facts);
    });

    it('is unknown, and not zero, in a currency without a rate', async () => {
      await storeRows(database, 'events', [won('g', '2024-01-08', 100, 'GBP')]);
      expect((await seen()).at(-1)).toEqual([3, null]);
    });

    it('in a deal is converted as it is in an event', async () => {
      const made = { deal_id: 'd', amount: 2_000, currency: 'EUR', submitted_at: '2024-01-05' };
      await storeRows(database, 'deals', [
        { ...made, known_at: '2024-01-06', closed_at: '2024-01-06', outcome: 'won' },
      ]);
      await storeRows(database, 'deal_partners', [
        { deal_id: 'd', partner_id: 'p', role: 'sourced', known_at: '2024-01-05' },
      ]);
      expect((await seen()).slice(1, 3)).toEqual([
        [3, null],
        [3, 132_500],
      ]);
    });
  });

  it('tracking of a kind begins with its earliest event, as it became known day by day', async () => {
    await storeRows(database, 'events', [
      ...deals('p', '2024-01-10', '2024-01-20'),
      deal('p', '2023-06-01', day('2024-03-05') + DAY / 2),
    ]);
    expect(await factsIn(database, 'USD').tracking()).toEqual([
      { kind: 'deal.registered', knownBy: day('2024-01-10'), since: day('2024-01-10') },
      { kind: 'deal.registered', knownBy: day('2024-03-05'), since: day('2023-06-01') },
    ]);
  });
});
