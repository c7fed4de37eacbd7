import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DAY,
  type EventRow,
  type ExchangeRate,
  History,
  minorDigits,
  parseDay,
  RATE_HOLDS_DAYS,
  RateBook,
} from '../../features/index.ts';
import { columnsOf, programSince } from '../helpers/facts.ts';

const NEVER = Number.POSITIVE_INFINITY;
/** A Friday. */
const FRIDAY = parseDay('2024-01-05');
const daysOn = (days: number) => FRIDAY + days * DAY;

/** A rate of a day, known when it begins or so many days after the Friday. */
function rate(currency: string, day: number, value: number, known = day): ExchangeRate {
  return { currency, day: daysOn(day), rate: value, knownAt: daysOn(known) };
}

/** A deal won, known when it happened. */
function won(value: number | null, currency: string | null, day = 0, more: Partial<EventRow> = {}): EventRow {
  const happenedAt = daysOn(day);
  const nobody = { contactId: null, product: null, accountId: null, dealId: null };
  return { happenedAt, knownAt: happenedAt, replacedAt: NEVER, kind: 'deal.won', ...nobody, value, currency, ...more };
}

/** From when, until when and what is shown of an event, days after the Friday. */
function shown(book: RateBook, row: EventRow) {
  return book
    .convert(row)
    .map(({ knownAt, replacedAt, value, currency }) => [
      (knownAt - FRIDAY) / DAY,
      (replacedAt - FRIDAY) / DAY,
      value,
      currency,
    ]);
}

/** What one event comes to in the reporting currency, once everything is known. */
function inThe(reporting: string, currency: string, value: number, each: number): number | null | undefined {
  return new RateBook(reporting, [rate(currency, 0, each)]).convert(won(value, currency)).at(-1)?.value;
}

describe('an amount is converted', () => {
  it('at the rate for whole units, whatever the decimals of the two currencies', () => {
    // 1000.00 euros at 1.25 dollars.
    expect(inThe('USD', 'EUR', 100_000, 1.25)).toBe(125_000);
    // 10000 yen at 0.0065 dollars are 65 dollars; yen have no minor unit.
    expect(inThe('USD', 'JPY', 10_000, 0.0065)).toBe(6_500);
    // 10.00 euros at 160.5 yen are 1605 yen.
    expect(inThe('JPY', 'EUR', 1_000, 160.5)).toBe(1_605);
    // 1.500 dinars at 3.26 dollars are 4.89 dollars.
    expect(inThe('USD', 'KWD', 1_500, 3.26)).toBe(489);
    // 0.33 and 0.37 euros at 1.1 dollars are 0.363 and 0.407 dollars.
    expect([33, 37].map((cents) => inThe('USD', 'EUR', cents, 1.1))).toEqual([36, 41]);
    expect(['EUR', 'JPY', 'KWD'].map(minorDigits)).toEqual([2, 0, 3]);
  });

  it('by the decimals of ISO 4217, not by those that people write', () => {
    const two = ['HUF', 'COP', 'IDR', 'PKR', 'AFN', 'ALL', 'LBP', 'MMK', 'YER', 'SOS', 'IRR', 'LAK', 'MGA', 'TWD'];
    expect(two.filter((currency) => minorDigits(currency) !== 2)).toEqual([]);
    expect(['KRW', 'ISK', 'XAF', 'UGX', 'BHD', 'IQD', 'TND', 'CLF'].map(minorDigits)).toEqual([0, 0, 0, 0, 3, 3, 3, 4]);
    // 100000.00 forint at 0.0025 euros are 250 euros.
    expect(inThe('EUR', 'HUF', 10_000_000, 0.0025)).toBe(25_000);
  });

  it('not when it is in the reporting currency, is no money or is unknown', () => {
    const book = new RateBook('USD', [rate('USD', 0, 2), rate('EUR', 0, 1.25)]);
    for (const row of [won(100, 'USD'), won(9, null), won(null, 'EUR')]) expect(book.convert(row)).toEqual([row]);
    expect(['USD', null, 'EUR'].map((currency) => book.isForeign(currency))).toEqual([false, false, true]);
  });
});

