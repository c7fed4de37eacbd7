import { DAY, type Instant } from '../features/index.ts';
import { withoutRate } from '../store/index.ts';
import type { Context } from './context.ts';

/** As far back as value at risk looks. */
const LOOK_BACK_DAYS = 365;

/** A sentence about money that cannot be converted, of the year before a moment; null when all of it can. */
export async function tellWithoutRate({ database, settings }: Context, asOf: Instant): Promise<string | null> {
  const from = new Date(asOf - LOOK_BACK_DAYS * DAY);
  const found = await withoutRate(database, settings.reporting_currency, from, new Date(asOf));
  if (found.length === 0) return null;
  return (
    "The money of the past year's deals and events is unknown where fx_rates has no rate for their day or the month " +
    `before: ${found.map(({ currency, facts }) => `${facts} in ${currency}`).join(', ')}.`
  );
}
