import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestIn, type EventColumns, encodeColumns, type FactSource, gather, parseDay } from '../../features/index.ts';
import { cachedFacts, cacheState, type Database, factsIn, type InputName } from '../../store/index.ts';
import { drivers } from '../helpers/databases.ts';
import { deals, type SomeRow, storeRows } from '../helpers/stored-events.ts';

const LATER = parseDay('2031-01-01');
const MANIFEST = 'manifest.json';
const QUIETLY = { reportingCurrency: 'USD', say: () => {} };

/** Every bit that a source tells, a checksum for each range. */
async function bitsOf(source: FactSource, before = LATER): Promise<string[]> {
  const bits: string[] = [];
  for await (const columns of source.ranges(before)) bits.push(digestIn(encodeColumns(columns)));
  return bits;
}

async function rangesOf(source: FactSource): Promise<EventColumns[]> {
  const ranges: EventColumns[] = [];
  for await (const columns of source.ranges(LATER)) ranges.push(columns);
  return ranges;
}

const PARTNERS = ['a', 'b', 'm', 'z'];
const day = (number: number) => `2024-01-${String(number).padStart(2, '0')}`;
/** One of several words, the same for the same numbers. */
const pick = (words: readonly string[], ...numbers: number[]) =>
  words[numbers.reduce((sum, number, i) => sum + number * (7 + i), 3) % words.length];

/** A row of an input, told on a day: another day tells something else of the same key. */
const rowsOf: Partial<Record<InputName, (partner: string, id: number, told: number) => SomeRow>> = {
  events: (partner_id, id, told) => ({
    partner_id,
    event_id: `e${id}`,
    known_at: day(told),
    happened_at: day(Math.ceil(told / (1 + (id % 3)))),
    kind: pick(['deal.won', 'portal.login', 'training.completed'], id, told),
    contact_id: pick(['', 'c1', 'c2'], id, told),
    product: pick(['', 'x', 'y'], id, told),
    value: pick(['', '100', '7'], id),
    currency: pick(['EUR', 'USD', 'GBP'], told),
  }),
  deals: (_, id, told) => ({
    deal_id: `d${id}`,
    known_at: day(told),
    submitted_at: day(Math.ceil(told / 2)),
    closed_at: pick(['', day(told)], told),
    outcome: pick(['', 'won'], told),
    amount: String(100 * told),
    currency: pick(['EUR', 'USD'], id),
    product: pick(['', 'x'], id, told),
  }),
  deal_partners: (partner_id, id, told) => ({ partner_id, deal_id: `d${id}`, role: 'sourced', known_at: day(told) }),
  agreements: (partner_id, id, told) => ({
    partner_id,
    agreement_id: `g${id}`,
    known_at: day(told),
    starts_on: '2023-01-01',
    renews_on: pick(['', '2024-03-01'], told),
    notice_days: pick(['', '30'], id),
  }),
  partners: (partner_id, _, told) => ({
    partner_id,
    known_at: day(told),
    name: 'P',
    signed_on: day(told),
    tier: pick(['gold', ''], told),
  }),
  partner_attributes: (partner_id, id, told) => ({
    partner_id,
    attribute_id: `t${id}`,
    known_at: day(told),
    attribute: pick(['tier', 'owner'], id),
    value: `v${told}`,
    valid_from: day(told),
  }),
  contacts: (partner_id, id, told) => ({ partner_id, contact_id: `c${id}`, known_at: day(told), role: `r${told}` }),
  fx_rates: (_, id, told) => ({
    currency: pick(['EUR', 'GBP'], id),
    day: day(id + 1),
    rate: 1 + told / 100,
    known_at: day(told),
  }),
};

const anyLoad = fc.constantFrom(...(Object.keys(rowsOf) as InputName[])).chain((input) =>
  fc.record({
    input: fc.constant(input),
    rows: fc.array(
      fc
        .tuple(fc.constantFrom(...PARTNERS), fc.nat(4), fc.integer({ min: 1, max: 20 }))
        .map(([partner, id, told]) => rowsOf[input]?.(partner, id, told) as SomeRow),
      { minLength: 1, maxLength: 6 },
    ),
  }),
);