describe('the rate of an event', () => {
  const friday = [rate('EUR', 0, 1.25)];

  it('is that of its own UTC day, not of the day after', () => {
    const book = new RateBook('USD', [...friday, rate('EUR', 1, 1.5, 0)]);
    const late = won(100, 'EUR', 0, { happenedAt: daysOn(1) - 1 });
    expect(book.convert(late).map(({ value }) => value)).toEqual([125]);
    expect(book.convert(won(100, 'EUR', 1)).map(({ value }) => value)).toEqual([150]);
  });

  it('is the last one before a weekend or a holiday, for a week', () => {
    const book = new RateBook('USD', friday);
    expect(shown(book, won(100_000, 'EUR', 1))).toEqual([[1, NEVER, 125_000, 'USD']]);
    expect(shown(book, won(100_000, 'EUR', 2))).toEqual([[2, NEVER, 125_000, 'USD']]);
    expect(shown(book, won(100_000, 'EUR', RATE_HOLDS_DAYS))).toEqual([[RATE_HOLDS_DAYS, NEVER, 125_000, 'USD']]);
    expect(shown(book, won(100_000, 'EUR', RATE_HOLDS_DAYS + 1))).toEqual([[RATE_HOLDS_DAYS + 1, NEVER, null, 'EUR']]);
    expect(shown(book, won(100_000, 'EUR', -1))).toEqual([[-1, NEVER, null, 'EUR']]);
  });

  it('is unknown, and not zero, without one of its currency', () => {
    const book = new RateBook('USD', friday);
    expect(shown(book, won(100, 'GBP'))).toEqual([[0, NEVER, null, 'GBP']]);
  });

  it('is unknown until one is known', () => {
    const book = new RateBook('USD', [rate('EUR', 0, 1.25, 1)]);
    expect(shown(book, won(100_000, 'EUR'))).toEqual([
      [0, 1, null, 'EUR'],
      [1, NEVER, 125_000, 'USD'],
    ]);
  });

  it('makes no version that never shows, or shows nothing new', () => {
    const loadedAtOnce = [0, 1, 2, 3].map((day) => rate('EUR', day, 1 + day / 4, 5));
    expect(shown(new RateBook('USD', loadedAtOnce), won(100, 'EUR', 3))).toEqual([
      [3, 5, null, 'EUR'],
      [5, NEVER, 175, 'USD'],
    ]);
    const unmoved = new RateBook('USD', [...friday, rate('EUR', 1, 1.25, 2)]);
    expect(shown(unmoved, won(100, 'EUR', 1))).toEqual([[1, NEVER, 125, 'USD']]);
  });

  it('is one of days before until its own is known, and never an older one after that', () => {
    const rates = [rate('EUR', 3, 1.5, 4), rate('EUR', 2, 1.4, 5), ...friday];
    expect(shown(new RateBook('USD', rates), won(100, 'EUR', 3))).toEqual([
      [3, 4, 125, 'USD'],
      [4, NEVER, 150, 'USD'],
    ]);
  });

  it('changes with a correction, from when that is known', () => {
    const book = new RateBook('USD', [rate('EUR', 0, 1.3, 9), rate('EUR', 0, 1.25, 2)]);
    const versions = [
      [0, 2, null, 'EUR'],
      [2, 9, 125_000, 'USD'],
    ];
    expect(shown(book, won(100_000, 'EUR'))).toEqual([...versions, [9, NEVER, 130_000, 'USD']]);
    expect(shown(book, won(100_000, 'EUR', 0, { replacedAt: daysOn(9) }))).toEqual([
      versions[0],
      [2, 9, 125_000, 'USD'],
    ]);
    expect(shown(book, won(100_000, 'EUR', 0, { knownAt: daysOn(9) }))).toEqual([[9, NEVER, 130_000, 'USD']]);
  });
});

it('a history shows an amount from the first cutoff after its rate was known, and the event at all of them', () => {
  const book = new RateBook('USD', [rate('EUR', 0, 1.25, 2), rate('EUR', 0, 1.3, 5)]);
  const rows = [...book.convert(won(100_000, 'EUR')), won(700, 'USD'), ...book.convert(won(100, 'EUR', 0))];
  const columns = columnsOf({
    p: rows.map(({ happenedAt, knownAt, ...row }) => ({ at: happenedAt, known: knownAt, ...row })),
  });
  const seen = new History(columns, programSince('2020-01-01'));
  const money = [0, 1, 2, 3, 4, 5, 6].map((day) => seen.moveTo(0, daysOn(day)).money('won', 30));
  expect(money).toEqual([0, null, null, 125_825, 125_825, 125_825, 130_830]);
  expect([0, 1, 2, 3, 6].map((day) => seen.moveTo(0, daysOn(day)).count('won', 30))).toEqual([0, 3, 3, 3, 3]);
});

describe('with any rates and any event', () => {
  const HALF = DAY / 2;
  const halfDays = (most: number) => fc.integer({ min: 0, max: most }).map((halves) => FRIDAY + halves * HALF);
  const moments = Array.from({ length: 160 }, (_, quarters) => FRIDAY + quarters * (DAY / 4));
  const drawnRate = fc.record({
    currency: fc.constantFrom('EUR', 'GBP'),
    day: fc.integer({ min: 0, max: 14 }).map((day) => daysOn(day)),
    rate: fc.constantFrom(0.5, 1.25, 1.5, 2),
    knownAt: halfDays(40),
  });
  const drawnRates = fc.uniqueArray(drawnRate, {
    maxLength: 25,
    selector: ({ currency, day, knownAt }) => `${currency} ${day} ${knownAt}`,
  });
  const drawnEvent = fc.record({
    happenedAt: halfDays(30),
    late: fc.integer({ min: 0, max: 10 }),
    stands: fc.option(fc.integer({ min: 1, max: 30 }), { nil: NEVER }),
    currency: fc.constantFrom('EUR', 'GBP', 'USD', null),
  });

  /** What an event of 100 comes to as of a moment, by what was known before it. */
  function slowly(rates: readonly ExchangeRate[], row: EventRow, asOf: number): number | null {
    if (row.currency === null || row.currency === 'USD') return row.value;
    const day = Math.floor(row.happenedAt / DAY) * DAY;
    const [best] = rates
      .filter((each) => each.currency === row.currency && each.knownAt < asOf)
      .filter((each) => each.day <= day && each.day >= day - RATE_HOLDS_DAYS * DAY)
      .sort((a, b) => b.day - a.day || b.knownAt - a.knownAt);
    return best === undefined ? null : 100 * best.rate;
  }

  const shows = ({ knownAt, replacedAt }: EventRow, asOf: number) => knownAt < asOf && replacedAt >= asOf;

  it('exactly one version shows whenever the event does, with the amount that the rates known by then make', () => {
    fc.assert(
      fc.property(drawnRates, drawnEvent, (rates, { happenedAt, late, stands, currency }) => {
        const knownAt = happenedAt + late * HALF;
        const row = won(100, currency, 0, { happenedAt, knownAt, replacedAt: knownAt + stands * HALF });
        const versions = new RateBook('USD', rates).convert(row);
        for (const asOf of moments) {
          const values = versions.filter((version) => shows(version, asOf)).map(({ value }) => value);
          expect(values).toEqual(shows(row, asOf) ? [slowly(rates, row, asOf)] : []);
        }
      }),
      { numRuns: 300 },
    );
  });
});
