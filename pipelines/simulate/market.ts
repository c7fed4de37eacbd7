import { addMonths, formatDay } from '../../features/index.ts';
import { between } from './chance.ts';
import { INDUSTRIES, REGIONS } from './companies.ts';
import type { Cell } from './files.ts';
import { stamp, type World } from './world.ts';

const EVERY_MONTHS = 3;

/** The rows of `market.csv`: how many companies each industry has in each region, counted every quarter. */
export function marketRows(world: World): Cell[][] {
  const random = world.random('market');
  const cells = REGIONS.flatMap((region) =>
    INDUSTRIES.map((segment) => ({ segment, region, companies: between(400, 9000, random) })),
  );
  const rows: Cell[][] = [];
  for (let m = 0; m < world.months; m += EVERY_MONTHS) {
    const day = addMonths(world.start, m);
    for (const cell of cells) {
      rows.push([cell.segment, cell.region, Math.round(cell.companies), formatDay(day), stamp(day)]);
      cell.companies *= between(0.99, 1.03, random);
    }
  }
  return rows;
}
