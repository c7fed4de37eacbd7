import type { Instant, Lifecycle } from '../features/index.ts';
import { copyLine } from './copy-text.ts';
import { copyRows, type Database } from './database.ts';

const COLUMNS = ['entity_id', 'as_of', 'state', 'ended_by', 'seasonal', 'off_portal', 'because'];

/** Makes the states of a day stand, in place of those that stood for it. Call it in a transaction. */
export async function keepLifecycles(
  transaction: Database,
  asOf: Instant,
  states: ReadonlyMap<string, Lifecycle>,
): Promise<void> {
  await transaction.query('delete from lifecycle where as_of = $1', [new Date(asOf)]);
  const lines = Array.from(states, ([id, { state, endedBy, seasonal, offPortal, because }]) =>
    copyLine([id, new Date(asOf), state, endedBy, seasonal, offPortal, because]),
  );
  await copyRows(transaction, 'lifecycle', COLUMNS, lines);
}

/** A state with the day it was told as of. */
export type DatedLifecycle = Lifecycle & { asOf: Instant };

/** A partner's latest state, or that of a day or the nearest before it; null when none was told yet. */
export async function lifecycleOn(
  database: Database,
  partnerId: string,
  asOf?: Instant,
): Promise<DatedLifecycle | null> {
  const [row] = await database.query<Lifecycle & { as_of: Date }>(
    `select as_of, state, ended_by as "endedBy", seasonal, off_portal as "offPortal", because from lifecycle
     where entity_id = $1 and ($2::timestamptz is null or as_of <= $2) order by as_of desc limit 1`,
    [partnerId, asOf === undefined ? null : new Date(asOf)],
  );
  if (!row) return null;
  const { as_of, ...state } = row;
  return { ...state, asOf: as_of.getTime() };
}
