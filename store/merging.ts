import type { Database } from './database.ts';
import { decide, findHeld, nameByContent } from './deciding.ts';
import { type InputName, type InputTable, inputTables } from './inputs.ts';
import { ownColumns, stagedName } from './staging.ts';

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

const CONFLICT = 'another row says something else for the same key and known_at';

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
