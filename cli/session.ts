import type { Context } from '../pipelines/index.ts';
import type { Config } from './config.ts';
import type { Output } from './output.ts';

/** What verbs work with. `main.ts` makes it: nothing else reads the environment or opens a store. */
export interface Session {
  output: Output;
  clock(): number;
  /** What is configured, with the flags of the command line. */
  config(): Config;
  /** Opens the store for a piece of work and closes it after. */
  withStore<Result>(work: (context: Context, config: Config) => Promise<Result>): Promise<Result>;
  /** The same on an empty store in memory that is thrown away. */
  withScratch<Result>(work: (context: Context, config: Config) => Promise<Result>): Promise<Result>;
  /** The inputs that a source has loaded into the store before; nothing is written. */
  loadedBefore(source: string): Promise<string[]>;
  /** Ends when the process is told to stop; `close` runs first. */
  untilStopped(close: () => Promise<void>): Promise<void>;
}
