import { type Company, numberIn } from '../features/index.ts';

/** How many companies a segment has in a region, as it was last counted. */
export interface MarketCell {
  segment: string;
  region: string;
  companies: number;
}

/** How a segment of a region is covered beside how large it is. Shares are of all cells, 0 to 1. */
export interface WhiteCell {
  segment: string;
  region: string;
  companies: number;
  marketShare: number;
  /** Current partners of that industry and region. */
  partners: number;
  /** What they can take on, in the program's units of capacity. */
  capacity: number;
  coverageShare: number;
  /** Market share minus coverage share, −1 to 1; above 0 the market is larger than its coverage. Null where suppressed. */
  whiteSpace: number | null;
  /** Capacity that coverage like everywhere else would need beside what is there, below 0 where there is more; null where suppressed. */
  room: number | null;
}

/** Where the market is, and the partners are not. */
export interface WhiteSpace {
  /** The largest white space first, suppressed cells last. */
  cells: WhiteCell[];
  /** Companies, partners and capacity in all cells. */
  companies: number;
  partners: number;
  capacity: number;
  suppressed: number;
  /** Current partners that are in no cell: industry or region unknown, or no market counted there. */
  unplaced: number;
  outside: number;
  /** Partners whose capacity is unknown; each counts as the median of the others. */
  capacityUnknown: number;
}

/** A share of fewer companies says nothing, and where less than one partner is to be expected none is no finding. */
export const FEWEST_COMPANIES = 100;
const FEWEST_EXPECTED = 1;

/**
 * Compares, cell by cell of segment × region, the share of the market with the share of the partners' capacity. A cell
 * is suppressed where it has fewer than 100 companies, or its share of the market is worth less than one partner.
 * @param market each segment and region once; the words are compared without regard to case
 * @param partners current partners; `industry` is their segment
 */
export function whiteSpace(market: readonly MarketCell[], partners: readonly Company[]): WhiteSpace {
  const capacities = partners.map((partner) => numberIn(partner, 'capacity'));
  const usual = median(capacities.filter((capacity) => capacity !== null)) ?? 1;
  const cells = new Map(
    market.map((cell) => [keyOf(cell.segment, cell.region), { ...cell, partners: 0, capacity: 0 }]),
  );
  let [unplaced, outside] = [0, 0];
  partners.forEach((partner, i) => {
    const [segment, region] = [partner.latest('industry'), partner.latest('region')];
    const cell = segment === null || region === null ? null : cells.get(keyOf(segment, region));
    if (cell === null) unplaced++;
    else if (cell === undefined) outside++;
    else {
      cell.partners++;
      cell.capacity += capacities[i] ?? usual;
    }
  });
  const total = { companies: 0, partners: 0, capacity: 0 };
  for (const { companies, partners, capacity } of cells.values()) {
    total.companies += companies;
    total.partners += partners;
    total.capacity += capacity;
  }
  const measured = Array.from(cells.values(), (cell) => measure(cell, total)).sort(largestFirst);
  return {
    cells: measured,
    ...total,
    suppressed: measured.filter((cell) => cell.whiteSpace === null).length,
    unplaced,
    outside,
    capacityUnknown: capacities.filter((capacity) => capacity === null).length,
  };
}

type Counted = MarketCell & { partners: number; capacity: number };

function measure(cell: Counted, total: { companies: number; partners: number; capacity: number }): WhiteCell {
  const marketShare = shareOf(cell.companies, total.companies);
  const coverageShare = shareOf(cell.capacity, total.capacity);
  const isSmall = cell.companies < FEWEST_COMPANIES || marketShare * total.partners < FEWEST_EXPECTED;
  return {
    ...cell,
    marketShare,
    coverageShare,
    whiteSpace: isSmall ? null : marketShare - coverageShare,
    room: isSmall ? null : marketShare * total.capacity - cell.capacity,
  };
}

function largestFirst(a: WhiteCell, b: WhiteCell): number {
  return (
    (b.whiteSpace ?? Number.NEGATIVE_INFINITY) - (a.whiteSpace ?? Number.NEGATIVE_INFINITY) ||
    b.companies - a.companies ||
    (keyOf(a.segment, a.region) < keyOf(b.segment, b.region) ? -1 : 1)
  );
}

/** What a table of white space shows first, in sentences. */
export function tellWhiteSpace({ cells, companies, partners, suppressed, ...rest }: WhiteSpace): string {
  if (companies === 0)
    return 'No market is on record: load "market" (segment, region, companies, day) to see white space.';
  if (partners === 0) return 'No current partner is in a segment and region whose companies are counted.';
  const [most] = cells;
  const sentences = [
    most.whiteSpace === null
      ? 'Every cell is too small to tell.'
      : most.whiteSpace > 0
        ? `Most white space: ${most.segment} in ${most.region}, with ${percent(most.marketShare)} of the companies ` +
          `and ${percent(most.coverageShare)} of the ${partners} partners' capacity.`
        : 'The partners cover every cell as its market would ask.',
  ];
  if (suppressed > 0) {
    sentences.push(
      `${suppressed} of ${cells.length} cells are too small to tell: fewer than ${FEWEST_COMPANIES} companies, or a ` +
        'share that is worth less than one partner.',
    );
  }
  if (rest.unplaced > 0) sentences.push(`${counted(rest.unplaced)} without industry or region left out.`);
  if (rest.outside > 0)
    sentences.push(`${counted(rest.outside)} in segments or regions without a market figure left out.`);
  if (rest.capacityUnknown > 0)
    sentences.push(`${counted(rest.capacityUnknown)} of unknown capacity counted as the median.`);
  return sentences.join(' ');
}

function counted(partners: number): string {
  return partners === 1 ? '1 partner' : `${partners} partners`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function shareOf(part: number, all: number): number {
  return all === 0 ? 0 : part / all;
}

function keyOf(segment: string, region: string): string {
  return `${segment.trim().toLowerCase()}\n${region.trim().toLowerCase()}`;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const ascending = [...values].sort((a, b) => a - b);
  const middle = ascending.length >> 1;
  return ascending.length % 2 === 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
}
