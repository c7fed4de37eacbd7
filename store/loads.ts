import { type CopyValue, copyLine } from './copy-text.ts';
import type { Database } from './database.ts';
import { type InputName, type InputTable, inputTables } from './inputs.ts';

/** A row that has been read and understood. */
export interface StagedRow {
  line: number;
  partnerId: string;
  /** Names the row within its partner; null to name it by its content and how often that occurred in the file. */
  id: string | null;
  knownAt: Date;
  /** Whether the input itself said when the row became known. */
  explicit: boolean;
  /** A UUID-shaped digest of `values`. */
  content: string;
  /** In the order of the input's columns. */
  values: readonly CopyValue[];
  /** The row as it stood in the file, kept for quarantine; only needed with `explicit`. */
  raw: string | null;
}

/** Why a row was refused. */
export interface Refusal {
  line: number;
  /** The column as the file names it; null when the row as a whole is at fault. */
  column: string | null;
  reason: string;
  raw: string;
}

/** A row that was refused, as the store keeps it. */
export interface QuarantinedRow extends Refusal {
  file: string;
}

/** What became of the rows of one file; read = stored + duplicate + quarantined. */
export interface Reconciliation {
  read: number;
  stored: number;
  duplicate: number;
  quarantined: number;
}

/** Where a file's rows come from and how they are stored. */
export interface LoadSettings {
  source: string;
  input: InputName;
  file: string;
  backfill: boolean;
  now: Date;
}

/** One load as the store remembers it. */
export interface LoadRecord extends Reconciliation {
  loadId: number;
  source: string;
  target: string;
  file: string;
  loadedAt: Date;
}

const CONFLICT = 'another row says something else for the same key and known_at';

/** Whether an input of a source has been loaded before: later loads are news of today unless they say otherwise. */
export async function hasLoaded(database: Database, source: string, input: InputName): Promise<boolean> {
  const [{ loaded }] = await database.query<{ loaded: boolean }>(
    'select exists (select 1 from load where source = $1 and target = $2 and stored + duplicate > 0) as loaded',
    [source, input],
  );
  return loaded;
}

/** Any number, the same in every process: loads follow one another, so that each sees what the one before stored. */
const LOAD_LOCK = 7_306_190_222;

/** Waits until no other load is at work, and keeps others waiting until the transaction ends. */
export async function beginLoad(transaction: Database): Promise<void> {
  await transaction.query('select pg_advisory_xact_lock($1)', [LOAD_LOCK]);
}

/** Makes an empty place for one file's rows inside a transaction; the file before has been merged or given up. */
export async function beginStaging(transaction: Database, input: InputName): Promise<void> {
  const { columns } = inputTables[input];
  await transaction.query('drop table if exists staged, refused, decided');
  await transaction.query(
    'create temp table refused (line bigint not null, "column" text, reason text not null, raw text not null) on commit drop',
  );
  await transaction.query(`create temp table staged (
    line bigint not null, partner_id text collate "C" not null, id text collate "C", known_at timestamptz not null,
    explicit boolean not null, content uuid not null, raw text,
    ${columns.map(([name, type]) => `${name} ${type}`).join(', ')}) on commit drop`);
}

/** Adds rows to the staging place. */
export async function stage(transaction: Database, input: InputName, rows: readonly StagedRow[]): Promise<void> {
  const columns = inputTables[input].columns.map(([name]) => name);
  const lines = rows.map((row) =>
    copyLine([row.line, row.partnerId, row.id, row.knownAt, row.explicit, row.content, row.raw, ...row.values]),
  );
  await transaction.copyIn(
    'staged',
    ['line', 'partner_id', 'id', 'known_at', 'explicit', 'content', 'raw', ...columns],
    lines.join(''),
  );
}

