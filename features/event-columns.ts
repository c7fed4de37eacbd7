import type { Instant } from './time.ts';

/**
 * The facts about a range of partners, side by side in columns: one row per version of an event, partner by
 * partner, each partner's rows ascending by `happenedAt`, then `knownAt`, then event id. The versions that exchange
 * rates make of one version (see `RateBook`) follow each other in its place.
 */
export interface EventColumns {
  /** Partner ids, each once. */
  partners: readonly string[];
  /** Partner p owns the rows from `offsets[p]` up to, not including, `offsets[p + 1]`. */
  offsets: Int32Array;
  happenedAt: Float64Array;
  knownAt: Float64Array;
  /** When a newer version of the same event became known; Infinity while there is none. */
  replacedAt: Float64Array;
  /** Index into `kinds`. */
  kind: Uint16Array;
  kinds: readonly string[];
  /** Index into `contacts`, −1 where the event names no contact. */
  contact: Int32Array;
  contacts: readonly string[];
  /** Index into `products`, −1 where the event names no product. */
  product: Int32Array;
  products: readonly string[];
  /** Index into `accounts`, −1 where the event names no account. */
  account: Int32Array;
  accounts: readonly string[];
  /** Index into `deals`, −1 where the event names no deal. */
  deal: Int32Array;
  deals: readonly string[];
  /** Minor units where `currency` ≥ 0, a plain number otherwise; NaN is unknown. */
  value: Float64Array;
  /** Index into `currencies`, −1 where the value is no money. */
  currency: Int16Array;
  currencies: readonly string[];
  /** What is known of each partner besides its events, same order as `partners`. */
  profiles: readonly Profile[];
}

/** What is known of a partner besides its events; every entry says since when it is known. */
export interface Profile {
  signed: readonly DatedFact[];
  agreements: readonly Agreement[];
  /** What the partner is like, in the order it was to be known. */
  attributes: readonly AttributeVersion[];
}

/** Nothing is known. */
export const BLANK: Profile = { signed: [], agreements: [], attributes: [] };

/** What a partner was like from a day on: `type`, `country`, `region`, `industry`, `employees`, `tier`, `owner` … */
export interface AttributeVersion {
  attribute: string;
  /** As text, whatever it is; null where it was taken back. */
  value: string | null;
  validFrom: Instant;
  knownAt: Instant;
}

/** A day that matters, and when the records could first show it. */
export interface DatedFact {
  at: Instant;
  knownAt: Instant;
}

/** One version of an agreement. */
export interface Agreement {
  id: string;
  startsOn: Instant;
  renewsOn: Instant | null;
  /** Days before the renewal by which notice must be given. */
  noticeDays: number | null;
  endedOn: Instant | null;
  endReason: EndReason;
  knownAt: Instant;
}

/** Who ended an agreement; `merged` partners live on under another id. */
export type EndReason = 'partner' | 'vendor' | 'merged' | 'unknown' | null;

/** Of several versions of agreements, the latest of each that was known before an instant. */
export function agreementsKnownBy(versions: readonly Agreement[], instant: Instant): Agreement[] {
  const latest = new Map<string, Agreement>();
  for (const version of versions) {
    const held = latest.get(version.id);
    if (version.knownAt < instant && (!held || held.knownAt <= version.knownAt)) latest.set(version.id, version);
  }
  return [...latest.values()];
}

/** How many codes of a dictionary are used: the highest and one. */
export function codesIn(codes: Int32Array): number {
  let highest = -1;
  for (let i = 0; i < codes.length; i++) if (codes[i] > highest) highest = codes[i];
  return highest + 1;
}

/** One version of an event, as a reader hands it to `EventColumnsBuilder`. */
export interface EventRow {
  happenedAt: Instant;
  knownAt: Instant;
  replacedAt: Instant;
  kind: string;
  contactId: string | null;
  product: string | null;
  accountId: string | null;
  dealId: string | null;
  value: number | null;
  currency: string | null;
}

