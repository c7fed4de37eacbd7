import { DAY, type Instant } from '../features/index.ts';
import { eventsKnown } from '../store/index.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';

const LOOK_BACK_DAYS = 90;
/** Silence in which this many events were to be expected is a feed that lags, not a program that sleeps (p < 0.05). */
const EXPECTED_IN_SILENCE = 3;

/**
 * The midnight to read the facts at for a day: the day itself, or, where the feed lags behind it, the midnight after
 * the watermark. To read later than the feed reaches would make every partner look quiet.
 */
export async function asOfFor(context: Context, day: Instant): Promise<Instant> {
  const { latestAsOf } = await programFacts(context);
  if (latestAsOf >= day) return day;
  const from = new Date(latestAsOf - LOOK_BACK_DAYS * DAY);
  const { database, settings } = context;
  const events = await eventsKnown(database, settings.qualifying_kinds, from, new Date(latestAsOf));
  const expected = (events / LOOK_BACK_DAYS) * ((day - latestAsOf) / DAY);
  return expected <= EXPECTED_IN_SILENCE ? day : latestAsOf;
}
