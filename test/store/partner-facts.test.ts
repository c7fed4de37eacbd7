import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AttributeVersion, DAY, type EventColumns, parseDay } from '../../features/index.ts';
import { type Database, factsIn, type InputName, lastLoad } from '../../store/index.ts';
import { readPartners } from '../../store/partner-facts.ts';
import { drivers } from '../helpers/databases.ts';
import { deal, deals, type SomeRow, storeRows } from '../helpers/stored-events.ts';

const FIRST = parseDay('2024-01-01');
const ALWAYS = { knownBefore: Number.POSITIVE_INFINITY };
const PARTNERS = ['p', 'pq', 'é', '\ue000', '\u{1f600}'];

/** A day of a short time, so that days meet. */
const someDay = fc.integer({ min: 0, max: 8 }).map((day) => FIRST + day * DAY);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const lag = fc.constantFrom(null, null, 0, 1.5, 3);

const dealVersion = fc.record({
  known: someDay,
  lag,
  submitted: maybe(someDay),
  decided: maybe(someDay),
  decision: maybe(fc.constantFrom('approved', 'rejected', 'expired')),
  closed: maybe(someDay),
  outcome: maybe(fc.constantFrom('open', 'won', 'lost')),
  amount: maybe(fc.constantFrom(0, 100, 250)),
  currency: maybe(fc.constantFrom('EUR', 'USD')),
  account: maybe(fc.constantFrom('a', 'b')),
  product: maybe(fc.constantFrom('x', 'y')),
});
const someDeal = fc.record({
  versions: fc.uniqueArray(dealVersion, { minLength: 1, maxLength: 5, selector: ({ known }) => known }),
  parts: fc.uniqueArray(fc.record({ partner: fc.constantFrom(...PARTNERS), known: someDay, lag, role: fc.nat(1) }), {
    minLength: 1,
    maxLength: 4,
    selector: ({ partner, role }) => `${partner} ${role}`,
  }),
});
const someEvent = fc.record({
  partner: fc.constantFrom(...PARTNERS),
  id: fc.constantFrom('a', 'ab', 'b', 'deal', 'deal:d1:deal.x', 'e', 'é'),
  versions: fc.uniqueArray(
    fc.record({ known: someDay, happened: someDay, contact: maybe(fc.constantFrom('c', 'd')) }),
    {
      minLength: 1,
      maxLength: 3,
      selector: ({ known }) => known,
    },
  ),
});

type SomeDeal = typeof someDeal extends fc.Arbitrary<infer Value> ? Value : never;
type SomeEvent = typeof someEvent extends fc.Arbitrary<infer Value> ? Value : never;
const uniqueEvents = fc.uniqueArray(someEvent, { maxLength: 12, selector: ({ partner, id }) => `${partner} ${id}` });

/** Loads that each change what is known: each kind of input, late facts, a correction and another partner. */
const agreed = { partner_id: 'b', agreement_id: 'a', starts_on: '2024-01-01' };
const offered = { deal_id: 'd', amount: 100, currency: 'EUR', submitted_at: '2024-01-04' };
const LOADS: readonly [InputName, SomeRow[]][] = [
  ['events', deals('b', '2024-01-10', '2024-01-12')],
  ['partners', [{ partner_id: 'b', known_at: '2024-01-05', name: 'B', tier: 'gold', signed_on: '2023-01-01' }]],
  ['events', [{ ...deal('b', '2024-01-10', '2024-01-11'), kind: 'deal.won' }]],
  ['deals', [{ ...offered, known_at: '2024-01-05' }]],
  ['deal_partners', [{ deal_id: 'd', partner_id: 'b', role: 'sourced', known_at: '2024-01-05' }]],
  ['deals', [{ ...offered, known_at: '2024-01-20', closed_at: '2024-01-19', outcome: 'won' }]],
  ['fx_rates', [{ currency: 'EUR', day: '2024-01-03', rate: 1.25, known_at: '2024-01-04' }]],
  ['agreements', [{ ...agreed, known_at: '2024-01-02' }]],
  ['agreements', [{ ...agreed, known_at: '2024-02-02', renews_on: '2025-01-01' }]],
  [
    'partner_attributes',
    [{ partner_id: 'b', attribute: 'status', value: 'x', valid_from: '2024-01-01', known_at: '2024-01-02' }],
  ],
  ['partners', [{ partner_id: 'b', known_at: '2024-03-05', name: 'B', tier: 'silver', signed_on: '2023-01-01' }]],
  ['events', deals('a', '2023-12-10')],
];

