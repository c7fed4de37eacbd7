import { addMonths, DAY, formatDay, type Instant, startOfDay } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { between, happens } from './chance.ts';
import type { Deal } from './deals.ts';
import type { Cell } from './files.ts';
import { dayOrNothing, stamp } from './world.ts';

/** Chances per month that a subscription ends, by whether a partner sold it, and that it grows. */
const CHURN_WITH_PARTNER = 0.012;
const CHURN_WITHOUT = 0.022;
const EXPANDS = 0.03;

/**
 * The rows of `subscriptions.csv` that a deal won leads to. An expansion ends the subscription and begins a larger one
 * on the same day; an end is a new version of the row, known when it comes.
 * @param begun account, product and first day of every subscription so far: two cannot begin as one
 */
export function subscriptionRows(deal: Deal, end: Instant, begun: Set<string>, random: Random): Cell[][] {
  if (deal.outcome !== 'won' || deal.closedAt === null || deal.closedAt >= end) return [];
  const seller = deal.touches[0]?.partner.traits.id ?? null;
  const row = (mrr: number, from: Instant, to: Instant | null, knownAt: Instant) => [
    deal.account.id,
    deal.product,
    mrr,
    deal.currency,
    formatDay(from),
    dayOrNothing(to),
    seller,
    stamp(knownAt),
  ];
  const rows: Cell[][] = [];
  let mrr = Math.max(100, Math.round(deal.amount / 12));
  let from = startOfDay(deal.closedAt) + DAY * Math.floor(between(1, 21, random));
  if (from >= end) return [];
  rows.push(row(mrr, from, null, from));
  for (let months = 1; addMonths(from, months) < end; months++) {
    const at = addMonths(from, months);
    const churns = happens(seller === null ? CHURN_WITHOUT : CHURN_WITH_PARTNER, random);
    const grows = happens(EXPANDS, random);
    if (!churns && !grows) continue;
    rows.push(row(mrr, from, at, at));
    if (churns) break;
    mrr = Math.round(mrr * between(1.15, 1.8, random));
    rows.push(row(mrr, at, null, at));
    from = at;
    months = 0;
  }
  const keys = new Set(rows.map(([account, product, , , startsOn]) => `${account}|${product}|${startsOn}`));
  if ([...keys].some((key) => begun.has(key))) return [];
  for (const key of keys) begun.add(key);
  return rows;
}
