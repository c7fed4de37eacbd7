import type { Instant } from '../features/index.ts';
import type { Database } from '../store/index.ts';
import type { Settings } from './settings.ts';

/** What pipelines work with: everything comes in here, nothing is reached for. */
export interface Context {
  database: Database;
  settings: Settings;
  /** Where facts are kept as columns, to be read again quickly; null when they are not. */
  cacheDirectory: string | null;
  /** The present. */
  clock(): Instant;
  /** Does a named piece of work and tells that it is at it. */
  step<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  /** Tells something worth knowing. */
  say(sentence: string): void;
}