describe.each(drivers.map((driver) => [driver.name, driver] as const))('a cache of the facts in %s', (_, driver) => {
  let database: Database;
  let directory: string;
  let said: string[];

  beforeEach(async () => {
    database = await driver.open();
    directory = mkdtempSync(join(tmpdir(), 'partnercast-columns-'));
    said = [];
  });
  afterEach(async () => {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const cached = (from = database) =>
    cachedFacts(from, directory, { reportingCurrency: 'USD', say: (sentence) => said.push(sentence) });
  const direct = () => factsIn(database, 'USD');
  const store = (input: InputName, ...rows: SomeRow[]) => storeRows(database, input, rows);
  const columnFiles = () => readdirSync(directory).filter((name) => name.endsWith('.columns'));

  async function expectEqual(before = LATER): Promise<void> {
    expect(await bitsOf(cached(), before)).toEqual(await bitsOf(direct(), before));
  }

  it('tells what the database tells, to the bit, after every kind of load', async () => {
    await expectEqual();
    await store('events', ...deals('m', '2024-01-10', '2024-01-12'));
    await expectEqual();
    await store('events', ...deals('m', '2024-01-11'), ...deals('z', '2024-01-01'));
    await expectEqual();
    const [corrected] = deals('m', '2024-01-10');
    await store('events', { ...corrected, known_at: '2024-01-20', kind: 'deal.won', value: 5, currency: 'EUR' });
    await expectEqual();
    await store('events', ...deals('a', '2024-01-10'), ...deals('n', '2024-01-10'), ...deals('zz', '2024-01-10'));
    await expectEqual();
    await store('deal_partners', { partner_id: 'a', deal_id: 'd', role: 'sourced', known_at: '2024-01-05' });
    await expectEqual();
    await store('deals', {
      deal_id: 'd',
      known_at: '2024-01-06',
      submitted_at: '2024-01-04',
      amount: 7,
      currency: 'EUR',
    });
    await expectEqual();
    await store('deals', { deal_id: 'd', known_at: '2024-01-08', closed_at: '2024-01-07', outcome: 'won' });
    await expectEqual();
    await store('agreements', { partner_id: 'n', agreement_id: 'g', known_at: '2024-01-01', starts_on: '2023-01-01' });
    await expectEqual();
    await store('partner_attributes', {
      partner_id: 'q',
      attribute_id: 't',
      known_at: '2024-01-01',
      attribute: 'tier',
      value: 'gold',
      valid_from: '2024-01-01',
    });
    await store('partners', { partner_id: 'q', name: 'Q', known_at: '2024-01-02', signed_on: '2023-05-01' });
    await expectEqual();
    await store('fx_rates', { currency: 'EUR', day: '2024-01-05', rate: 1.25, known_at: '2024-01-09' });
    await expectEqual();
    await expectEqual(parseDay('2024-01-10'));
    expect(said).toEqual([]);
    expect(columnFiles()).toHaveLength(1);
  });

  it('tells what the database tells after any loads, and what a cache made at once tells', async () => {
    const cutoff = fc.integer({ min: 1, max: 22 }).map((number) => parseDay(day(number)));
    await fc.assert(
      fc.asyncProperty(fc.array(anyLoad, { minLength: 2, maxLength: 5 }), cutoff, async (loads, before) => {
        const [own, place] = [await driver.open(), mkdtempSync(join(directory, 'run-'))];
        try {
          for (const { input, rows } of loads) {
            await storeRows(own, input, rows);
            await bitsOf(cachedFacts(own, place, QUIETLY));
          }
          const [kept, anew] = [place, join(place, 'anew')].map((at) => cachedFacts(own, at, QUIETLY));
          for (const moment of [before, LATER]) {
            const bits = await bitsOf(factsIn(own, 'USD'), moment);
            expect(await bitsOf(kept, moment)).toEqual(bits);
            expect(await bitsOf(anew, moment)).toEqual(bits);
          }
        } finally {
          await own.close();
        }
      }),
      { numRuns: 4 },
    );
  });

  it('reads again only partners of whom there is more than new events', async () => {
    const [first] = deals('m', '2024-01-10');
    await store('events', first, ...['a', 'b', 'n', 'z'].flatMap((partner) => deals(partner, '2024-01-10')));
    await store('deal_partners', { partner_id: 'z', deal_id: 'd', role: 'sourced', known_at: '2024-01-05' });
    await bitsOf(cached());
    // No load did this: it shows who is read again.
    await database.query("update event set kind = 'read again'");
    await store('deals', { deal_id: 'd', known_at: '2024-01-08', submitted_at: '2024-01-07' });
    await store('events', ...deals('b', '2024-01-09', '2024-01-11'), { ...first, known_at: '2024-01-20' });
    // Of the moment of another event: their ids say which goes first.
    await store('events', { ...deals('n', '2024-01-10')[0], event_id: 'an earlier id' });
    const [{ partners, offsets, kind, kinds }] = await rangesOf(cached());
    const again = partners.filter((_, p) =>
      kind.subarray(offsets[p], offsets[p + 1]).some((code) => kinds[code] === 'read again'),
    );
    expect(again).toEqual(['m', 'n', 'z']);
    expect([...offsets]).toEqual([0, 1, 4, 6, 8, 10]);
  });

  it('leaves ranges without new facts alone, and splits one that has grown', async () => {
    const some = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => deals(`p${from + i}`, '2024-01-10')).flat();
    await store('events', ...some(10_000, 12_000));
    await bitsOf(cached());
    const [before] = [columnFiles()];
    expect(before).toHaveLength(2);
    await store('events', ...some(12_000, 13_001));
    const whole = (ranges: EventColumns[]) => ranges.flatMap((range) => range.partners);
    expect(whole(await rangesOf(cached()))).toEqual(whole(await rangesOf(direct())));
    expect(columnFiles()).toHaveLength(4);
    expect(columnFiles().filter((name) => before.includes(name))).toHaveLength(1);
  });

  it('misses no load that ends while it is brought up to date', async () => {
    await store('events', ...deals('a', '2024-01-10'));
    const loads = [deals('a', '2024-01-11'), deals('a', '2024-01-12')];
    const nextLoad = async () => {
      const rows = loads.shift();
      if (rows) await store('events', ...rows);
    };
    const meanwhile: Database = {
      ...database,
      async transaction(work) {
        await nextLoad();
        const result = await database.transaction(work);
        await nextLoad();
        return result;
      },
    };
    const told = await bitsOf(cached(meanwhile));
    expect(told).toEqual(await bitsOf(factsIn(database, 'USD', 1)));
    expect(loads).toEqual([]);
    await expectEqual();
  });

  it('tells of an earlier load what the database tells', async () => {
    await store('events', ...deals('a', '2024-01-10'));
    await store('events', ...deals('a', '2024-01-11'));
    for (const upToLoad of [1, 2]) {
      const source = cachedFacts(database, directory, { ...QUIETLY, upToLoad });
      expect(await bitsOf(source)).toEqual(await bitsOf(factsIn(database, 'USD', upToLoad)));
    }
    expect(await bitsOf(factsIn(database, 'USD', 1))).not.toEqual(await bitsOf(direct()));
  });

  it('may be brought up to date by two at once', async () => {
    for (const number of [10, 11, 12]) {
      await store('events', ...deals('a', day(number)));
      const bits = await bitsOf(direct());
      expect(await Promise.all([bitsOf(cached()), bitsOf(cached())])).toEqual([bits, bits]);
    }
    await expectEqual();
  });

  // What follows asks nothing of the driver.
  if (driver !== drivers[0]) return;

  describe('is read anew', () => {
    beforeEach(async () => {
      await store('events', ...deals('a', '2024-01-10'), ...deals('b', '2024-01-11'));
      await bitsOf(cached());
    });

    const manifestPath = () => join(directory, MANIFEST);
    const filePath = () => join(directory, columnFiles()[0]);
    /** Changes the manifest's text. */
    const edit = (from: RegExp, to: string) => {
      const text = readFileSync(manifestPath(), 'utf8');
      expect(text).toMatch(from);
      writeFileSync(manifestPath(), text.replace(from, to));
    };
    const damages: [string, () => Promise<unknown> | unknown, RegExp | null][] = [
      ['a bit of a file is another', () => flip(filePath()), /checksum/],
      ['a file is cut', () => truncateSync(filePath(), 100), /bytes long/],
      ['a file is empty', () => truncateSync(filePath(), 0), /damaged|place|document/],
      ['a file is missing', () => rmSync(filePath()), /no such file/],
      ['a file is another whole one', () => writeFileSync(filePath(), encodeColumns(gather([]))), /another file/],
      ['the manifest is missing', () => rmSync(manifestPath()), null],
      ['the manifest is cut', () => truncateSync(manifestPath(), 50), /JSON/],
      ['the manifest is nothing', () => writeFileSync(manifestPath(), 'null'), /cannot be used/],
      ['a number in the manifest is another', () => edit(/"load":\d+/, '"load":0'), /damaged/],
      [
        'it is of another version',
        () => {
          const { manifest } = JSON.parse(readFileSync(manifestPath(), 'utf8'));
          manifest.format++;
          const checksum = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
          writeFileSync(manifestPath(), JSON.stringify({ checksum, manifest }));
        },
        /another version/,
      ],
      [
        'it is of another store',
        () => database.query('update store_identity set identity = gen_random_uuid()'),
        /another store/,
      ],
      ['the schema is another', () => database.query("update schema_migration set checksum = 'x'"), /another store/],
      ['the store was restored to before its last load', () => takeBack(), /restored/],
      [
        'the store was restored, and another load bears the number',
        async () => {
          await takeBack();
          await database.query("select setval(pg_get_serial_sequence('load', 'load_id'), 1, false)");
          await store('events', ...deals('c', '2024-01-10', '2024-01-12', '2024-01-13'));
        },
        /restored/,
      ],
    ];
    const takeBack = async () => {
      for (const table of ['event', 'event_tracking', 'partner_key', 'load'])
        await database.query(`delete from ${table}`);
    };

    it.each(damages)('when %s', async (_, damage, reason) => {
      await damage();
      await expectEqual();
      if (reason === null) expect(said).toEqual([]);
      else expect(said.join()).toMatch(reason);
      said = [];
      await expectEqual();
      expect(said).toEqual([]);
    });

    it('when a file is damaged and facts are new', async () => {
      flip(filePath());
      await store('events', ...deals('b', '2024-01-12'));
      await expectEqual();
      expect(said).toHaveLength(1);
      await expectEqual();
      expect(said).toHaveLength(1);
    });
  });

  it('stands as it was when the process is killed before the new manifest is in place', async () => {
    await store('events', ...deals('a', '2024-01-10'));
    await bitsOf(cached());
    const before = `${directory}-before`;
    cpSync(directory, before, { recursive: true });
    await store('events', ...deals('a', '2024-01-11'), ...deals('b', '2024-01-11'));
    await bitsOf(cached());
    // New files beside the old ones and the old manifest.
    cpSync(before, directory, { recursive: true });
    rmSync(before, { recursive: true });
    expect(columnFiles()).toHaveLength(2);
    for (const name of ['old.new', 'young.new']) writeFileSync(join(directory, name), 'half');
    utimesSync(join(directory, 'old.new'), 0, 0);
    await expectEqual();
    expect(said).toEqual([]);
    expect(columnFiles()).toHaveLength(1);
    expect(readdirSync(directory).filter((name) => name.endsWith('.new'))).toEqual(['young.new']);
  });

  it('gives way to the database where nothing can be written, and says so once', async () => {
    await store('events', ...deals('a', '2024-01-10'));
    writeFileSync(join(directory, 'file'), '');
    const source = cachedFacts(database, join(directory, 'file', 'columns'), {
      reportingCurrency: 'USD',
      say: (sentence) => said.push(sentence),
    });
    const bits = await bitsOf(direct());
    expect([await bitsOf(source), await bitsOf(source)]).toEqual([bits, bits]);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/cannot be kept/);
  });

  it('can be read by its owner only', async () => {
    await store('events', ...deals('a', '2024-01-10'));
    await bitsOf(cached());
    for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o077, name).toBe(0);
  });

  it('tells how much it holds', async () => {
    expect(await cacheState(directory)).toBeNull();
    await store('events', ...deals('a', '2024-01-10'), ...deals('b', '2024-01-10'));
    await bitsOf(cached());
    expect(await cacheState(directory)).toEqual({
      partners: 2,
      load: 1,
      bytes: readFileSync(join(directory, columnFiles()[0])).length,
    });
  });
});

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 20] ^= 4;
  writeFileSync(path, bytes);
}
