import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactP, stratifiedP } from '../../../models/recruiting/fourfold.ts';

describe('the exact test of a fourfold table', () => {
  it('is that of the lady tasting tea: 1 of 70 ways to be right about all four cups, and as unlikely to be wrong', () => {
    expect(exactP({ all: 8, top: 4, holders: 4, topHolders: 4 })).toBeCloseTo(2 / 70, 12);
    // Three right: 16 ways of 70, and as many to have one right.
    expect(exactP({ all: 8, top: 4, holders: 4, topHolders: 3 })).toBeCloseTo(34 / 70, 12);
  });

  it('says nothing where all or none have the trait', () => {
    expect(exactP({ all: 9, top: 4, holders: 9, topHolders: 4 })).toBe(1);
    expect(exactP({ all: 9, top: 4, holders: 0, topHolders: 0 })).toBe(1);
  });

  it('is a p-value whatever the table', () => {
    const tables = fc.tuple(fc.nat(60), fc.nat(60), fc.nat(60), fc.nat(60));
    fc.assert(
      fc.property(tables, ([a, b, c, d]) => {
        const p = exactP({ all: a + b + c + d, top: a + b, holders: a + c, topHolders: a });
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the test within strata', () => {
  it('is Cochran’s: one above what is expected, at a variance of a third', () => {
    const stratum = { all: 4, top: 2, holders: 2, topHolders: 2 };
    // z = √3; two-sided p of the normal distribution.
    expect(stratifiedP([stratum])).toBeCloseTo(0.0832645, 6);
    // Two of them: z = 2 / √(2/3) = √6.
    expect(stratifiedP([stratum, stratum])).toBeCloseTo(0.0143059, 6);
  });

  it('sees nothing where another trait says it all: within its strata nothing is left', () => {
    const same = [
      { all: 10, top: 8, holders: 10, topHolders: 8 },
      { all: 10, top: 2, holders: 0, topHolders: 0 },
    ];
    expect(stratifiedP(same)).toBe(1);
  });
});
