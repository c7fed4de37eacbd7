import { type EventColumns, gather, inOwnCodes, type Placed } from '../features/index.ts';
import { partnerIds, partnersChanged } from './changed-partners.ts';
import { type HeldRange, planAll, planRanges, type RangePlan } from './column-ranges.ts';
import {
  FORMAT,
  type Manifest,
  readColumns,
  readManifest,
  removeOthers,
  writeColumns,
  writeManifest,
} from './columns-directory.ts';
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

/**
 * Brings the columns in a directory up to what the store holds now.
 * @param kept what is there; null when there is nothing to be used
 * @returns a manifest of all of it
 * @throws Unwritable when they cannot be written; what was there is left as it was
 */
export async function updateColumns(keeping: Keeping, kept: Manifest | null): Promise<Manifest> {
  const { database, directory } = keeping;
  // Asked before any row is read: a load that ends meanwhile is read again next time rather than missed.
  const now = await standing(database);
  if (kept !== null && isSame(kept.standing, now)) return kept;
  await writing(() => makeDirectory(directory));
  try {
    const ranges = await bringUp(keeping, kept);
    const manifest = { format: FORMAT, standing: now, ranges };
    await writing(() => writeManifest(directory, manifest));
    return manifest;
  } finally {
    await removeOthers(directory).catch(() => {});
  }
}

async function bringUp(keeping: Keeping, kept: Manifest | null): Promise<HeldRange[]> {
  const { database } = keeping;
  const isOurs = kept !== null && isSame(kept.standing, await standing(database, kept.standing.load));
  if (kept !== null && !isOurs) keeping.readAnew('they are of another store, or of this one before it was restored');
  const changed = isOurs ? await partnersChanged(database, kept.standing.load) : new Set<string>();
  const partners = await partnerIds(database);
  const plans = isOurs ? planRanges(partners, kept.ranges, changed) : planAll(partners);
  if (plans === null) keeping.readAnew('they are of other partners');
  const ranges: HeldRange[] = [];
  for (const plan of plans ?? planAll(partners)) ranges.push(...(await carryOut(keeping, plan, changed)));
  return ranges;
}

async function carryOut(
  keeping: Keeping,
  { held, pieces }: RangePlan,
  changed: ReadonlySet<string>,
): Promise<HeldRange[]> {
  if (pieces === null) return held === null ? [] : [held];
  const old = held === null ? null : await readHeld(keeping, held);
  const ranges: HeldRange[] = [];
  for (const partners of pieces) {
    const columns = await splice(keeping.database, old, partners, changed);
    ranges.push(await writing(() => writeColumns(keeping.directory, columns)));
  }
  return ranges;
}

/** Columns of partners: those that have changed from the database, the others from what is held of them. */
async function splice(
  database: Database,
  old: EventColumns | null,
  partners: readonly string[],
  changed: ReadonlySet<string>,
): Promise<EventColumns> {
  const places = new Map<string, Placed>();
  const place = (columns: EventColumns) =>
    columns.partners.forEach((id, partner) => {
      places.set(id, { columns, partner });
    });
  if (old !== null) place(old);
  const fresh = partners.filter((id) => changed.has(id) || !places.has(id));
  if (fresh.length > 0) place(await readEverything(database, fresh));
  return gather(partners.flatMap((id) => places.get(id) ?? []));
}

async function readEverything(database: Database, partners: readonly string[]): Promise<EventColumns> {
  return readPartners(database, partners, { knownBefore: Number.POSITIVE_INFINITY });
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
 * The columns of the range at a place of a manifest. One that is missing or damaged is read from the database, and kept
 * again unless another process has been at work since.
 * @returns the columns, and the manifest that names them
 */
export async function rangeOf(
  keeping: Keeping,
  manifest: Manifest,
  at: number,
): Promise<{ columns: EventColumns; manifest: Manifest }> {
  const { database, directory } = keeping;
  const held = manifest.ranges[at];
  const read = await readHeld(keeping, held);
  if (read !== null) return { columns: read, manifest };
  const partners = await partnerIds(database, at === 0 ? undefined : held.first, manifest.ranges[at + 1]?.first);
  const columns = inOwnCodes(await readEverything(database, partners));
  return { columns, manifest: await keepAgain(directory, manifest, at, columns).catch(() => manifest) };
}

async function keepAgain(directory: string, manifest: Manifest, at: number, columns: EventColumns): Promise<Manifest> {
  const range = await writeColumns(directory, columns);
  const mended = { ...manifest, ranges: manifest.ranges.with(at, range) };
  const standsYet = JSON.stringify(await readManifest(directory)) === JSON.stringify(manifest);
  if (standsYet) await writeManifest(directory, mended);
  await removeOthers(directory);
  return standsYet ? mended : manifest;
}

async function writing<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new Unwritable((error as Error).message);
  }
}
