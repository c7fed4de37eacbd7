import { formatDay, type Instant } from '../../features/index.ts';
import { FEWEST_COMPANIES, tellWhiteSpace, type WhiteCell, type WhiteSpace } from '../../insights/index.ts';
import { longDay } from './words.ts';

/** What the page of white space shows. */
export interface WhiteSpacePage {
  asOf: Instant;
  found: WhiteSpace;
}

/** Where the market is, and the partners are not: a heat map, and the same as a table. */
export function WhiteSpaceReport({ asOf, found }: WhiteSpacePage) {
  return (
    <>
      <h1>White space on {longDay(asOf)}</h1>
      <p class="headline">{tellWhiteSpace(found)}</p>
      <form class="filters" method="get" action="/whitespace">
        <label>
          As known before <input type="date" name="as_of" value={formatDay(asOf)} required />
        </label>
        <button type="submit">Show</button>
        <a class="button" href={`/whitespace.csv?as_of=${formatDay(asOf)}`}>
          Export CSV
        </a>
      </form>
      {found.cells.length === 0 ? (
        <p class="empty">
          Load a <code>market</code> table with <code>segment</code>, <code>region</code>, <code>companies</code> and{' '}
          <code>day</code>: <code>partnercast ingest market.csv</code>
        </p>
      ) : (
        <>
          <HeatMap cells={found.cells} />
          <p class="about">
            Points: share of the {found.companies.toLocaleString('en-US')} companies minus share of the {found.partners}{' '}
            partners' capacity. ▲ the market is larger than its coverage, ▼ the reverse; the stronger the colour, the
            larger the gap. Suppressed (·): fewer than {FEWEST_COMPANIES} companies, or worth less than one partner.
            Where partners are says nothing about where they would do well.
          </p>
          <h2>Cell by cell</h2>
          <Cells cells={found.cells} />
        </>
      )}
    </>
  );
}

function HeatMap({ cells }: { cells: readonly WhiteCell[] }) {
  const segments = [...new Set(cells.map(({ segment }) => segment.toLowerCase()))].sort();
  const regions = [...new Set(cells.map(({ region }) => region))].sort();
  const most = Math.max(...cells.map(({ whiteSpace }) => Math.abs(whiteSpace ?? 0)));
  return (
    <table class="heat" aria-label="White space by segment and region, in points">
      <thead>
        <tr>
          <th scope="col">Segment</th>
          {regions.map((region) => (
            <th key={region} scope="col" class="number">
              {region}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {segments.map((segment) => (
          <tr key={segment}>
            <th scope="row">{segment}</th>
            {regions.map((region) => (
              <Heat
                key={region}
                cell={cells.find((cell) => cell.segment.toLowerCase() === segment && cell.region === region)}
                most={most}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const STRENGTHS = 3;

function Heat({ cell, most }: { cell: WhiteCell | undefined; most: number }) {
  if (!cell) return <td class="number">–</td>;
  if (cell.whiteSpace === null) return <td class="number quiet">·</td>;
  const strength = most === 0 ? 0 : Math.round((STRENGTHS * Math.abs(cell.whiteSpace)) / most);
  const heat = strength === 0 ? '' : `${cell.whiteSpace > 0 ? 'room' : 'full'}-${strength}`;
  return <td class={`number ${heat}`.trim()}>{inPoints(cell.whiteSpace)}</td>;
}

function Cells({ cells }: { cells: readonly WhiteCell[] }) {
  return (
    <table class="risks">
      <thead>
        <tr>
          <th scope="col">Segment and region</th>
          {['Companies', 'Of the market', 'Partners', 'Capacity', 'Of all capacity', 'White space'].map((title) => (
            <th key={title} scope="col" class="number">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {cells.map((cell) => (
          <tr key={`${cell.segment} ${cell.region}`} class={cell.whiteSpace === null ? 'quiet' : ''}>
            <th scope="row">
              {cell.segment} · {cell.region}
            </th>
            <td data-label="Companies" class="number">
              {cell.companies.toLocaleString('en-US')}
            </td>
            <td data-label="Of the market" class="number">
              {inPercent(cell.marketShare)}
            </td>
            <td data-label="Partners" class="number">
              {cell.partners}
            </td>
            <td data-label="Capacity" class="number">
              {Math.round(cell.capacity).toLocaleString('en-US')}
            </td>
            <td data-label="Of all capacity" class="number">
              {inPercent(cell.coverageShare)}
            </td>
            <td data-label="White space" class="number">
              {cell.whiteSpace === null || cell.room === null ? (
                'too small to tell'
              ) : (
                <>
                  {inPoints(cell.whiteSpace)} points
                  <span class="about">
                    {Math.abs(Math.round(cell.room)).toLocaleString('en-US')}{' '}
                    {cell.room >= 0 ? 'of capacity missing' : 'more than its share'}
                  </span>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function inPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function inPoints(share: number): string {
  const size = Math.abs(100 * share).toFixed(1);
  if (size === '0.0') return '■ 0.0';
  return share > 0 ? `▲ ${size}` : `▼ ${size}`;
}
