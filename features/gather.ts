import { Dictionary, type EventColumns, type Profile } from './event-columns.ts';
import type { Instant } from './time.ts';

/** A partner, by its place in some columns. */
export interface Placed {
  columns: EventColumns;
  partner: number;
  /** Events of the same partner that are put among these, by when they happened and then by when they became known. */
  added?: Placed;
}

/**
 * Columns of some partners, in the order given, wherever each comes from. Two ways to the same facts end in the same
 * bits: words stand in the order in which rows first name them.
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
    ...gathering.words(),
    profiles: places.map(({ columns, partner }) => profileKnown(columns.profiles[partner], knownBefore)),
  };
}

/** Whether two have events that happened and became known at the same moments: which goes first, they do not say. */
export function meet(one: Placed, other: Placed): boolean {
  let b = other.columns.offsets[other.partner];
  const end = other.columns.offsets[other.partner + 1];
  for (let a = one.columns.offsets[one.partner]; a < one.columns.offsets[one.partner + 1]; a++) {
    while (b < end && compare(other.columns, b, one.columns, a) < 0) b++;
    if (b < end && compare(other.columns, b, one.columns, a) === 0) return true;
  }
  return false;
}

/** Below 0 where the row of the one goes before the row of the other; 0 where they do not say. */
function compare(one: EventColumns, a: number, other: EventColumns, b: number): number {
  return one.happenedAt[a] - other.happenedAt[b] || one.knownAt[a] - other.knownAt[b];
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

function rowsOf({ columns: { offsets, knownAt }, partner, added }: Placed, knownBefore: Instant | undefined): number {
  let rows = added ? rowsOf(added, knownBefore) : 0;
  if (knownBefore === undefined) return rows + offsets[partner + 1] - offsets[partner];
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
  readonly #words = WORDS.map(() => new Dictionary());
  /** For each source, and each list of words of it, the new codes of its old ones; −1 while they have none. */
  readonly #codes = new Map<EventColumns, readonly Int32Array[]>();
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

  words(): Pick<EventColumns, (typeof WORDS)[number]> {
    const [kinds, contacts, products, accounts, deals, currencies] = this.#words.map(({ words }) => words);
    return { kinds, contacts, products, accounts, deals, currencies };
  }

  add({ columns, partner, added }: Placed, knownBefore: Instant | undefined): void {
    const codes = this.#codesOf(columns);
    const more = added && { codes: this.#codesOf(added.columns), end: added.columns.offsets[added.partner + 1] };
    let next = added ? added.columns.offsets[added.partner] : 0;
    for (let row = columns.offsets[partner]; row < columns.offsets[partner + 1]; row++) {
      while (added && more && next < more.end && compare(added.columns, next, columns, row) < 0) {
        this.#take(added.columns, more.codes, next++, knownBefore);
      }
      this.#take(columns, codes, row, knownBefore);
    }
    while (added && more && next < more.end) this.#take(added.columns, more.codes, next++, knownBefore);
  }

  #codesOf(columns: EventColumns): readonly Int32Array[] {
    let codes = this.#codes.get(columns);
    if (!codes) {
      codes = WORDS.map((words) => new Int32Array(columns[words].length).fill(-1));
      this.#codes.set(columns, codes);
    }
    return codes;
  }

  #take(from: EventColumns, codes: readonly Int32Array[], row: number, knownBefore: Instant | undefined): void {
    if (knownBefore !== undefined && !(from.knownAt[row] < knownBefore)) return;
    const to = this.columns;
    const i = this.#rows++;
    to.happenedAt[i] = from.happenedAt[row];
    to.knownAt[i] = from.knownAt[row];
    to.replacedAt[i] = from.replacedAt[row];
    to.kind[i] = this.#code(0, from.kind[row], from.kinds, codes);
    to.contact[i] = this.#code(1, from.contact[row], from.contacts, codes);
    to.product[i] = this.#code(2, from.product[row], from.products, codes);
    to.account[i] = this.#code(3, from.account[row], from.accounts, codes);
    to.deal[i] = this.#code(4, from.deal[row], from.deals, codes);
    to.value[i] = from.value[row];
    to.currency[i] = this.#code(5, from.currency[row], from.currencies, codes);
  }

  #code(list: number, code: number, words: readonly string[], codes: readonly Int32Array[]): number {
    if (code < 0) return -1;
    const known = codes[list][code];
    if (known >= 0) return known;
    codes[list][code] = this.#words[list].code(words[code]);
    return codes[list][code];
  }
}

/** The lists of words that columns have codes for. */
const WORDS = ['kinds', 'contacts', 'products', 'accounts', 'deals', 'currencies'] as const;
