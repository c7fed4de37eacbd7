import type { EventRow } from './event-columns.ts';
import { DAY, type Instant, startOfDay } from './time.ts';

/** Of a version of an event, what its conversion asks for. */
type Amount = Pick<EventRow, 'happenedAt' | 'knownAt' | 'replacedAt' | 'value' | 'currency'>;

/** What one unit of a currency was worth on a day, in units of the reporting currency. */
export interface ExchangeRate {
  /** ISO 4217 code. */
  currency: string;
  /** The UTC midnight that begins the day. */
  day: Instant;
  rate: number;
  /** When the records could first show it; of one day's rates, the latest known is a correction. */
  knownAt: Instant;
}

/**
 * How old a rate may be. None is published on weekends and holidays, and many companies fix one rate a month; a rate
 * older than that is the price of another time.
 */
export const RATE_HOLDS_DAYS = 31;

/** The rate to convert by, from when it is known until the next. */
interface KnownRate {
  from: Instant;
  rate: number;
}

/**
 * Exchange rates, and since when each is known. Money is converted at the rate of the latest day that is not after
 * its own, and no more than `RATE_HOLDS_DAYS` before it, among those known by then: whatever becomes known later
 * changes no amount as it was seen before.
 */
export class RateBook {
  readonly #reportingCurrency: string;
  readonly #published = new Map<string, ExchangeRate[]>();
  /** By currency and day. */
  readonly #known = new Map<string, Map<Instant, readonly KnownRate[]>>();

  /**
   * @param reportingCurrency ISO 4217 code of what is converted to; it needs no rate
   * @param rates in any order
   */
  constructor(reportingCurrency: string, rates: Iterable<ExchangeRate>) {
    this.#reportingCurrency = reportingCurrency;
    for (const rate of rates) {
      const key = keyOf(rate.currency, rate.day);
      const published = this.#published.get(key);
      if (published) published.push(rate);
      else this.#published.set(key, [rate]);
    }
  }

  /** Whether money in this currency has to be converted; what has none is no money. */
  isForeign(currency: string | null): boolean {
    return currency !== null && currency !== this.#reportingCurrency;
  }

  /**
   * A version of an event in the reporting currency, as consecutive versions that take up its time without gap or
   * overlap: while no rate is known the value is unknown, in its own currency; each rate then makes a version of its
   * own. An event that is not in a foreign currency stays as it is.
   */
  convert<Version extends Amount>(row: Version): Version[] {
    const { currency, value, knownAt, replacedAt } = row;
    if (currency === null || !this.isForeign(currency) || value === null) return [row];
    const versions: Version[] = [];
    let version: Version = { ...row, value: null };
    for (const { from, rate } of this.#ratesOf(currency, startOfDay(row.happenedAt))) {
      if (from >= replacedAt) break;
      if (from > knownAt) versions.push({ ...version, replacedAt: from });
      version = {
        ...row,
        knownAt: Math.max(from, knownAt),
        value: exchange(value, currency, rate, this.#reportingCurrency),
        currency: this.#reportingCurrency,
      };
    }
    versions.push(version);
    return versions;
  }

  #ratesOf(currency: string, day: Instant): readonly KnownRate[] {
    let ofCurrency = this.#known.get(currency);
    if (!ofCurrency) {
      ofCurrency = new Map();
      this.#known.set(currency, ofCurrency);
    }
    let known = ofCurrency.get(day);
    if (!known) {
      known = inTurn(this.#publishedBy(currency, day));
      ofCurrency.set(day, known);
    }
    return known;
  }

  #publishedBy(currency: string, day: Instant): ExchangeRate[] {
    const days = Array.from({ length: RATE_HOLDS_DAYS + 1 }, (_, age) => day - age * DAY);
    return days.flatMap((each) => this.#published.get(keyOf(currency, each)) ?? []);
  }
}

function keyOf(currency: string, day: Instant): string {
  return `${currency} ${day}`;
}

/** Of rates that may serve for a day, those that do, one after the other: a later day's, and a correction of its own. */
function inTurn(rates: ExchangeRate[]): KnownRate[] {
  const turns: KnownRate[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (const { day, rate, knownAt } of rates.sort((a, b) => a.knownAt - b.knownAt || a.day - b.day)) {
    if (day < latest) continue;
    latest = day;
    if (turns.at(-1)?.from === knownAt) turns.pop();
    if (turns.at(-1)?.rate !== rate) turns.push({ from: knownAt, rate });
  }
  return turns;
}

/** Minor units of one currency as whole minor units of another, at a rate for whole units. */
function exchange(minor: number, from: string, rate: number, to: string): number {
  return Math.round((minor * rate * 10 ** minorDigits(to)) / 10 ** minorDigits(from));
}

/**
 * Currencies without two decimals, by how many they have: ISO 4217, list one. What `Intl` says are the decimals that
 * people write (CLDR): none for HUF or IDR, whose minor units programs count all the same.
 */
const DECIMALS: readonly [digits: number, currencies: string][] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];
const digitsOf = new Map(
  DECIMALS.flatMap(([digits, currencies]) => currencies.split(' ').map((each) => [each, digits] as const)),
);

/** Decimals of a currency, by its ISO 4217 code: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  return digitsOf.get(currency) ?? 2;
}
