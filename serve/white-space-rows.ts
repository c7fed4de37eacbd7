import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { formatDay, type Instant } from '../features/index.ts';
import { FEWEST_COMPANIES, tellWhiteSpace, type WhiteCell, type WhiteSpace, whiteSpace } from '../insights/index.ts';
import { coverage, type Database } from '../store/index.ts';

const cellShape = z.object({
  segment: z.string(),
  region: z.string(),
  companies: z.number(),
  market_share: z.number().describe('of the companies in all cells'),
  partners: z.number().describe('current partners of that industry and region'),
  capacity: z.number().describe('what they can take on; unknown counts as the median'),
  coverage_share: z.number().describe("of the partners' capacity in all cells"),
  white_space: z.number().nullable().describe('market_share minus coverage_share; null where suppressed'),
  room: z.number().nullable().describe('capacity that is missing to cover it like everywhere; null where suppressed'),
});

/** White space as the API and `--json` tell it. */
export const whiteSpaceShape = z
  .object({
    as_of: z.iso.date(),
    says: z.string(),
    companies: z.number(),
    partners: z.number(),
    capacity: z.number(),
    fewest_companies: z.number().describe('cells with fewer are suppressed, as are those worth less than one partner'),
    suppressed: z.number().describe('cells without a figure'),
    unplaced: z.number().describe('current partners whose industry or region is unknown'),
    outside: z.number().describe('current partners where no market is counted'),
    capacity_unknown: z.number(),
    cells: z.array(cellShape).describe('the largest white space first, suppressed cells last'),
  })
  .meta({ id: 'WhiteSpace' });

/** White space as known before a moment. */
export async function whiteSpaceAsOf(database: Database, asOf: Instant): Promise<WhiteSpace> {
  const { market, partners } = await coverage(database, asOf);
  return whiteSpace(market, partners);
}

/** @param found as it was measured for a day */
export function toWhiteSpaceShape(found: WhiteSpace, asOf: Instant): z.infer<typeof whiteSpaceShape> {
  return {
    as_of: formatDay(asOf),
    says: tellWhiteSpace(found),
    companies: found.companies,
    partners: found.partners,
    capacity: found.capacity,
    fewest_companies: FEWEST_COMPANIES,
    suppressed: found.suppressed,
    unplaced: found.unplaced,
    outside: found.outside,
    capacity_unknown: found.capacityUnknown,
    cells: found.cells.map(toRow),
  };
}

function toRow(cell: WhiteCell): z.infer<typeof cellShape> {
  const { segment, region, companies, partners, capacity, room } = cell;
  const shares = { market_share: cell.marketShare, coverage_share: cell.coverageShare, white_space: cell.whiteSpace };
  return { segment, region, companies, partners, capacity, room, ...shares };
}

/** The cells as CSV; text that a spreadsheet would run as a formula is defused. */
export function whiteSpaceCsv({ cells }: WhiteSpace): string {
  const columns = Object.keys(cellShape.shape) as (keyof z.infer<typeof cellShape>)[];
  const rows = cells.map(toRow).map((row) => columns.map((column) => row[column]));
  return stringify([columns, ...rows], { escape_formulas: true });
}
