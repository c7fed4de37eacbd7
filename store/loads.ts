import type { Database } from './database.ts';
import type { InputName } from './inputs.ts';
import type { Reconciliation } from './merging.ts';

/** One load as the store remembers it. */
export interface LoadRecord extends Reconciliation {
  loadId: number;
  source: string;
  target: string;
  file: string;
  loadedAt: Date;
}

/** Whether an input of a source has been loaded before: later loads are news of today unless they say otherwise. */
export async function hasLoaded(database: Database, source: string, input: InputName): Promise<boolean> {
  const [{ loaded }] = await database.query<{ loaded: boolean }>(
    'select exists (select 1 from load where source = $1 and target = $2 and stored + duplicate > 0) as loaded',
    [source, input],
  );
  return loaded;
}

/** Sorting in memory what fits, on disk what does not. */
const SORT_MEMORY = '64MB';

/** Any number, the same in every process: loads follow one another, so that each sees what the one before stored. */
const LOAD_LOCK = 7_306_190_222;

/** Waits until no other load is at work, and keeps others waiting until the transaction ends. */
export async function beginLoad(transaction: Database): Promise<void> {
  await transaction.query('select pg_advisory_xact_lock($1)', [LOAD_LOCK]);
  await transaction.query(`set local work_mem = '${SORT_MEMORY}'`);
  // Compiling pays for nothing here: statements move rows.
  await transaction.query('set local jit = off');
}

/** The loads so far, latest first. */
export async function loads(database: Database): Promise<LoadRecord[]> {
  return database.query<LoadRecord>(
    `select load_id as "loadId", source, target, file, read, stored, duplicate, quarantined, loaded_at as "loadedAt"
     from load order by load_id desc`,
  );
}

/** The number of the last load; 0 when there has been none. Loads follow one another, so all before it are there too. */
export async function lastLoad(database: Database): Promise<number> {
  const [{ last }] = await database.query<{ last: number }>('select coalesce(max(load_id), 0) as last from load');
  return last;
}

/** Partners that inputs name and no partner input defines. */
export async function stubPartners(database: Database): Promise<number> {
  const [{ stubs }] = await database.query<{ stubs: number }>(
    `select count(*) as stubs from partner_key as named
     where not exists (select 1 from partner where partner.partner_id = named.partner_id)`,
  );
  return stubs;
}

/** How many events there are of each kind, the most frequent first. */
export async function eventKinds(database: Database): Promise<{ kind: string; events: number }[]> {
  return database.query(
    `select kind, sum(events)::bigint as events from (
       select kind, events from event_tracking
       union all select kind, count(*) from deal_event where replaced_at is null group by kind
     ) as counted group by kind having sum(events) > 0 order by events desc, kind`,
  );
}

/** How many events of some kinds became known in [from, to); both are midnights. */
export async function eventsKnown(database: Database, kinds: readonly string[], from: Date, to: Date): Promise<number> {
  const [{ events }] = await database.query<{ events: number }>(
    `select ((select coalesce(sum(events), 0) from event_tracking
       where kind = any($1) and known_on >= $2 and known_on < $3)
     + (select count(*) from deal_event
       where kind = any($1) and known_at >= $2 and known_at < $3 and replaced_at is null))::bigint as events`,
    [[...kinds], from, to],
  );
  return events;
}
