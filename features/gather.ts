import { Dictionary, type EventColumns, type Profile } from './event-columns.ts';
import type { Instant } from './time.ts';

/** A partner, by its place in some columns. */
export interface Placed {
  columns: EventColumns;
  partner: number;
}

/**
 * Columns of some partners, in the order given, wherever each comes from. Two ways to the same facts end in the same
 * bits: the codes of contacts, products, accounts and deals count up within each partner, kinds and currencies stand in
 * the order in which rows first name them.
 * @param knownBefore leaves out what became known at this moment or later; everything stays when it is undefined
 */
export function gather(places: readonly Placed[], knownBefore?: Instant): EventColumns {
  const offsets = Int32Array.from([0, ...places.map(() => 0)]);
  places.forEach((place, i) => {
    offsets[i + 1] = offsets[i] + rowsOf(place, knownBefore);
  });
  const gathering = new Gathering(offsets[places.length]);
  for (const place of places) gathering.add(place, knownBefore);
  return {
    partners: places.map(({ columns, partner }) => columns.partners[partner]),
    offsets,
    ...gathering.columns,
    kinds: gathering.kinds.words,
    currencies: gathering.currencies.words,
    profiles: places.map(({ columns, partner }) => profileKnown(columns.profiles[partner], knownBefore)),
  };
}

/** The same facts in the form that `gather` gives them. */
export function inOwnCodes(columns: EventColumns): EventColumns {
  return gather(columns.partners.map((_, partner) => ({ columns, partner })));
}

/** What of some columns became known before a moment; the columns themselves where all of it did. */
export function knownBy(columns: EventColumns, knownBefore: Instant): EventColumns {
  const isKnown = (fact: { knownAt: Instant }) => fact.knownAt < knownBefore;
  const all =
    columns.knownAt.every((knownAt) => knownAt < knownBefore) &&
    columns.profiles.every(
      ({ signed, agreements, attributes }) =>
        signed.every(isKnown) && agreements.every(isKnown) && attributes.every(isKnown),
    );
  return all
    ? columns
    : gather(
        columns.partners.map((_, partner) => ({ columns, partner })),
        knownBefore,
      );
}

function rowsOf({ columns: { offsets, knownAt }, partner }: Placed, knownBefore: Instant | undefined): number {
  if (knownBefore === undefined) return offsets[partner + 1] - offsets[partner];
  let rows = 0;
  for (let row = offsets[partner]; row < offsets[partner + 1]; row++) if (knownAt[row] < knownBefore) rows++;
  return rows;
}

function profileKnown(profile: Profile, knownBefore: Instant | undefined): Profile {
  if (knownBefore === undefined) return profile;
  const known = <Fact extends { knownAt: Instant }>(facts: readonly Fact[]) =>
    facts.filter(({ knownAt }) => knownAt < knownBefore);
  return {
    signed: known(profile.signed),
    agreements: known(profile.agreements),
    attributes: known(profile.attributes),
  };
}

/** Takes rows over, partner by partner. */
class Gathering {
  readonly columns;
  readonly kinds = new Dictionary();
  readonly currencies = new Dictionary();
  readonly #own = { contact: new OwnCodes(), product: new OwnCodes(), account: new OwnCodes(), deal: new OwnCodes() };
  #rows = 0;

  constructor(rows: number) {
    this.columns = {
      happenedAt: new Float64Array(rows),
      knownAt: new Float64Array(rows),
      replacedAt: new Float64Array(rows),
      kind: new Uint16Array(rows),
      contact: new Int32Array(rows),
      product: new Int32Array(rows),
      account: new Int32Array(rows),
      deal: new Int32Array(rows),
      value: new Float64Array(rows),
      currency: new Int16Array(rows),
    };
  }

  add({ columns: from, partner }: Placed, knownBefore: Instant | undefined): void {
    const to = this.columns;
    const { contact, product, account, deal } = this.#own;
    for (const codes of [contact, product, account, deal]) codes.beginPartner();
    for (let row = from.offsets[partner]; row < from.offsets[partner + 1]; row++) {
      if (knownBefore !== undefined && !(from.knownAt[row] < knownBefore)) continue;
      const i = this.#rows++;
      to.happenedAt[i] = from.happenedAt[row];
      to.knownAt[i] = from.knownAt[row];
      to.replacedAt[i] = from.replacedAt[row];
      to.kind[i] = this.kinds.code(from.kinds[from.kind[row]]);
      to.contact[i] = contact.of(from.contact[row]);
      to.product[i] = product.of(from.product[row]);
      to.account[i] = account.of(from.account[row]);
      to.deal[i] = deal.of(from.deal[row]);
      to.value[i] = from.value[row];
      to.currency[i] = this.currencies.code(from.currency[row] < 0 ? null : from.currencies[from.currency[row]]);
    }
  }
}

/** A partner's codes, from 0 in the order in which they first appear; one instance serves partner after partner. */
class OwnCodes {
  #partner = 0;
  #next = 0;
  /** Per code as it was, the last partner that had it, and its own code there. */
  #seenBy = new Int32Array(1024);
  #codes = new Int32Array(1024);

  beginPartner(): void {
    this.#partner++;
    this.#next = 0;
  }

  of(code: number): number {
    if (code < 0) return -1;
    if (code >= this.#codes.length) this.#grow(code);
    if (this.#seenBy[code] !== this.#partner) {
      this.#seenBy[code] = this.#partner;
      this.#codes[code] = this.#next++;
    }
    return this.#codes[code];
  }

  #grow(code: number): void {
    const wider = (column: Int32Array) => {
      const grown = new Int32Array(2 * (code + 1));
      grown.set(column);
      return grown;
    };
    this.#seenBy = wider(this.#seenBy);
    this.#codes = wider(this.#codes);
  }
}