/** Adds rows that were refused. */
export async function stageRefused(transaction: Database, rows: readonly Refusal[]): Promise<void> {
  const lines = rows.map(({ line, column, reason, raw }) => copyLine([line, column, reason, raw]));
  await transaction.copyIn('refused', ['line', '"column"', 'reason', 'raw'], lines.join(''));
}

/**
 * Moves the staged rows of a file into their table: new keys and new versions are stored, what says nothing new is
 * counted as duplicate, contradictions are quarantined beside the rows refused already.
 */
export async function mergeStaged(transaction: Database, settings: LoadSettings): Promise<Reconciliation> {
  const input: InputTable = inputTables[settings.input];
  await decide(transaction, input, settings.now);
  const [counts] = await transaction.query<Omit<Reconciliation, 'read'>>(
    `select count(*) filter (where decision = 'store') as stored,
       count(*) filter (where decision = 'duplicate') as duplicate,
       count(*) filter (where decision = 'conflict') + (select count(*) from refused) as quarantined
     from decided`,
  );
  const read = counts.stored + counts.duplicate + counts.quarantined;
  const loadId = await recordLoad(transaction, settings, { read, ...counts });
  await insertStored(transaction, input, settings.source, loadId);
  await keepRefused(transaction, loadId, settings.file);
  return { read, ...counts };
}

/** Decides about every staged row against what is stored and against the rows before it; leaves the table `decided`. */
async function decide(transaction: Database, { table, id }: InputTable, now: Date): Promise<void> {
  const storedId = id ?? "''";
  // 1. Names: a row without one is named by its content and how often that occurred in the file so far.
  // 2. Times: what the input does not date, and whose key is known already, became known now; rows of one key that
  //    would be known at the same instant follow each other by a millisecond, in the order of the file.
  await transaction.query(
    `create temp table decided on commit drop as
     with named as (
       select line, partner_id, known_at, explicit, content,
         ${
           id === null
             ? "''"
             : `coalesce(id, content::text || case when occurrence > 1 then '-' || occurrence else '' end)`
         } collate "C" as id
       from (select *, row_number() over (partition by id is null, partner_id, content order by line) as occurrence
             from staged) as counted
     ), dated as (
       select line, partner_id, id, explicit, content, case
         when explicit then known_at
         when exists (select 1 from ${table} as held where held.partner_id = named.partner_id and ${
           id === null ? 'true' : `held.${id} = named.id`
         }) then $1::timestamptz
         else known_at end as known_at
       from named
     )
     select line, partner_id, id, explicit, content, case when explicit then known_at else known_at + interval '1 ms' *
         (row_number() over (partition by explicit, partner_id, id, known_at order by line) - 1) end as known_at,
       'store' as decision
     from dated`,
    [now],
  );
  const held = `select 0 as line, partner_id, ${storedId} as id, content, known_at from ${table}
    where (partner_id${id === null ? '' : `, ${id}`}) in (select partner_id${id === null ? '' : ', id'} from decided)`;
  // 3. Said before: an undated row whose key has had that content already, in a file whose last word on the key is
  //    what stands, says nothing new. So a file that holds two versions of a key may be loaded again.
  await transaction.query(
    `update decided set decision = 'duplicate' from (
       select distinct decided.line from decided
       join (${held}) as held using (partner_id, id, content)
       join (select distinct on (partner_id, id) partner_id, id, content from decided where not explicit
             order by partner_id, id, line desc) as said using (partner_id, id)
       join (select distinct on (partner_id, id) partner_id, id, content from (${held}) as standing
             order by partner_id, id, known_at desc) as stands using (partner_id, id)
       where not decided.explicit and said.content = stands.content
     ) as again where decided.line = again.line`,
  );
  // 4. Contradictions: the first row of a key and instant stands, one that says something else is refused.
  await transaction.query(
    `update decided set decision = 'conflict' from (
       select line, content <> first_value(content) over (partition by partner_id, id, known_at order by line) as differs
       from (select line, partner_id, id, content, known_at from decided where decision = 'store' union all ${held}) as chain
     ) as judged where decided.line = judged.line and judged.differs`,
  );
  // 5. Repeats: a row that says what was known already just before it says nothing new.
  await transaction.query(
    `update decided set decision = 'duplicate' from (
       select line, content = lag(content) over (partition by partner_id, id order by known_at, line) as repeats
       from (select line, partner_id, id, content, known_at from decided where decision = 'store' union all ${held}) as chain
     ) as judged where decided.line = judged.line and judged.repeats`,
  );
}

