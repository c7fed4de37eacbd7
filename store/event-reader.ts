import type { DealEvent, EventColumns, Profile } from '../features/index.ts';
import { type CopyRow, visitCopyRows } from './copy-binary.ts';
import { type Database, literal } from './database.ts';
import { EVENT_COLUMNS, EVENT_FIELDS, GatheredEvents, KEY } from './gathered-events.ts';
import { type Known, loadedUpTo } from './known.ts';

/**
 * Reads the events of some partners, and puts what their deals say among them.
 * @param partners ids, ascending by their bytes
 * @param deals by partner, ascending by the bytes of their ids
 */
export async function readEvents(
  transaction: Database,
  partners: readonly string[],
  deals: ReadonlyMap<string, readonly DealEvent[]>,
  profiles: readonly Profile[],
  known: Known,
): Promise<EventColumns> {
  const gathered = new GatheredEvents(known.knownBefore);
  const merge = new Merge(gathered, partners, deals);
  // The key's index gives the rows in this order; planners that think little of it sort them at four times the cost.
  await transaction.query('set local enable_sort = off');
  await transaction.query('set local max_parallel_workers_per_gather = 0');
  await transaction.query('set local jit = off');
  const select = `select ${EVENT_COLUMNS} from event
    where partner_id in (${partners.map(literal).join(', ')}) and ${loadedUpTo(known)}
    order by partner_id, event_id, known_at`;
  await visitCopyRows(transaction.copyOut(select), EVENT_FIELDS, (row) => merge.take(row));
  merge.end();
  return gathered.build(partners, profiles);
}

/** Two streams in the order of their keys, events and what deals say, made into one. */
class Merge {
  readonly #gathered: GatheredEvents;
  readonly #partners: readonly string[];
  readonly #deals: ReadonlyMap<string, readonly DealEvent[]>;
  /** How many partners have begun; the last of them is the current one. */
  #begun = 0;
  #partner: Buffer | null = null;
  /** What deals say of the current partner and has not been added yet. */
  #pending: readonly DealEvent[] = [];
  #added = 0;
  #nextDeal: Buffer | null = null;
  /** The id of the event before, in the bytes it came in, and its place among those gathered. */
  #before: Buffer = Buffer.alloc(0);
  #beforeFrom = 0;
  #beforeLength = -1;
  #place = -1;

  constructor(gathered: GatheredEvents, partners: readonly string[], deals: ReadonlyMap<string, readonly DealEvent[]>) {
    this.#gathered = gathered;
    this.#partners = partners;
    this.#deals = deals;
  }

  /** Adds the row of an event, and before it what deals say under smaller ids. */
  take(row: CopyRow): void {
    const { bytes, from, length } = row;
    const partner = this.#partner;
    if (partner === null || !isSame(partner, 0, partner.length, bytes, from[KEY.partner], length[KEY.partner])) {
      this.#turnTo(row);
    }
    const id = from[KEY.event];
    const idLength = length[KEY.event];
    while (this.#nextDeal !== null && this.#nextDeal.compare(bytes, id, id + idLength) < 0) this.#addDeal();
    const isVersion = isSame(this.#before, this.#beforeFrom, this.#beforeLength, bytes, id, idLength);
    this.#place = this.#gathered.add(row, isVersion ? this.#place : -1);
    this.#before = bytes;
    this.#beforeFrom = id;
    this.#beforeLength = idLength;
  }

  /** Adds what is left after the last event. */
  end(): void {
    this.#beginUpTo(this.#partners.length);
    while (this.#nextDeal !== null) this.#addDeal();
  }

  #turnTo(row: CopyRow): void {
    const { bytes, from, length } = row;
    const start = from[KEY.partner];
    this.#partner = bytes.subarray(start, start + length[KEY.partner]);
    this.#beforeLength = -1;
    const place = this.#partners.indexOf(row.text(KEY.partner) ?? '', this.#begun);
    if (place < 0) throw new RangeError('partners are to be read in ascending order of their ids');
    this.#beginUpTo(place + 1);
  }

  #beginUpTo(count: number): void {
    while (this.#begun < count) {
      while (this.#nextDeal !== null) this.#addDeal();
      this.#gathered.beginPartner();
      this.#pending = this.#deals.get(this.#partners[this.#begun++]) ?? [];
      this.#added = -1;
      this.#turnToNextDeal();
    }
  }

  #addDeal(): void {
    this.#gathered.addDeal(this.#pending[this.#added]);
    this.#turnToNextDeal();
  }

  #turnToNextDeal(): void {
    const next = this.#pending[++this.#added];
    this.#nextDeal = next === undefined ? null : Buffer.from(next.id);
  }
}

/** Whether the same bytes are in two places; from the end, where ids that follow one another differ. */
function isSame(a: Buffer, aFrom: number, aLength: number, b: Buffer, bFrom: number, bLength: number): boolean {
  if (aLength !== bLength) return false;
  for (let i = aLength - 1; i >= 0; i--) if (a[aFrom + i] !== b[bFrom + i]) return false;
  return true;
}
