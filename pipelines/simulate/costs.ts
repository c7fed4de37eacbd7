import { addMonths, DAY, formatDay, type Instant } from '../../features/index.ts';
import type { Deal } from './deals.ts';
import type { Cell } from './files.ts';
import type { Partner } from './partner.ts';
import type { SimulatedEvent } from './recording.ts';
import { stamp, type World } from './world.ts';

/** What a partner gets of a deal it won, and what a course costs: minor units. */
const INCENTIVE_SHARE = 0.08;
const COURSE_COST = 180_000;
/** What a channel manager and the program's tools cost a month: minor units of the dollar. */
const MANAGER_COST = 950_000;
const TOOLS_COST = 420_000;
/** Books are closed so many days after a month. */
const CLOSED_AFTER_DAYS = 5;

/** The rows of `costs.csv` of a partner: for each month and kind what was spent, known when the books are closed. */
export function partnerCostRows(
  partner: Partner,
  deals: readonly Deal[],
  events: readonly SimulatedEvent[],
  world: World,
): Cell[][] {
  const spent: [kind: string, at: Instant, amount: number, currency: string][] = [
    ...deals.flatMap(({ outcome, closedAt, amount, currency }): typeof spent =>
      outcome === 'won' && closedAt !== null ? [['incentive', closedAt, amount * INCENTIVE_SHARE, currency]] : [],
    ),
    ...events.flatMap(({ kind, happenedAt, value, currency }): typeof spent =>
      kind === 'mdf.claimed' && value !== null && currency !== null ? [['mdf', happenedAt, value, currency]] : [],
    ),
    ...(partner.training
      ? [['enablement', partner.training.completedAt, COURSE_COST, 'USD'] as (typeof spent)[0]]
      : []),
  ];
  const sums = new Map<string, number>();
  for (const [kind, at, amount, currency] of spent) {
    const key = `${formatDay(at).slice(0, 7)}-01 ${kind} ${currency}`;
    sums.set(key, (sums.get(key) ?? 0) + amount);
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, amount], i) => {
      const [month, kind, currency] = key.split(' ');
      const id = `K-${partner.traits.id}-${i + 1}`;
      return costRows(id, partner.traits.id, kind, amount, currency, Date.parse(month), world);
    });
}

/** The costs of the whole program that belong to no partner, month by month: those of the n-th channel manager. */
export function managerCostRows(n: number, world: World): Cell[][] {
  return monthsOf(world).flatMap((month, i) =>
    costRows(`K-M${n + 1}-${i + 1}`, null, 'headcount', MANAGER_COST, 'USD', month, world),
  );
}

/** What the program's tools cost, month by month. */
export function toolCostRows(world: World): Cell[][] {
  return monthsOf(world).flatMap((month, i) =>
    costRows(`K-T-${i + 1}`, null, 'tools', TOOLS_COST, 'USD', month, world),
  );
}

function monthsOf({ start, end }: World): Instant[] {
  const first = Date.parse(`${formatDay(start).slice(0, 7)}-01`);
  const months: Instant[] = [];
  for (let m = 0; addMonths(first, m) < end; m++) months.push(addMonths(first, m));
  return months;
}

function costRows(
  id: string,
  partner: string | null,
  kind: string,
  amount: number,
  currency: string,
  month: Instant,
  { end }: World,
): Cell[][] {
  const knownAt = addMonths(month, 1) + CLOSED_AFTER_DAYS * DAY;
  return knownAt < end ? [[id, partner, kind, Math.round(amount), currency, formatDay(month), stamp(knownAt)]] : [];
}
