import { type EventColumns, EventColumnsBuilder } from '../features/index.ts';
import type { Database } from './database.ts';
import { type InputTable, inputTables } from './inputs.ts';

/** Some loads, one after the other. */
export interface Loads {
  after: number;
  upTo: number;
}

/** What loads have brought, by whose it is. */
export interface News {
  /** Partners of whom there are new events and nothing else, none of them another version of one that is stored. */
  added: ReadonlySet<string>;
  /** All other partners with anything new. */
  changed: ReadonlySet<string>;
}

/** More new events than these are not looked at one by one. */
const MOST_ADDED = 100_000;

/** Whose facts some loads have added to, and how. */
export async function newsOf(database: Database, loads: Loads): Promise<News> {
  const changed = new Set(await partnersChanged(database, loads));
  const added = new Set<string>();
  for (const { partner_id, corrected } of await partnersWithEvents(database, loads)) {
    if (corrected || changed.has(partner_id)) changed.add(partner_id);
    else added.add(partner_id);
  }
  return { added, changed };
}

const BROUGHT = 'load_id > $1 and load_id <= $2';

/** Partners with new rows of their own in any table but `event`, and those of deals with new versions. */
async function partnersChanged(database: Database, { after, upTo }: Loads): Promise<string[]> {
  const tables: InputTable[] = Object.values(inputTables);
  const own = tables
    .filter(({ ofPartner, table }) => ofPartner && table !== 'event')
    .map(({ table }) => `select partner_id from ${table} where ${BROUGHT}`);
  const rows = await database.query<{ partner_id: string }>(
    `${own.join(' union ')}
     union select partner_id from deal_partner where deal_id in (select deal_id from deal where ${BROUGHT})`,
    [after, upTo],
  );
  return rows.map((row) => row.partner_id);
}

async function partnersWithEvents(
  database: Database,
  { after, upTo }: Loads,
): Promise<{ partner_id: string; corrected: boolean }[]> {
  const [{ stored }] = await database.query<{ stored: number }>(
    `select coalesce(sum(stored), 0)::bigint as stored from load where target = 'events' and ${BROUGHT}`,
    [after, upTo],
  );
  const corrected = `exists (
    select 1 from event as other
    where other.partner_id = event.partner_id and other.event_id = event.event_id and other.known_at <> event.known_at)`;
  return database.query(
    `select partner_id, ${stored > MOST_ADDED ? 'true' : `bool_or(${corrected})`} as corrected from event
     where ${BROUGHT} group by partner_id`,
    [after, upTo],
  );
}

/** The events that loads have brought of partners to whom they have only added some. */
export async function readAdded(database: Database, { added }: News, loads: Loads): Promise<EventColumns> {
  const builder = new EventColumnsBuilder();
  if (added.size === 0) return builder.build();
  const rows = await database.query<AddedRow>(
    `select partner_id, extract(epoch from happened_at) * 1000 as happened_at,
       extract(epoch from known_at) * 1000 as known_at, kind, contact_id, product, account_id, deal_id, value, currency
     from event where ${BROUGHT}
     order by partner_id, happened_at, known_at, event_id`,
    [loads.after, loads.upTo],
  );
  let partner: string | undefined;
  // Loads are few rows together; asked for partners, planners look through all rows of theirs.
  for (const row of rows.filter(({ partner_id }) => added.has(partner_id))) {
    if (row.partner_id !== partner) builder.beginPartner(row.partner_id);
    partner = row.partner_id;
    builder.add({
      happenedAt: row.happened_at,
      knownAt: row.known_at,
      replacedAt: Number.POSITIVE_INFINITY,
      kind: row.kind,
      contactId: row.contact_id,
      product: row.product,
      accountId: row.account_id,
      dealId: row.deal_id,
      value: row.value,
      currency: row.currency,
    });
  }
  return builder.build();
}

interface AddedRow {
  partner_id: string;
  /** Milliseconds since 1970, as exact as the store has it. */
  happened_at: number;
  known_at: number;
  kind: string;
  contact_id: string | null;
  product: string | null;
  account_id: string | null;
  deal_id: string | null;
  value: number | null;
  currency: string | null;
}

/**
 * The ids of partners, ascending by their bytes.
 * @param first the first of them; from the very first when undefined
 * @param before the first one not among them; to the very last when undefined
 */
export async function partnerIds(database: Database, first?: string, before?: string): Promise<string[]> {
  const rows = await database.query<{ partner_id: string }>(
    `select partner_id from partner_key
     where ($1::text is null or partner_id >= $1) and ($2::text is null or partner_id < $2) order by partner_id`,
    [first ?? null, before ?? null],
  );
  return rows.map((row) => row.partner_id);
}
