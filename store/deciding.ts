import type { Database } from './database.ts';
import { type InputTable, inputTables } from './inputs.ts';
import type { LoadSettings } from './merging.ts';
import { ownColumns } from './staging.ts';

/** Collects the stored versions of the keys of some rows in `held`. */
export async function findHeld(
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
 * Contested rows without an id are named by their content and how often that occurred in the file so far. Rows that are
 * tried again come after those of their file that were stored.
 * @returns whether there were any
 */
export async function nameByContent(transaction: Database, { input, layout }: LoadSettings): Promise<boolean> {
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

/**
 * Decides about every contested row against what is stored and against the rows before it, in one pass over the rows in
 * the order of their keys; leaves the table `decided`, in that order.
 * @returns how many rows were left out of it because they only repeat what the store has said before
 */
export async function decide(
  transaction: Database,
  input: InputTable,
  { now, lagDays }: LoadSettings,
): Promise<number> {
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
