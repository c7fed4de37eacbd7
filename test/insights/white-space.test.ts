import { describe, expect, it } from 'vitest';
import { tellWhiteSpace, whiteSpace } from '../../insights/index.ts';

const cell = (segment: string, region: string, companies: number) => ({ segment, region, companies });
const partner = (industry: string | null, region: string | null, capacity: string | null = '1') => ({
  latest: (attribute: string) => ({ industry, region, capacity })[attribute] ?? null,
});

describe('white space', () => {
  it('is the share of the market minus the share of capacity', () => {
    // 6,000 of 10,000 companies are banks of EMEA, 2 of 8 units of capacity are there.
    const found = whiteSpace(
      [cell('finance', 'EMEA', 6000), cell('finance', 'AMER', 4000)],
      [partner('Finance', 'emea', '2'), partner('finance', 'AMER', '5'), partner('finance', 'AMER', '1')],
    );
    expect(
      found.cells.map(({ region, marketShare, coverageShare, partners }) => [
        region,
        marketShare,
        coverageShare,
        partners,
      ]),
    ).toEqual([
      ['EMEA', 0.6, 0.25, 1],
      ['AMER', 0.4, 0.75, 2],
    ]);
    expect(found.cells[0].whiteSpace).toBeCloseTo(0.35, 12);
    expect(found.cells[1].whiteSpace).toBeCloseTo(-0.35, 12);
    // Covered like everywhere, EMEA would have 60 % of 8 units: 2.8 more.
    expect(found.cells[0].room).toBeCloseTo(2.8, 12);
    expect(tellWhiteSpace(found)).toBe(
      "Most white space: finance in EMEA, with 60.0 % of the companies and 25.0 % of the 3 partners' capacity.",
    );
  });

  it('suppresses cells of few companies, and those worth less than a partner', () => {
    const partners = Array.from({ length: 9 }, () => partner('retail', 'EMEA'));
    const found = whiteSpace(
      [cell('retail', 'EMEA', 9000), cell('health', 'EMEA', 99), cell('public', 'EMEA', 901)],
      partners,
    );
    // 901 of 10,000 companies are worth 0.8 of 9 partners.
    expect(found.cells.map((each) => [each.segment, each.whiteSpace === null, each.room === null])).toEqual([
      ['retail', false, false],
      ['public', true, true],
      ['health', true, true],
    ]);
    expect(found.suppressed).toBe(2);
    expect(tellWhiteSpace(found)).toContain('2 of 3 cells are too small to tell: fewer than 100 companies');
    const more = whiteSpace([cell('retail', 'EMEA', 9000), cell('public', 'EMEA', 1001)], [...partners, ...partners]);
    expect(more.suppressed).toBe(0);
  });

  it('tells of partners that are in no cell, and counts unknown capacity as the median', () => {
    const found = whiteSpace(
      [cell('retail', 'EMEA', 1000), cell('health', 'EMEA', 1000)],
      [
        partner('retail', 'EMEA', '2'),
        partner('retail', 'EMEA', '4'),
        partner('health', 'EMEA', null),
        partner('health', 'EMEA', 'many'),
        partner(null, 'EMEA', '2'),
        partner('space', 'EMEA', '4'),
      ],
    );
    expect(found).toMatchObject({ unplaced: 1, outside: 1, capacityUnknown: 2, partners: 4, capacity: 12 });
    expect(tellWhiteSpace(found)).toMatch(
      /1 partner without industry or region.*1 partner in segments.*2 partners of unknown/,
    );
  });

  it('says so where there is no market, or nobody in it', () => {
    expect(tellWhiteSpace(whiteSpace([], [partner('retail', 'EMEA')]))).toMatch(
      /^No market is on record: load "market"/,
    );
    expect(tellWhiteSpace(whiteSpace([cell('retail', 'EMEA', 1000)], []))).toMatch(/^No current partner is in/);
  });

  it('sums to nothing: what one cell has too little of, others have too much', () => {
    const market = ['a', 'b', 'c', 'd'].map((segment, i) => cell(segment, 'EMEA', 1000 + 500 * i));
    const partners = Array.from({ length: 40 }, (_, i) => partner('abcd'[i % 3], 'EMEA', String(1 + (i % 5))));
    const { cells } = whiteSpace(market, partners);
    expect(cells.every((each) => each.whiteSpace !== null)).toBe(true);
    expect(cells.reduce((sum, each) => sum + (each.whiteSpace ?? 0), 0)).toBeCloseTo(0, 12);
    expect(cells.map((each) => each.whiteSpace)).toEqual(
      cells.map((each) => each.whiteSpace).sort((a, b) => Number(b) - Number(a)),
    );
    expect(cells[0].segment).toBe('d');
  });
});