async function recordLoad(transaction: Database, settings: LoadSettings, counts: Reconciliation): Promise<number> {
  const [{ load_id }] = await transaction.query<{ load_id: number }>(
    `insert into load (source, target, file, read, stored, duplicate, quarantined, backfill, watermark, loaded_at)
     select $1, $2, $3, $4::bigint, $5::bigint, $6::bigint, $7::bigint, $8::boolean, max(known_at), $9::timestamptz
     from decided where decision = 'store' or (decision = 'duplicate' and explicit) returning load_id`,
    [
      settings.source,
      settings.input,
      settings.file,
      counts.read,
      counts.stored,
      counts.duplicate,
      counts.quarantined,
      settings.backfill,
      settings.now,
    ],
  );
  return load_id;
}

async function insertStored(transaction: Database, input: InputTable, source: string, loadId: number): Promise<void> {
  const { table, id, columns } = input;
  const names = columns.map(([name]) => name);
  await transaction.query(
    'insert into partner_key (partner_id) select distinct partner_id from staged on conflict do nothing',
  );
  await transaction.query(
    `insert into ${table} (partner_id, ${id === null ? '' : `${id}, `}known_at, ${names.join(', ')}, source, content, load_id)
     select decided.partner_id, ${id === null ? '' : 'decided.id, '}decided.known_at,
       ${names.map((name) => `staged.${name}`).join(', ')}, $1::text, decided.content, $2::bigint
     from decided join staged using (line) where decision = 'store'`,
    [source, loadId],
  );
  if (table === 'event') {
    await transaction.query(
      `insert into event_tracking (load_id, kind, known_on, since, events)
       select $1::bigint, kind, date_trunc('day', decided.known_at), min(happened_at), count(*)
       from decided join staged using (line) where decision = 'store' group by 2, 3`,
      [loadId],
    );
  }
}

async function keepRefused(transaction: Database, loadId: number, file: string): Promise<void> {
  await transaction.query(
    `insert into quarantine (load_id, file, line, "column", reason, raw)
     select $1::bigint, $2::text, line, "column", reason, raw from refused
     union all
     select $1::bigint, $2::text, line, 'known_at', $3::text, coalesce(raw, '') from decided join staged using (line)
     where decision = 'conflict'`,
    [loadId, file, CONFLICT],
  );
}

/** The rows that were refused, oldest load first. */
export async function quarantined(database: Database): Promise<QuarantinedRow[]> {
  return database.query<QuarantinedRow>(
    'select file, line, "column", reason, raw from quarantine order by load_id, line, "column"',
  );
}

/** The loads so far, latest first. */
export async function loads(database: Database): Promise<LoadRecord[]> {
  return database.query<LoadRecord>(
    `select load_id as "loadId", source, target, file, read, stored, duplicate, quarantined, loaded_at as "loadedAt"
     from load order by load_id desc`,
  );
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
    'select kind, sum(events)::bigint as events from event_tracking group by kind order by events desc, kind',
  );
}

/** How many events of some kinds became known in [from, to); both are midnights. */
export async function eventsKnown(database: Database, kinds: readonly string[], from: Date, to: Date): Promise<number> {
  const [{ events }] = await database.query<{ events: number }>(
    `select coalesce(sum(events), 0)::bigint as events from event_tracking
     where kind = any($1) and known_on >= $2 and known_on < $3`,
    [[...kinds], from, to],
  );
  return events;
}
