import { convertMoney, type FactSource, knownBy, RateBook } from '../features/index.ts';
import { type Manifest, readManifest } from './columns-directory.ts';
import type { Database } from './database.ts';
import { factsIn } from './facts.ts';
import { readRates } from './rates.ts';
import { type Keeping, rangeOf, Unwritable, updateColumns } from './update-columns.ts';

/** How facts are told that are kept. */
export interface CacheOptions {
  /** ISO 4217 code of the currency that money in others is converted to. */
  reportingCurrency: string;
  /** Only what loads up to this one brought; all of them when undefined. Of any but the last, the database is read. */
  upToLoad?: number | undefined;
  /** Told when what was kept cannot be used, or nothing can be kept. */
  say(sentence: string): void;
}

/** Stores of which it was said that nothing can be kept of them. */
const told = new WeakSet<Database>();

/**
 * The facts of a database, kept as columns in a directory beside it: only what is new is read. What is kept is a copy
 * and no more: where it is missing, damaged, of another store or cannot be written, the database is read.
 * @param directory made when it is not there; several processes may share it
 */
export function cachedFacts(
  database: Database,
  directory: string,
  { reportingCurrency, upToLoad, say }: CacheOptions,
): FactSource {
  const direct = factsIn(database, reportingCurrency, upToLoad);
  const readAnew = (why: string) => say(`The facts kept in ${directory} cannot be used (${why}); they are read anew.`);
  const keeping = { database, directory, readAnew };
  return {
    ...direct,
    async *ranges(knownBefore) {
      const manifest = await upToDate(keeping);
      const isKept = !(manifest instanceof Unwritable);
      if (!isKept && !told.has(database)) {
        say(`Facts cannot be kept in ${directory} (${manifest.message}); the database is read each time.`);
        told.add(database);
      }
      if (!isKept || (upToLoad !== undefined && upToLoad !== manifest.standing.load)) {
        yield* direct.ranges(knownBefore);
        return;
      }
      const rates = new RateBook(reportingCurrency, await readRates(database, { knownBefore, upToLoad }));
      for (let at = 0; at < manifest.ranges.length; at++) {
        yield convertMoney(knownBy(await rangeOf(keeping, manifest, at), knownBefore), rates);
      }
    },
  };
}

async function upToDate(keeping: Keeping): Promise<Manifest | Unwritable> {
  try {
    return await updateColumns(keeping, await manifestIn(keeping));
  } catch (error) {
    if (error instanceof Unwritable) return error;
    throw error;
  }
}

/** The manifest that is there; null when there is none that can be used. */
async function manifestIn({ directory, readAnew }: Keeping): Promise<Manifest | null> {
  try {
    return await readManifest(directory);
  } catch (error) {
    readAnew((error as Error).message);
    return null;
  }
}

/** What a cache of facts holds. */
interface CacheState {
  partners: number;
  bytes: number;
  /** The last load that is in it. */
  load: number;
}

/** What is kept in a directory; null when nothing is, or nothing that can be used. */
export async function cacheState(directory: string): Promise<CacheState | null> {
  const manifest = await readManifest(directory).catch(() => null);
  if (manifest === null) return null;
  const { ranges, standing } = manifest;
  return {
    partners: ranges.reduce((sum, range) => sum + range.partners, 0),
    bytes: ranges.reduce((sum, range) => sum + range.bytes, 0),
    load: standing.load,
  };
}
