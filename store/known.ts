import type { Instant } from '../features/index.ts';

/** Which facts to read. */
export interface Known {
  /** Only what was known before this moment; Infinity for all of it. */
  knownBefore: Instant;
  /** Only what loads up to this one brought, as the store was when it was the last; all of them when undefined. */
  upToLoad?: number | undefined;
}

/** The condition that a row's load is one of those, in SQL. */
export function loadedUpTo({ upToLoad }: Pick<Known, 'upToLoad'>): string {
  return upToLoad === undefined ? 'true' : `load_id <= ${Math.trunc(upToLoad)}`;
}
