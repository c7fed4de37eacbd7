import { addMonths, DAY, formatDay } from '../../features/index.ts';
import { normal } from './chance.ts';
import type { Cell } from './files.ts';
import { stamp, type World } from './world.ts';

/** Dollars for one unit, about which the daily rates move. */
const AROUND = { USD: 1, EUR: 1.09, GBP: 1.27 };
const DAILY_MOVE = 0.004;
/** How much of its distance from the mean a rate loses in a day. */
const PULL = 0.01;
const MONTHS_BEFORE = 1;

/** Dollars in minor units as a sensible amount of another currency, in its minor units. */
export function inCurrency(dollarsMinor: number, currency: keyof typeof AROUND): number {
  return Math.max(1, Math.round(dollarsMinor / AROUND[currency] / 1000)) * 1000;
}

/** The rows of `fx_rates.csv`: dollars for a euro and a pound on each day, known from its beginning, as published the evening before. */
export function rateRows(world: World): Cell[][] {
  const random = world.random('exchange rates');
  const rows: Cell[][] = [];
  const away = { EUR: 0, GBP: 0 };
  for (let day = addMonths(world.start, -MONTHS_BEFORE); day < world.end; day += DAY) {
    for (const currency of ['EUR', 'GBP'] as const) {
      away[currency] = (1 - PULL) * away[currency] + normal(DAILY_MOVE, random);
      rows.push([currency, formatDay(day), (AROUND[currency] * Math.exp(away[currency])).toFixed(6), stamp(day)]);
    }
  }
  return rows;
}