/** Collects rows that arrive partner by partner, each partner's in time order, into growing typed arrays. */
export class EventColumnsBuilder {
  readonly #partners: string[] = [];
  readonly #profiles: Profile[] = [];
  readonly #offsets: number[] = [];
  #rows = 0;
  #happenedAt = new Float64Array(1024);
  #knownAt = new Float64Array(1024);
  #replacedAt = new Float64Array(1024);
  #value = new Float64Array(1024);
  #kind = new Uint16Array(1024);
  #contact = new Int32Array(1024);
  #product = new Int32Array(1024);
  #account = new Int32Array(1024);
  #deal = new Int32Array(1024);
  #currency = new Int16Array(1024);
  readonly #kinds = new Dictionary();
  readonly #contacts = new Dictionary();
  readonly #products = new Dictionary();
  readonly #accounts = new Dictionary();
  readonly #deals = new Dictionary();
  readonly #currencies = new Dictionary();

  /** How many rows have been added. */
  get rows(): number {
    return this.#rows;
  }

  /** The rows that follow are this partner's; one without rows is a partner that has done nothing yet. */
  beginPartner(partnerId: string, profile: Profile = BLANK): void {
    this.#partners.push(partnerId);
    this.#profiles.push(profile);
    this.#offsets.push(this.#rows);
  }

  /**
   * Adds one version of an event of the partner begun last.
   * @throws RangeError when it happened before the row added last: windows rely on the order
   */
  add(row: EventRow): void {
    if (this.#rows > (this.#offsets.at(-1) ?? 0) && row.happenedAt < this.#happenedAt[this.#rows - 1]) {
      throw new RangeError(`the events of ${this.#partners.at(-1)} must arrive in the order they happened`);
    }
    if (this.#rows === this.#happenedAt.length) this.#grow();
    const i = this.#rows++;
    this.#happenedAt[i] = row.happenedAt;
    this.#knownAt[i] = row.knownAt;
    this.#replacedAt[i] = row.replacedAt;
    this.#kind[i] = this.#kinds.code(row.kind);
    this.#contact[i] = this.#contacts.code(row.contactId);
    this.#product[i] = this.#products.code(row.product);
    this.#account[i] = this.#accounts.code(row.accountId);
    this.#deal[i] = this.#deals.code(row.dealId);
    this.#value[i] = row.value ?? Number.NaN;
    this.#currency[i] = this.#currencies.code(row.currency);
  }

  #grow(): void {
    const wider = <T extends Float64Array | Uint16Array | Int32Array | Int16Array>(column: T): T => {
      const grown = new (column.constructor as new (length: number) => T)(column.length * 2);
      grown.set(column);
      return grown;
    };
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

  /** The columns gathered so far. */
  build(): EventColumns {
    const n = this.#rows;
    return {
      partners: this.#partners,
      offsets: Int32Array.from([...this.#offsets, n]),
      happenedAt: this.#happenedAt.subarray(0, n),
      knownAt: this.#knownAt.subarray(0, n),
      replacedAt: this.#replacedAt.subarray(0, n),
      kind: this.#kind.subarray(0, n),
      kinds: this.#kinds.words,
      contact: this.#contact.subarray(0, n),
      contacts: this.#contacts.words,
      product: this.#product.subarray(0, n),
      products: this.#products.words,
      account: this.#account.subarray(0, n),
      accounts: this.#accounts.words,
      deal: this.#deal.subarray(0, n),
      deals: this.#deals.words,
      value: this.#value.subarray(0, n),
      currency: this.#currency.subarray(0, n),
      currencies: this.#currencies.words,
      profiles: this.#profiles,
    };
  }
}

/** Words as codes in the order they first appear; no word is −1. */
export class Dictionary {
  readonly words: string[] = [];
  readonly #codes = new Map<string, number>();

  code(word: string | null): number {
    if (word === null) return -1;
    const known = this.#codes.get(word);
    if (known !== undefined) return known;
    this.#codes.set(word, this.words.length);
    return this.words.push(word) - 1;
  }
}
