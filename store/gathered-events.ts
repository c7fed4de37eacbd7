import type { DealEvent, EventColumns, Instant, Profile } from '../features/index.ts';
import { ByteDictionary } from './byte-dictionary.ts';
import type { CopyRow } from './copy-binary.ts';
import { orderRows } from './row-order.ts';

/** The columns of `event` that are read, in this order: `GatheredEvents.add` knows them by their places. */
export const EVENT_COLUMNS =
  'happened_at, known_at, value, partner_id, event_id, kind, contact_id, product, account_id, deal_id, currency';
export const EVENT_FIELDS = EVENT_COLUMNS.split(',').length;
const [HAPPENED_AT, KNOWN_AT, VALUE, PARTNER_ID, EVENT_ID, KIND, CONTACT_ID, PRODUCT, ACCOUNT_ID, DEAL_ID, CURRENCY] =
  Array(EVENT_FIELDS).keys();

type Column = Float64Array | Int32Array;

/**
 * Versions of events on their way into columns. They come partner by partner, each partner's by their id and then as
 * they became known, which is the order of their key in the store: so the next version of an event follows it.
 */
export class GatheredEvents {
  readonly #knownBefore: Instant;
  readonly #offsets: number[] = [];
  #rows = 0;
  #happenedAt = new Float64Array(1024);
  #knownAt = new Float64Array(1024);
  #replacedAt = new Float64Array(1024);
  #value = new Float64Array(1024);
  #kind = new Int32Array(1024);
  #contact = new Int32Array(1024);
  #product = new Int32Array(1024);
  #account = new Int32Array(1024);
  #deal = new Int32Array(1024);
  #currency = new Int32Array(1024);
  readonly #kinds = new ByteDictionary();
  readonly #contacts = new ByteDictionary();
  readonly #products = new ByteDictionary();
  readonly #accounts = new ByteDictionary();
  readonly #deals = new ByteDictionary();
  readonly #currencies = new ByteDictionary();

  /** @param knownBefore versions that became known later end those before them, and are left out */
  constructor(knownBefore: Instant) {
    this.#knownBefore = knownBefore;
  }

  /** What follows is the next partner's. */
  beginPartner(): void {
    this.#offsets.push(this.#rows);
  }

