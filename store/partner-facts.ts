import type { EventColumns } from '../features/index.ts';
import type { Database } from './database.ts';
import { readDealEvents } from './deals.ts';
import { readEvents } from './event-reader.ts';
import type { Known } from './known.ts';
import { readProfiles } from './profiles.ts';

/**
 * The facts of some partners as the store has them: events and what deals say, money in its own currency.
 * @param partners ids in ascending order of their bytes; those nothing is known of have no rows
 */
export function readPartners(database: Database, partners: readonly string[], known: Known): Promise<EventColumns> {
  return database.transaction(async (transaction) => {
    const profiles = await readProfiles(transaction, partners, known);
    const deals = await readDealEvents(transaction, partners, known);
    return readEvents(transaction, partners, deals, profiles, known);
  });
}