describe.each(drivers.map((driver) => [driver.name, driver] as const))('facts of partners in %s', (_, driver) => {
  let database: Database;

  beforeEach(async () => {
    database = await driver.open();
  });
  afterEach(() => database.close());

  const at = (instant: number | null) => (instant === null ? null : new Date(instant));

  /** Rows as they lie in a table, past all loading; what they do not say is of no account here. */
  async function insert(table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
    const given = { source: 'test', content: '00000000-0000-0000-0000-000000000000', load_id: 1 };
    await database.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
      JSON.stringify(rows.map((row) => ({ ...given, ...row }))),
    ]);
  }

  async function insertDrawn(drawnDeals: readonly SomeDeal[], drawnEvents: readonly SomeEvent[]): Promise<void> {
    const ids = drawnDeals.map((_deal, i) => ['d1', 'd', 'd1:x', 'é', '\u{1f600}', '\ue000'][i]);
    await insert(
      'deal',
      drawnDeals.flatMap(({ versions }, i) =>
        versions.map((version) => ({
          deal_id: ids[i],
          known_at: at(version.known),
          lag_days: version.lag,
          submitted_at: at(version.submitted),
          decided_at: at(version.decided),
          decision: version.decision,
          closed_at: at(version.closed),
          outcome: version.outcome,
          amount: version.amount,
          currency: version.currency,
          account_id: version.account,
          product: version.product,
        })),
      ),
    );
    await insert(
      'deal_partner',
      drawnDeals.flatMap(({ parts }, i) =>
        parts.map(({ partner, role, known, lag }) => ({
          partner_id: partner,
          deal_partner_id: `${ids[i]} ${role}`,
          deal_id: ids[i],
          role: ['sourced', 'resold'][role],
          known_at: at(known),
          lag_days: lag,
        })),
      ),
    );
    await insert(
      'event',
      drawnEvents.flatMap(({ partner, id, versions }) =>
        versions.map(({ known, happened, contact }) => ({
          partner_id: partner,
          event_id: id,
          known_at: at(known),
          happened_at: at(happened),
          kind: 'portal.login',
          contact_id: contact,
        })),
      ),
    );
  }

  /** What the view says, in the order of columns; versions that never show are left out, their order being anyone's. */
  async function viewed(): Promise<unknown[][]> {
    const rows = await database.query<Record<string, Date | string | number | null>>(
      `select partner_id, happened_at, known_at, replaced_at, kind, value, currency, contact_id, product, account_id, deal_id
       from partner_event where known_at is distinct from replaced_at
       order by partner_id, happened_at, known_at, event_id`,
    );
    return recounted(
      rows.map((row) => Object.values(row).map((value) => (value instanceof Date ? value.getTime() : value))),
    );
  }

  function shown(columns: EventColumns): unknown[][] {
    const rows = columns.partners.flatMap((partner, p) =>
      Array.from({ length: columns.offsets[p + 1] - columns.offsets[p] }, (_each, i) => columns.offsets[p] + i)
        .filter((row) => columns.knownAt[row] !== columns.replacedAt[row])
        .map((row) => [
          partner,
          columns.happenedAt[row],
          columns.knownAt[row],
          columns.replacedAt[row] === Number.POSITIVE_INFINITY ? null : columns.replacedAt[row],
          columns.kinds[columns.kind[row]],
          Number.isNaN(columns.value[row]) ? null : columns.value[row],
          columns.currencies[columns.currency[row]] ?? null,
          ...[columns.contact, columns.product, columns.account, columns.deal].map((codes) =>
            codes[row] < 0 ? null : codes[row],
          ),
        ]),
    );
    return recounted(rows);
  }

  /** Of columns only codes are known: words and codes are both numbered as they come. */
  function recounted(rows: readonly unknown[][]): unknown[][] {
    const numbers = rows[0]?.map(() => new Map<unknown, number>()) ?? [];
    return rows.map((row) =>
      row.map((value, field) => {
        if (field < 7 || value === null) return value;
        const known = numbers[field];
        if (!known.has(value)) known.set(value, known.size);
        return known.get(value);
      }),
    );
  }

  it('say of any events and deals what the view says, in its order', async () => {
    const drawn = [fc.array(someDeal, { maxLength: 6 }), uniqueEvents] as const;
    await fc.assert(
      fc.asyncProperty(...drawn, async (drawnDeals, drawnEvents) => {
        await database.query('truncate event, deal, deal_partner');
        await insertDrawn(drawnDeals, drawnEvents);
        const columns = await readPartners(database, PARTNERS, ALWAYS);
        expect(columns.partners).toEqual(PARTNERS);
        expect(shown(columns)).toEqual(await viewed());
      }),
      { numRuns: 25 },
    );
  });

  it('are those of the partners asked for, known before the moment, in ranges of any kind', async () => {
    const rows = ['a', 'b', 'c'].map((partner) => deal(partner, '2024-01-02', '2024-01-03'));
    await storeRows(database, 'events', [...rows, { ...rows[0], known_at: '2024-01-05' }]);
    const read = async (partners: string[], knownBefore: string) => {
      const { offsets, replacedAt } = await readPartners(database, partners, { knownBefore: parseDay(knownBefore) });
      return [[...offsets], [...replacedAt]];
    };
    const never = Number.POSITIVE_INFINITY;
    expect(await read(['a', 'aa', 'c'], '2024-01-04')).toEqual([
      [0, 1, 1, 2],
      [parseDay('2024-01-05'), never],
    ]);
    expect(await read(['b'], '2024-01-04')).toEqual([[0, 1], [never]]);
    expect(await read(['a'], '2024-01-03')).toEqual([[0, 0], []]);
    expect(await read(['a'], '2024-01-06')).toEqual([
      [0, 2],
      [parseDay('2024-01-05'), never],
    ]);
    await expect(read(['b', 'a'], '2024-01-06')).rejects.toThrow(/ascending/);
  });

  it('hold what partners were like as the view of their history does, and their site and time zone', async () => {
    const value = maybe(fc.constantFrom('x', 'y'));
    const version = fc.record({ known: someDay, lag, load: fc.nat(2), tier: value, owner: value, website: value });
    const history = fc.uniqueArray(version, {
      maxLength: 5,
      selector: ({ known, lag: late, load }) => (late === null ? known : load + 0.5),
    });
    const said = fc.record({
      known: someDay,
      lag,
      from: someDay,
      attribute: fc.constantFrom('tier', 'status'),
      value: fc.constantFrom('x', 'z'),
    });
    for (const [i, day] of [2, 4, 6].entries()) {
      await database.query(
        `insert into load (load_id, source, target, file, read, stored, duplicate, quarantined, backfill, loaded_at)
         overriding system value values ($1, 's', 'partners', 'f', 0, 0, 0, 0, false, $2)`,
        [i, new Date(FIRST + day * DAY + 1)],
      );
    }
    await fc.assert(
      fc.asyncProperty(history, fc.array(said, { maxLength: 5 }), async (versions, declared) => {
        await database.query('truncate partner, partner_attribute');
        const known = new Set<number>();
        const exported = versions.filter(({ known: day }) => !known.has(day) && known.add(day));
        await insert(
          'partner',
          exported.map(({ known: day, lag: late, load, ...values }) => ({
            partner_id: 'p',
            known_at: at(day),
            name: 'P',
            time_zone: values.website,
            lag_days: late,
            load_id: load,
            ...values,
          })),
        );
        await insert(
          'partner_attribute',
          declared.map(({ known: day, lag: late, from, attribute, value: text }, i) => ({
            partner_id: 'p',
            attribute_id: String(i),
            known_at: at(day),
            attribute,
            value: text,
            valid_from: at(from),
            lag_days: late,
          })),
        );
        const [{ attributes }] = (await readPartners(database, ['p'], ALWAYS)).profiles;
        const rows = await database.query<{ attribute: string; value: string; valid_from: Date; known_at: Date }>(
          'select attribute, value, valid_from, known_at from partner_attribute_history',
        );
        const told = (each: AttributeVersion) => JSON.stringify(Object.values(each));
        const inView = ({ attribute }: AttributeVersion) => !['website', 'time_zone'].includes(attribute);
        expect(attributes.filter(inView).map(told).sort()).toEqual(
          rows
            .map(({ attribute, value: text, valid_from, known_at }) =>
              told({ attribute, value: text, validFrom: valid_from.getTime(), knownAt: known_at.getTime() }),
            )
            .sort(),
        );
        const order = attributes.map(({ knownAt, attribute }) => `${knownAt} ${attribute}`);
        expect(order).toEqual([...order].sort());
        const of = (name: string) => attributes.filter(({ attribute }) => attribute === name).map((each) => each.value);
        expect(of('time_zone')).toEqual(of('website'));
      }),
      { numRuns: 25 },
    );
  });

  it('as a load left them are what the store held when it was the last', async () => {
    const read = async (upToLoad?: number) => {
      const facts = factsIn(database, 'USD', upToLoad);
      const kinds = new Set(['deal.registered', 'deal.won']);
      const ranges: unknown[] = [];
      for await (const { partners, offsets, profiles, ...columns } of facts.ranges(parseDay('2025-01-01'))) {
        // A partner named later is there, and nothing is known of it.
        const named = partners.flatMap((partner, p) =>
          offsets[p] < offsets[p + 1] || profiles[p].signed.length + profiles[p].agreements.length > 0
            ? [[partner, offsets[p], profiles[p]]]
            : [],
        );
        ranges.push({ named, ...columns });
      }
      return { ranges, tracking: await facts.tracking(), watermark: await facts.watermark(kinds) };
    };
    const states: (readonly [load: number, state: unknown])[] = [];
    expect(await lastLoad(database)).toBe(0);
    for (const [input, rows] of LOADS) {
      await storeRows(database, input, rows);
      states.push([await lastLoad(database), await read()] as const);
    }
    expect(new Set(states.map(([, state]) => JSON.stringify(state))).size).toBe(LOADS.length);
    for (const [load, state] of states) expect(await read(load)).toEqual(state);
  });
});
