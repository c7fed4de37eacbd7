import type { Database } from './database.ts';

/** How far a store has come: two that agree in all of it hold the same facts. */
export interface Standing {
  /** The identity of the store, which its copies and backups share. */
  store: string;
  /** A checksum of the migrations that made its schema: views say what facts are. */
  schema: string;
  /** The number of the last load, 0 when there has been none. */
  load: number;
  /** A checksum of this load and all before it: after a backup was restored, another load may bear the same number. */
  loads: string;
}

/**
 * The standing of a store now, or as it was after an earlier load. Loads follow one another and are never changed, so
 * rows that are read later are of this standing, or of later loads.
 */
export async function standing(database: Database, afterLoad?: number): Promise<Standing> {
  const [row] = await database.query<Standing>(
    `select identity::text as store,
       (select md5(string_agg(name || ' ' || checksum, ',' order by name)) from schema_migration) as schema,
       load, loads
     from store_identity cross join (
       select coalesce(max(load_id), 0) as load, md5(coalesce(string_agg(
         concat_ws(' ', load_id, extract(epoch from loaded_at), extract(epoch from watermark), read, stored, duplicate, source, target, file),
         ',' order by load_id), '')) as loads
       from load where $1::bigint is null or load_id <= $1) as done`,
    [afterLoad ?? null],
  );
  return row;
}

/** Whether two standings agree in everything. */
export function isSame(a: Standing, b: Standing): boolean {
  return a.store === b.store && a.schema === b.schema && a.load === b.load && a.loads === b.loads;
}
