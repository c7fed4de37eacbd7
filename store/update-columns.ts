import { type EventColumns, gather, meet, type Placed } from '../features/index.ts';
import { newsOf, partnerIds, readAdded } from './changed-partners.ts';
import { type HeldRange, planAll, planRanges, type RangePlan } from './column-ranges.ts';
import { FORMAT, type Manifest, readColumns, removeOthers, writeColumns, writeManifest } from './columns-directory.ts';
import type { Database } from './database.ts';
import { makeDirectory } from './lock.ts';
import { readPartners } from './partner-facts.ts';
import { isSame, standing } from './standing.ts';

/** Where the facts of a store are kept as columns. */
export interface Keeping {
  database: Database;
  directory: string;
  /** Told why something that was kept could not be used. */
  readAnew(why: string): void;
}

/** The directory could not be written to. */
export class Unwritable extends Error {}

/** What is new to what is held. */
interface Fresh {
  /** Events to be put among those that are held, by partner. */
  added: ReadonlyMap<string, Placed>;
  /** Partners to be read anew. */
  changed: ReadonlySet<string>;
  /** The last load whose facts are to be there. */
  upToLoad: number;
}

/**
 * Brings the columns in a directory up to what the store holds now.
 * @param kept what is there; null when there is nothing to be used
 * @returns a manifest of all of it
 * @throws Unwritable when they cannot be written; what was there is left as it was
 */
export async function updateColumns(keeping: Keeping, kept: Manifest | null): Promise<Manifest> {
  const { database, directory } = keeping;
  // Asked before any row is read, and no row of a later load is: whatever ends meanwhile is news of the next time.
  const now = await standing(database);
  if (kept !== null && isSame(kept.standing, now)) return kept;
  await writing(() => makeDirectory(directory));
  try {
    const ranges = await bringUp(keeping, kept, now.load);
    const manifest = { format: FORMAT, standing: now, ranges };
    await writing(() => writeManifest(directory, manifest));
    return manifest;
  } finally {
    await removeOthers(directory).catch(() => {});
  }
}

async function bringUp(keeping: Keeping, kept: Manifest | null, upToLoad: number): Promise<HeldRange[]> {
  const { database } = keeping;
  const isOurs = kept !== null && isSame(kept.standing, await standing(database, kept.standing.load));
  if (kept !== null && !isOurs) keeping.readAnew('they are of another store, or of this one before it was restored');
  const fresh = isOurs ? await freshAfter(database, kept.standing.load, upToLoad) : nothing(upToLoad);
  const partners = await partnerIds(database);
  const changed = new Set([...fresh.added.keys(), ...fresh.changed]);
  const plans = isOurs ? planRanges(partners, kept.ranges, changed) : planAll(partners);
  if (plans === null) keeping.readAnew('they are of other partners');
  const ranges: HeldRange[] = [];
  for (const plan of plans ?? planAll(partners)) ranges.push(...(await carryOut(keeping, plan, fresh)));
  return ranges;
}

async function freshAfter(database: Database, after: number, upToLoad: number): Promise<Fresh> {
  const loads = { after, upTo: upToLoad };
  const news = await newsOf(database, loads);
  return { added: placesIn(await readAdded(database, news, loads)), changed: news.changed, upToLoad };
}

function nothing(upToLoad: number): Fresh {
  return { added: new Map(), changed: new Set(), upToLoad };
}

async function carryOut(keeping: Keeping, { held, pieces }: RangePlan, fresh: Fresh): Promise<HeldRange[]> {
  if (pieces === null) return held === null ? [] : [held];
  const old = held === null ? null : await readHeld(keeping, held);
  const ranges: HeldRange[] = [];
  for (const partners of pieces) {
    const columns = await splice(keeping.database, old, partners, fresh);
    ranges.push(await writing(() => writeColumns(keeping.directory, columns)));
  }
  return ranges;
}

/** Columns of partners: what is held of them with the events that were added, or all that the database has. */
async function splice(
  database: Database,
  old: EventColumns | null,
  partners: readonly string[],
  { added, changed, upToLoad }: Fresh,
): Promise<EventColumns> {
  const places = placesIn(old);
  const isAnew = (id: string) => {
    const held = places.get(id);
    const more = added.get(id);
    // Of events of the same moments, ids decide which goes first, and columns have none.
    return held === undefined || changed.has(id) || (more !== undefined && meet(held, more));
  };
  const anew = partners.filter(isAnew);
  const read = anew.length === 0 ? null : placesIn(await readEverything(database, anew, upToLoad));
  return gather(partners.flatMap((id) => read?.get(id) ?? withMore(places.get(id), added.get(id)) ?? []));
}

function withMore(held: Placed | undefined, added: Placed | undefined): Placed | undefined {
  return held && added ? { ...held, added } : held;
}

function placesIn(columns: EventColumns | null): Map<string, Placed> {
  if (columns === null) return new Map();
  return new Map(columns.partners.map((id, partner) => [id, { columns, partner }]));
}

async function readEverything(
  database: Database,
  partners: readonly string[],
  upToLoad: number,
): Promise<EventColumns> {
  return readPartners(database, partners, { knownBefore: Number.POSITIVE_INFINITY, upToLoad });
}

/** The columns of a range; null when they are not there, or damaged. */
async function readHeld({ directory, readAnew }: Keeping, held: HeldRange): Promise<EventColumns | null> {
  try {
    return await readColumns(directory, held);
  } catch (error) {
    readAnew(`those of ${held.partners} partners from ${held.first}: ${(error as Error).message}`);
    return null;
  }
}

/**
 * The columns of the range at a place of a manifest. Where they are missing or damaged they are read from the database,
 * and kept again.
 */
export async function rangeOf(keeping: Keeping, { ranges, standing }: Manifest, at: number): Promise<EventColumns> {
  const { database, directory } = keeping;
  const held = ranges[at];
  const read = await readHeld(keeping, held);
  if (read !== null) return read;
  const partners = await partnerIds(database, at === 0 ? undefined : held.first, ranges[at + 1]?.first);
  const columns = await readEverything(database, partners, standing.load);
  // The same facts are the same bits, under the same name.
  await writeColumns(directory, columns)
    .then(() => removeOthers(directory))
    .catch(() => {});
  return columns;
}

async function writing<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new Unwritable((error as Error).message);
  }
}
