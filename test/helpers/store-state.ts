import type { Database } from '../../store/index.ts';

/** What each table holds: how many rows, and a checksum over their contents in no order. */
export type StoreState = Record<string, { rows: number; checksum: string }>;

/** What every load, and every store, gets anew, whatever it holds. */
const OF_THE_LOAD = "'{load_id,loaded_at,applied_at,identity}'::text[]";

/** Everything a store holds, but numbers and times of loads; two stores of one kind with the same contents are equal. */
export async function stateOf(database: Database): Promise<StoreState> {
  const tables = await database.query<{ name: string }>(
    'select tablename as name from pg_tables where schemaname = current_schema() order by tablename',
  );
  const state: StoreState = {};
  for (const { name } of tables) {
    const [{ rows, checksum }] = await database.query<{ rows: number; checksum: string }>(
      `select count(*) as rows, coalesce(sum(hashtextextended((to_jsonb(each) - ${OF_THE_LOAD})::text, 0)), 0)::text as checksum
       from "${name}" as each`,
    );
    state[name] = { rows, checksum };
  }
  return state;
}
