import { DAY, type FactSource, type Instant, type Program, startOfDay } from '../features/index.ts';
import { cachedFacts, eventKinds, factsIn, problem } from '../store/index.ts';
import type { Context } from './context.ts';

/** The facts of the store and what the program declares about them. */
export interface ProgramFacts {
  facts: FactSource;
  program: Program;
  /** Up to when the records of qualifying kinds are complete. */
  watermark: Instant;
  /** The midnight after the watermark, or today's where that has not come yet: a day is read when it has ended. */
  latestAsOf: Instant;
  /** How many threads may work on features. */
  threads: number;
}

/**
 * Reads what there is.
 * @param upToLoad when given, the store is read as it was when that load was the last
 * @throws a problem `NOT_ENOUGH_DATA` when the store is empty, or none of its kinds counts as doing business
 */
export async function programFacts(context: Context, upToLoad?: number): Promise<ProgramFacts> {
  const { database, settings, clock } = context;
  const facts = factsOf(context, upToLoad);
  const qualifyingKinds = new Set(settings.qualifying_kinds);
  const watermark = await facts.watermark(qualifyingKinds);
  if (watermark === null) throw await nothingQualifies(database, settings.qualifying_kinds);
  const program = { qualifyingKinds, reportingCurrency: settings.reporting_currency, tracking: await facts.tracking() };
  const latestAsOf = Math.min(startOfDay(watermark) + DAY, startOfDay(clock()));
  return { facts, program, watermark, latestAsOf, threads: settings.threads };
}

function factsOf({ database, settings, cacheDirectory, say }: Context, upToLoad: number | undefined): FactSource {
  const { reporting_currency } = settings;
  return cacheDirectory === null
    ? factsIn(database, reporting_currency, upToLoad)
    : cachedFacts(database, cacheDirectory, { reportingCurrency: reporting_currency, upToLoad, say });
}

async function nothingQualifies(database: Context['database'], declared: readonly string[]): Promise<Error> {
  const kinds = await eventKinds(database);
  if (kinds.length === 0) {
    return problem('NOT_ENOUGH_DATA', 'The store holds no events yet. Load some with "partnercast ingest".');
  }
  const found = kinds.slice(0, 10).map(({ kind, events }) => `${kind} (${events})`);
  return problem(
    'NOT_ENOUGH_DATA',
    `No event counts as doing business: the store has ${found.join(', ')}, and qualifying_kinds are ${declared.join(', ')}. ` +
      'Declare yours in partnercast.config.json, for example {"qualifying_kinds": ["' +
      `${kinds[0].kind}"]}.`,
  );
}
