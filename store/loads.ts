import { type CopyValue, copyLine } from './copy-text.ts';
import { type CopySink, copyRows, type Database } from './database.ts';
import { type InputName, type InputTable, inputTables } from './inputs.ts';

/** A row that has been read and understood. */
export interface StagedRow {
  line: number;
  /** Empty where the input is not about single partners. */
  partnerId: string;
  /** Names the row within its partner; null to name it by its content and how often that occurred in the file. */
  id: string | null;
  /** ISO 8601: when it became known by its own word, or else when it would have, had the load come in time. */
  knownAt: string;
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
  /** Whether `raw` is the row as it was: one that is too long is cut, what cannot be stored is replaced. */
  whole: boolean;
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
  /** Days after which a fact that was loaded as history counts as known; null when the load is news of its day. */
  lagDays: number | null;
  now: Date;
  /** How to read its refused rows again. */
  layout: LoadLayout;
}

/** How the rows of a load were read: what it takes to read refused ones again. */
export interface LoadLayout {
  header: readonly string[];
  dialect: unknown;
  table: unknown;
  /** Whether its rows counted as known when they had happened, and how many days after that. */
  asHappened: boolean;
  lagDays: number;
  /** The load whose refused rows these are, where they are tried again. */
  retryOf?: number;
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

/** Makes an empty place for one file's rows inside a transaction; the file before has been merged or given up. */
export async function beginStaging(transaction: Database, input: InputName): Promise<void> {
  const { columns } = inputTables[input];
  await transaction.query(
    `drop table if exists ${['staged', 'refused', 'held', 'contested', 'said', 'decided'].map((name) => `pg_temp.${name}`).join(', ')}`,
  );
  await transaction.query(
    'create temp table refused (line bigint not null, "column" text, reason text not null, raw text not null, whole boolean not null) on commit drop',
  );
  await transaction.query(`create temp table staged (
    line bigint not null, partner_id text collate "C" not null, id text collate "C" not null, named boolean not null, known_at timestamptz not null,
    explicit boolean not null, content uuid not null, raw text,
    ${columns.map(([name, type]) => `${stagedName(name)} ${type}`).join(', ')}) on commit drop`);
}

/** The name of an input's own column while it is staged, where it may not be mistaken for one of ours. */
function stagedName(name: string): string {
  return `own_${name}`;
}

/** A row as text for `stageInto`. */
export function stagedLine(row: StagedRow): string {
  // A row without a name is named by what it says; whether others say the same is found out when all are there.
  return copyLine([
    row.line,
    row.partnerId,
    row.id ?? row.content,
    row.id !== null,
    row.knownAt,
    row.explicit,
    row.content,
    row.raw,
    ...row.values,
  ]);
}

/** Opens the staging place for rows, each made by `stagedLine`. */
export function stageInto(transaction: Database, input: InputName): CopySink {
  const own = ownColumns(inputTables[input]);
  return transaction.copyIn('staged', [
    'line',
    'partner_id',
    'id',
    'named',
    'known_at',
    'explicit',
    'content',
    'raw',
    ...own,
  ]);
}

/** Adds rows that were refused. */
export async function stageRefused(transaction: Database, rows: readonly Refusal[]): Promise<void> {
  const lines = rows.map(({ line, column, reason, raw, whole }) => copyLine([line, column, reason, raw, whole]));
  await copyRows(transaction, 'refused', ['line', '"column"', 'reason', 'raw', 'whole'], lines);
}

/**
 * Moves the staged rows of a file into their table: new keys and new versions are stored, what says nothing new is
 * counted as duplicate, contradictions are quarantined beside the rows refused already. Rows whose key is met nowhere
 * else go straight to their table, in the order of their keys; only the others are compared.
 * @param staged how many rows are staged
 */
export async function mergeStaged(
  transaction: Database,
  staged: number,
  settings: LoadSettings,
): Promise<Reconciliation> {
  const input: InputTable = inputTables[settings.input];
  const loadId = await nextLoad(transaction);
  await findHeld(transaction, input, 'staged');
  const plain = await insertPlain(transaction, settings, loadId);
  const counts = { stored: plain, duplicate: 0, conflict: 0 };
  if (plain < staged) await settleContested(transaction, settings, loadId, counts);
  const [{ refused }] = await transaction.query<{ refused: number }>('select count(*) as refused from refused');
  const reconciliation = {
    read: staged + refused,
    stored: counts.stored,
    duplicate: counts.duplicate,
    quarantined: counts.conflict + refused,
  };
  const hasContested = plain < staged;
  await recordLoad(transaction, settings, loadId, reconciliation, hasContested);
  await recordTracking(transaction, settings, loadId, hasContested);
  await keepRefused(transaction, loadId, settings.file, hasContested);
  return reconciliation;
}

async function nextLoad(transaction: Database): Promise<number> {
  const [{ id }] = await transaction.query<{ id: number }>(
    "select nextval(pg_get_serial_sequence('load', 'load_id')) as id",
  );
  return id;
}

/** The columns of a staged row that are the input's own. */
function ownColumns({ columns }: InputTable): string[] {
  return columns.map(([name]) => stagedName(name));
}

/** When a staged row became known: rows without a word of their own are news of the load unless they are history. */
const KNOWN = (lagDays: string, now: string) =>
  `case when explicit or ${lagDays}::double precision is not null then known_at else ${now}::timestamptz end as known_at,
   case when explicit then null else ${lagDays}::double precision end as lag_days`;

/** Stores the rows whose key no other row has, neither staged nor stored. */
async function insertPlain(transaction: Database, settings: LoadSettings, loadId: number): Promise<number> {
  const input: InputTable = inputTables[settings.input];
  if (input.ofPartner) {
    await transaction.query(
      'insert into partner_key (partner_id) select distinct partner_id from staged on conflict do nothing',
    );
  }
  const met = `select partner_id, id, ${KNOWN('$3', '$4')}, explicit, content, ${ownColumns(input).join(', ')},
    count(*) over (partition by partner_id, id) as met from staged`;
  const isNew = 'not exists (select 1 from held where held.partner_id = once.partner_id and held.id = once.id)';
  return insertInto(transaction, input, `(${met}) as once where met = 1 and ${isNew}`, [
    settings.source,
    loadId,
    settings.lagDays,
    settings.now,
  ]);
}

/** @param from rows with the names of staged ones; `$1` is the source, `$2` the load */
function insertInto(
  transaction: Database,
  { table, ofPartner, id, columns }: InputTable,
  from: string,
  parameters: readonly unknown[],
): Promise<number> {
  const keys = [...(ofPartner ? [['partner_id', 'partner_id']] : []), ...(id === null ? [] : [[id, 'id']])];
  const pairs = [...keys, ...columns.map(([name]) => [name, stagedName(name)])];
  return transaction.execute(
    `insert into ${table} (${pairs.map(([name]) => name).join(', ')}, known_at, source, content, load_id, lag_days)
     select ${pairs.map(([, staged]) => staged).join(', ')}, known_at, $1::text, content, $2::bigint, lag_days
     from ${from}`,
    parameters,
  );
}

/** Decides about the rows whose key has been met more than once, and stores those that say something new. */
async function settleContested(
  transaction: Database,
  settings: LoadSettings,
  loadId: number,
  counts: { stored: number; duplicate: number; conflict: number },
): Promise<void> {
  const input: InputTable = inputTables[settings.input];
  await transaction.query(
    `create temp table contested on commit drop as
     select * from (select *, count(*) over (partition by partner_id, id) as met from staged) as each
     where met > 1 or exists (select 1 from held where held.partner_id = each.partner_id and held.id = each.id)`,
  );
  if (await nameByContent(transaction, settings)) await findHeld(transaction, input, 'contested');
  counts.duplicate += await decide(transaction, input, settings);
  const decisions = await transaction.query<{ decision: string; rows: number }>(
    'select decision, count(*) as rows from decided group by decision',
  );
  const made = (decision: string) => decisions.find((each) => each.decision === decision)?.rows ?? 0;
  counts.duplicate += made('duplicate');
  counts.conflict += made('conflict');
  const where = "decided where decision = 'store' order by partner_id, id, known_at";
  counts.stored += await insertInto(transaction, input, where, [settings.source, loadId]);
}

/**
 * Decides about every contested row against what is stored and against the rows before it, in one pass over the rows in
 * the order of their keys; leaves the table `decided`, in that order.
 * @returns how many rows were left out of it because they only repeat what the store has said before
 */
async function decide(transaction: Database, input: InputTable, { now, lagDays }: LoadSettings): Promise<number> {
  const again = await findSaidAgain(transaction);
  const own = ownColumns(input);
  // Undated rows of a key follow each other in the order of what they tell, then of the file, a millisecond apart at
  // least; those of a key that is known already, or of news, begin now. What is said again of a later day is stored: it
  // stands against what may come between. Rows of one instant contradict each other unless they say the same.
  await transaction.query(
    `create temp table decided on commit drop as
     with numbered as (
       select line, partner_id, id, explicit, content, raw, ${own.join(', ')}, standing,
         row_number() over (partition by partner_id, id, explicit order by known_at, line) as n,
         case when explicit then known_at when standing is not null then greatest($1::timestamptz, standing + interval '1 ms')
           when $2::double precision is null then $1::timestamptz else known_at end as known_at
       from contested
         left join (select partner_id, id, max(known_at) as standing from held group by partner_id, id) as keys
           using (partner_id, id)
       where not exists (select 1 from said where said.line = contested.line)
     ), dated as (
       select line, partner_id, id, explicit, content, raw, ${own.join(', ')},
         case when explicit then known_at
           else max(known_at - n * interval '1 ms') over (partition by partner_id, id, explicit order by n) + n * interval '1 ms'
         end as known_at,
         case when explicit or standing is not null then null else $2::double precision end as lag_days
       from numbered
     ), chain as (
       select line, partner_id, id, explicit, content, raw, ${own.join(', ')}, known_at, lag_days from dated
       union all
       select 0, partner_id, id, true, content, null, ${own.map(() => 'null').join(', ')}, known_at, null from held
     ), compared as (
       select *, row_number() over instant as place, first_value(content) over instant as first,
         lag(content) over versions as before
       from chain
       window versions as (partition by partner_id, id order by known_at, line),
         instant as (partition by partner_id, id, known_at order by line)
     )
     select line, partner_id, id, explicit, content, raw, ${own.join(', ')}, lag_days, known_at,
       case when content <> first then 'conflict' when place > 1 or (not explicit and content = before) then 'duplicate'
         else 'store' end as decision
     from compared where line > 0`,
    [now, lagDays],
  );
  await passOverConflicts(transaction);
  return again;
}

/**
 * Contested rows without an id are named by their content and how often that occurred in the file so far. Rows that are
 * tried again come after those of their file that were stored.
 * @returns whether there were any
 */
async function nameByContent(transaction: Database, { input, layout }: LoadSettings): Promise<boolean> {
  const [{ nameless }] = await transaction.query<{ nameless: boolean }>(
    'select exists (select 1 from contested where not named) as nameless',
  );
  if (!nameless) return false;
  const { table, ofPartner } = inputTables[input];
  const before =
    layout.retryOf === undefined
      ? '0'
      : `(select count(*) from ${table} as stored join load using (load_id)
          where ${ofPartner ? 'stored.partner_id = contested.partner_id and' : ''} stored.content = contested.content
            and (load_id = $1::bigint or (load.layout ->> 'retryOf')::bigint = $1::bigint))`;
  await transaction.query(
    `update contested set id = content::text || case when occurrence > 1 then '-' || occurrence else '' end
     from (select line, ${before} + row_number() over (partition by partner_id, content order by line) as occurrence
           from contested where not named) as counted
     where contested.line = counted.line`,
    layout.retryOf === undefined ? [] : [layout.retryOf],
  );
  return true;
}

/** Collects the stored versions of the keys of some rows in `held`. */
async function findHeld(
  transaction: Database,
  { table, ofPartner, id }: InputTable,
  rows: 'staged' | 'contested',
): Promise<void> {
  const [partnerId, storedId] = [ofPartner ? 'stored.partner_id' : "''", id === null ? "''" : `stored.${id}`];
  const keys = [...(ofPartner ? ['partner_id'] : []), ...(id === null ? [] : ['id'])];
  const [{ filled }] = await transaction.query<{ filled: boolean }>(`select exists (select 1 from ${table}) as filled`);
  if (filled) await transaction.query(`analyze ${rows}`);
  await transaction.query('drop table if exists pg_temp.held');
  await transaction.query(
    `create temp table held on commit drop as
     select ${partnerId} collate "C" as partner_id, ${storedId} collate "C" as id, stored.content, stored.known_at
     from ${table} as stored where ${filled} and (${keys.map((key) => (key === 'id' ? storedId : partnerId)).join(', ')})
       in (select ${keys.join(', ')} from ${rows})`,
  );
  await transaction.query('analyze held');
}

/**
 * Collects in `said` the undated rows that say nothing new of their key: in the order of what they tell, as many as only
 * repeat what was said before and end with what stands. So a file that holds several versions of a key may be loaded again.
 */
async function findSaidAgain(transaction: Database): Promise<number> {
  await transaction.query(
    `create temp table said on commit drop as
     with lines as (
       select contested.line, contested.known_at, partner_id, id, contested.content,
         bool_or(held.content = contested.content) as was_said,
         (array_agg(held.content order by held.known_at desc))[1] as stands
       from contested join held using (partner_id, id) where not explicit
       group by partner_id, id, contested.line, contested.known_at, contested.content
     ), in_turn as (
       select line, partner_id, id, content = stands as stands,
         row_number() over turns as turn, bool_and(was_said) over turns as all_said
       from lines window turns as (partition by partner_id, id order by known_at, line)
     ), repeated as (
       select line, turn, max(turn) filter (where all_said and stands) over (partition by partner_id, id) as last from in_turn
     )
     select line from repeated where turn <= last`,
  );
  await transaction.query('analyze said');
  const [{ lines }] = await transaction.query<{ lines: number }>('select count(*) as lines from said');
  return lines;
}

/** What repeats a row that was refused repeats nothing: the rows of such keys are compared anew, without it. */
async function passOverConflicts(transaction: Database): Promise<void> {
  await transaction.query(
    `update decided set decision = case when judged.repeats then 'duplicate' else 'store' end from (
       select line, content = lag(content) over versions and (not explicit or known_at = lag(known_at) over versions) as repeats
       from (
         select line, partner_id, id, explicit, content, known_at from decided
         where decision <> 'conflict' and (partner_id, id) in (select partner_id, id from decided where decision = 'conflict')
         union all
         select 0, partner_id, id, true, content, known_at from held
         where (partner_id, id) in (select partner_id, id from decided where decision = 'conflict')
       ) as chain window versions as (partition by partner_id, id order by known_at, line)
     ) as judged where decided.line = judged.line`,
  );
}

/** The rows that were stored, with the names of staged ones and their `lag_days`; `$1` is the load's own, `$2` its moment. */
function storedRows(input: InputName, hasContested: boolean): string {
  const own = ['explicit', ...ownColumns(inputTables[input])].join(', ');
  const uncontested = hasContested
    ? 'where not exists (select 1 from contested where contested.line = staged.line)'
    : '';
  const plain = `select ${KNOWN('$1', '$2')}, ${own} from staged ${uncontested}`;
  return hasContested
    ? `${plain} union all select known_at, lag_days, ${own} from decided where decision = 'store'`
    : plain;
}

async function recordLoad(
  transaction: Database,
  settings: LoadSettings,
  loadId: number,
  counts: Reconciliation,
  hasContested: boolean,
): Promise<void> {
  const stored = storedRows(settings.input, hasContested);
  // What is stored already and says when it became known shows as well that the source is complete up to then; rows of
  // history without a date, which count as known from now, do not.
  const again = hasContested
    ? "union all select known_at, null from decided where decision = 'duplicate' and explicit"
    : '';
  await transaction.query(
    `insert into load (load_id, source, target, file, read, stored, duplicate, quarantined, backfill, layout, watermark, loaded_at)
     overriding system value
     select $3::bigint, $4, $5, $6, $7::bigint, $8::bigint, $9::bigint, $10::bigint, $11::boolean, $12::jsonb,
       (select case when count(*) > 0
          then least($2::timestamptz, coalesce(max(known_at) filter (where lag_days is null or known_at < $2), max(known_at))) end
        from (select known_at, lag_days from (${stored}) as stored ${again}) as told), $2`,
    [
      settings.lagDays,
      settings.now,
      loadId,
      settings.source,
      settings.input,
      settings.file,
      counts.read,
      counts.stored,
      counts.duplicate,
      counts.quarantined,
      settings.backfill,
      JSON.stringify(settings.layout),
    ],
  );
}

async function recordTracking(
  transaction: Database,
  { input, lagDays, now }: LoadSettings,
  loadId: number,
  hasContested: boolean,
): Promise<void> {
  const since = trackingOf(input, `(${storedRows(input, hasContested)}) as stored`);
  if (since === null) return;
  await transaction.query(
    `insert into event_tracking (load_id, kind, known_on, since, events)
     select $3::bigint, kind, date_trunc('day', known_at), min(since), sum(events) from (${since}) as tracked
     where since is not null group by kind, date_trunc('day', known_at)`,
    [lagDays, now, loadId],
  );
}

/** What a load shows to be tracked: events by themselves; deals by their dates, counted where they are seen as events. */
function trackingOf(input: InputName, stored: string): string | null {
  if (input === 'events')
    return `select own_kind as kind, known_at, own_happened_at as since, 1 as events from ${stored}`;
  if (input !== 'deals') return null;
  const dates = [
    ['deal.registered', 'own_submitted_at', 'true'],
    ['deal.approved', 'own_decided_at', "own_decision = 'approved'"],
    ['deal.rejected', 'own_decided_at', "own_decision = 'rejected'"],
    ['deal.won', 'own_closed_at', "own_outcome = 'won'"],
    ['deal.lost', 'own_closed_at', "own_outcome = 'lost'"],
  ];
  return dates
    .map(
      ([kind, at, when]) =>
        `select '${kind}' as kind, case when lag_days is null then known_at else least(known_at, ${at} + lag_days * interval '1 day') end as known_at,
           ${at} as since, 0 as events from ${stored} where ${when} and ${at} is not null`,
    )
    .join(' union all ');
}

async function keepRefused(transaction: Database, loadId: number, file: string, hasContested: boolean): Promise<void> {
  const columns = 'insert into quarantine (load_id, file, line, "column", reason, raw, whole)';
  await transaction.query(`${columns} select $1::bigint, $2::text, line, "column", reason, raw, whole from refused`, [
    loadId,
    file,
  ]);
  if (!hasContested) return;
  await transaction.query(
    `${columns} select $1::bigint, $2::text, line, 'known_at', $3::text, coalesce(raw, ''), raw is not null from decided where decision = 'conflict'`,
    [loadId, file, CONFLICT],
  );
}

/**
 * The rows that were refused, oldest load first.
 * @param most how many of them; all when left out
 */
export async function quarantined(database: Database, most?: number): Promise<QuarantinedRow[]> {
  return database.query<QuarantinedRow>(
    'select file, line, "column", reason, raw from quarantine order by load_id, line, "column" limit $1::bigint',
    [most ?? null],
  );
}

/** A load that has refused rows, and how its rows were read. */
export interface RefusingLoad {
  loadId: number;
  source: string;
  target: InputName;
  file: string;
  layout: LoadLayout | null;
  rows: number;
  /** How many of them were kept whole. */
  whole: number;
}

/** The loads that have refused rows, oldest first. */
export async function refusingLoads(database: Database): Promise<RefusingLoad[]> {
  return database.query<RefusingLoad>(
    `select load.load_id as "loadId", source, target, load.file, layout, count(*) as rows,
       count(*) filter (where whole) as whole
     from load join quarantine using (load_id) group by load.load_id order by load.load_id`,
  );
}

const RETRIED_TOGETHER = 500;

/** The refused rows of a load that were kept whole, in batches in the order of their lines. */
export async function* refusedRows(database: Database, loadId: number): AsyncGenerator<Refusal[]> {
  for (let after = -1; ; ) {
    const rows = await database.query<Refusal>(
      `select line, "column", reason, raw, whole from quarantine
       where load_id = $1 and line > $2 and whole order by line limit ${RETRIED_TOGETHER}`,
      [loadId, after],
    );
    if (rows.length === 0) return;
    yield rows;
    after = rows[rows.length - 1].line;
  }
}

/**
 * Forgets the refused rows of a load that have been tried again, as rows of another.
 * @param except lines that no reader took
 */
export async function releaseRefused(transaction: Database, loadId: number, except: readonly number[]): Promise<void> {
  await transaction.query('delete from quarantine where load_id = $1 and whole and not line = any($2::bigint[])', [
    loadId,
    [...except],
  ]);
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
