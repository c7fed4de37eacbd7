import type { Company, FeatureView, Instant } from '../features/index.ts';
import { DAY } from '../features/index.ts';
import type { Approached } from '../models/index.ts';
import { approachedProspects } from '../store/index.ts';
import { companyTable } from './company-table.ts';
import type { Context } from './context.ts';
import { companyOf } from './prospect-features.ts';

/** Who has not signed so long after being approached counts as having said no. */
const SETTLED = 120 * DAY;

/**
 * The companies that were approached long enough before a day for both answers to have come, by records and by what
 * was noted here; traits as known when they were approached. Null where there are none.
 */
export async function approachedCompanies(
  { database }: Context,
  view: FeatureView<Company>,
  asOf: Instant,
): Promise<Approached | null> {
  const approached = await approachedProspects(database, asOf, asOf - SETTLED);
  if (approached.length === 0) return null;
  const rows = approached.map(({ prospect, approachedAt }) => ({
    id: prospect.prospectId,
    cutoff: approachedAt,
    company: companyOf(prospect),
  }));
  return { table: companyTable(view, rows), signed: Uint8Array.from(approached, ({ hasSigned }) => Number(hasSigned)) };
}