  /**
   * Adds a row of `event`.
   * @param replaces whether it is a later version of the event of the row added before; then that one's place
   * @returns its place, or −1 when it was known too late
   */
  add(row: CopyRow, replaces: number): number {
    const knownAt = row.instant(KNOWN_AT);
    if (replaces >= 0) this.#replacedAt[replaces] = knownAt;
    if (!(knownAt < this.#knownBefore)) return -1;
    const i = this.#next();
    const { bytes, from, length } = row;
    this.#happenedAt[i] = row.instant(HAPPENED_AT);
    this.#knownAt[i] = knownAt;
    this.#replacedAt[i] = Number.POSITIVE_INFINITY;
    this.#value[i] = row.double(VALUE);
    this.#kind[i] = this.#kinds.code(bytes, from[KIND], length[KIND]);
    this.#contact[i] = this.#contacts.code(bytes, from[CONTACT_ID], length[CONTACT_ID]);
    this.#product[i] = this.#products.code(bytes, from[PRODUCT], length[PRODUCT]);
    this.#account[i] = this.#accounts.code(bytes, from[ACCOUNT_ID], length[ACCOUNT_ID]);
    this.#deal[i] = this.#deals.code(bytes, from[DEAL_ID], length[DEAL_ID]);
    this.#currency[i] = this.#currencies.code(bytes, from[CURRENCY], length[CURRENCY]);
    return i;
  }

  /** Adds what a deal says. */
  addDeal(event: DealEvent): void {
    if (!(event.knownAt < this.#knownBefore)) return;
    const i = this.#next();
    this.#happenedAt[i] = event.happenedAt;
    this.#knownAt[i] = event.knownAt;
    this.#replacedAt[i] = event.replacedAt;
    this.#value[i] = event.value ?? Number.NaN;
    this.#kind[i] = this.#kinds.codeOf(event.kind);
    this.#contact[i] = -1;
    this.#product[i] = this.#products.codeOf(event.product);
    this.#account[i] = this.#accounts.codeOf(event.accountId);
    this.#deal[i] = this.#deals.codeOf(event.dealId);
    this.#currency[i] = this.#currencies.codeOf(event.currency);
  }

  #next(): number {
    if (this.#rows === this.#happenedAt.length) this.#grow();
    return this.#rows++;
  }

  #grow(): void {
    this.#happenedAt = wider(this.#happenedAt);
    this.#knownAt = wider(this.#knownAt);
    this.#replacedAt = wider(this.#replacedAt);
    this.#value = wider(this.#value);
    this.#kind = wider(this.#kind);
    this.#contact = wider(this.#contact);
    this.#product = wider(this.#product);
    this.#account = wider(this.#account);
    this.#deal = wider(this.#deal);
    this.#currency = wider(this.#currency);
  }

  /** The columns: each partner's rows in the order they happened, codes in the order their words appear. */
  build(partners: readonly string[], profiles: readonly Profile[]): EventColumns {
    const n = this.#rows;
    const offsets = Int32Array.from([...this.#offsets, n]);
    const order = orderRows(offsets, this.#happenedAt.subarray(0, n), this.#knownAt);
    const kinds = recoded(this.#kind, order, this.#kinds, new Uint16Array(n));
    const currencies = recoded(this.#currency, order, this.#currencies, new Int16Array(n));
    const contacts = recoded(this.#contact, order, this.#contacts, new Int32Array(n));
    const products = recoded(this.#product, order, this.#products, new Int32Array(n));
    const accounts = recoded(this.#account, order, this.#accounts, new Int32Array(n));
    const deals = recoded(this.#deal, order, this.#deals, new Int32Array(n));
    return {
      partners,
      offsets,
      happenedAt: pick(this.#happenedAt, order, new Float64Array(n)),
      knownAt: pick(this.#knownAt, order, new Float64Array(n)),
      replacedAt: pick(this.#replacedAt, order, new Float64Array(n)),
      kind: kinds.codes,
      kinds: kinds.words(),
      contact: contacts.codes,
      contacts: contacts.words(),
      product: products.codes,
      products: products.words(),
      account: accounts.codes,
      accounts: accounts.words(),
      deal: deals.codes,
      deals: deals.words(),
      value: pick(this.#value, order, new Float64Array(n)),
      currency: currencies.codes,
      currencies: currencies.words(),
      profiles,
    };
  }
}

/** Whether a row is of the partner whose id some bytes spell, and of the same event as another row. */
export const KEY = { partner: PARTNER_ID, event: EVENT_ID } as const;

function wider<Wide extends Column>(column: Wide): Wide {
  const grown = new (column.constructor as new (length: number) => Wide)(2 * column.length);
  grown.set(column);
  return grown;
}

function pick(from: Float64Array, order: Int32Array, into: Float64Array): Float64Array {
  for (let i = 0; i < order.length; i++) into[i] = from[order[i]];
  return into;
}

/** Codes in another order, counted anew as their words appear in it. */
function recoded<Codes extends Int32Array | Uint16Array | Int16Array>(
  from: Int32Array,
  order: Int32Array,
  dictionary: ByteDictionary,
  codes: Codes,
): { codes: Codes; words(): string[] } {
  const renamed = new Int32Array(dictionary.size).fill(-1);
  const old: number[] = [];
  for (let i = 0; i < order.length; i++) {
    const code = from[order[i]];
    if (code >= 0 && renamed[code] < 0) renamed[code] = old.push(code) - 1;
    codes[i] = code < 0 ? -1 : renamed[code];
  }
  return { codes, words: () => old.map((code) => dictionary.word(code) ?? '') };
}
