import { codesIn, type EventColumns } from './event-columns.ts';
import type { GroupRows } from './group-rows.ts';
import type { Instant } from './time.ts';

/** What is known of one deal: when it came to where. */
export interface Deal {
  registeredAt: Instant | null;
  approvedAt: Instant | null;
  rejectedAt: Instant | null;
  wonAt: Instant | null;
  lostAt: Instant | null;
  /** In minor units of the reporting currency, as the latest of its events with such an amount says; null is unknown. */
  amount: number | null;
}

type Milestone = Exclude<keyof Deal, 'amount'>;

const MILESTONES: Readonly<Record<string, Milestone>> = {
  'deal.registered': 'registeredAt',
  'deal.approved': 'approvedAt',
  'deal.rejected': 'rejectedAt',
  'deal.won': 'wonAt',
  'deal.lost': 'lostAt',
};

/** Puts the deals of a partner together from its deal events; the same objects serve every partner and cutoff. */
export class Deals {
  readonly #columns: EventColumns;
  readonly #currency: number;
  readonly #milestones: readonly (Milestone | undefined)[];
  readonly #places: Int32Array;
  readonly #stamps: Int32Array;
  #stamp = 0;
  readonly #made: Deal[] = [];

  /** @param currency code of the reporting currency in the columns, −1 where no row has it */
  constructor(columns: EventColumns, currency: number) {
    const most = codesIn(columns.deal);
    this.#columns = columns;
    this.#currency = currency;
    this.#milestones = columns.kinds.map((kind) => (Object.hasOwn(MILESTONES, kind) ? MILESTONES[kind] : undefined));
    this.#places = new Int32Array(most);
    this.#stamps = new Int32Array(most);
  }

  /** The deals that rows name, in the order they first do; valid until the next call. */
  among({ rows, length }: GroupRows): readonly Deal[] {
    const { deal, kind, happenedAt } = this.#columns;
    this.#stamp++;
    let found = 0;
    for (let i = 0; i < length; i++) {
      const [row, code] = [rows[i], deal[rows[i]]];
      const milestone = this.#milestones[kind[row]];
      if (code < 0 || milestone === undefined) continue;
      if (this.#stamps[code] !== this.#stamp) {
        this.#stamps[code] = this.#stamp;
        this.#places[code] = found;
        this.#clear(found++);
      }
      const one = this.#made[this.#places[code]];
      one[milestone] ??= happenedAt[row];
      one.amount = this.#amountOf(row) ?? one.amount;
    }
    return this.#made.slice(0, found);
  }

  #clear(place: number): void {
    const blank = { registeredAt: null, approvedAt: null, rejectedAt: null, wonAt: null, lostAt: null, amount: null };
    if (place === this.#made.length) this.#made.push(blank);
    else Object.assign(this.#made[place], blank);
  }

  #amountOf(row: number): number | null {
    const { currency, value } = this.#columns;
    return currency[row] >= 0 && currency[row] === this.#currency && !Number.isNaN(value[row]) ? value[row] : null;
  }
}
