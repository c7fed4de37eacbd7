import { type Context, settingsSchema } from '../../pipelines/index.ts';
import type { Database } from '../../store/index.ts';

/** A context with a clock that tests turn. */
export interface TestContext extends Context {
  now: number;
  said: string[];
}

/** @param settings what differs from the defaults */
export function contextOn(database: Database, now: number, settings: Record<string, unknown> = {}): TestContext {
  const said: string[] = [];
  const context: TestContext = {
    database,
    settings: settingsSchema.parse(settings),
    cacheDirectory: null,
    now,
    said,
    clock: () => context.now,
    step: (_name, work) => work(),
    say: (sentence) => said.push(sentence),
  };
  return context;
}
