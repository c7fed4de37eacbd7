import type { EventColumns } from './event-columns.ts';
import type { RateBook } from './money.ts';
import { pick } from './pick.ts';

/**
 * Columns with all money in the reporting currency: of an event in another one, the versions that `RateBook.convert`
 * makes of it stand in its place. Columns in which no money is foreign are returned as they are.
 */
export function convertMoney(columns: EventColumns, rates: RateBook): EventColumns {
  const isForeign = columns.currencies.map((currency) => rates.isForeign(currency));
  if (!isForeign.includes(true)) return columns;
  const versions = new Versions();
  const offsets = new Int32Array(columns.offsets.length);
  for (let partner = 0; partner < columns.partners.length; partner++) {
    for (let row = columns.offsets[partner]; row < columns.offsets[partner + 1]; row++) {
      if (isForeign[columns.currency[row]]) addConverted(versions, columns, rates, row);
      else versions.add(row, columns.knownAt[row], columns.replacedAt[row], columns.value[row], nameOf(columns, row));
    }
    offsets[partner + 1] = versions.rows.length;
  }
  return versions.of(columns, offsets);
}

function nameOf({ currency, currencies }: EventColumns, row: number): string | null {
  return currency[row] < 0 ? null : currencies[currency[row]];
}

function addConverted(versions: Versions, columns: EventColumns, rates: RateBook, row: number): void {
  const value = columns.value[row];
  const amount = {
    happenedAt: columns.happenedAt[row],
    knownAt: columns.knownAt[row],
    replacedAt: columns.replacedAt[row],
    value: Number.isNaN(value) ? null : value,
    currency: nameOf(columns, row),
  };
  for (const each of rates.convert(amount)) {
    versions.add(row, each.knownAt, each.replacedAt, each.value ?? Number.NaN, each.currency);
  }
}

/** Rows of other columns, each with what conversion made of it. */
class Versions {
  /** The row that each was made of. */
  readonly rows: number[] = [];
  readonly #knownAt: number[] = [];
  readonly #replacedAt: number[] = [];
  readonly #value: number[] = [];
  readonly #currency: number[] = [];
  readonly #currencies: string[] = [];

  add(row: number, knownAt: number, replacedAt: number, value: number, currency: string | null): void {
    this.rows.push(row);
    this.#knownAt.push(knownAt);
    this.#replacedAt.push(replacedAt);
    this.#value.push(value);
    this.#currency.push(currency === null ? -1 : this.#codeOf(currency));
  }

  /** Currencies are few: looking through them is quicker than a map. */
  #codeOf(currency: string): number {
    const known = this.#currencies.indexOf(currency);
    return known >= 0 ? known : this.#currencies.push(currency) - 1;
  }

  of(columns: EventColumns, offsets: Int32Array): EventColumns {
    const n = this.rows.length;
    return {
      ...columns,
      offsets,
      happenedAt: pick(columns.happenedAt, this.rows, new Float64Array(n)),
      knownAt: Float64Array.from(this.#knownAt),
      replacedAt: Float64Array.from(this.#replacedAt),
      kind: pick(columns.kind, this.rows, new Uint16Array(n)),
      contact: pick(columns.contact, this.rows, new Int32Array(n)),
      product: pick(columns.product, this.rows, new Int32Array(n)),
      account: pick(columns.account, this.rows, new Int32Array(n)),
      deal: pick(columns.deal, this.rows, new Int32Array(n)),
      value: Float64Array.from(this.#value),
      currency: Int16Array.from(this.#currency),
      currencies: this.#currencies,
    };
  }
}
