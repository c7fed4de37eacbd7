import { describe, expect, it } from 'vitest';
import { type Company, prospectView, traitsInUse } from '../../features/index.ts';

function company(attributes: Record<string, string>): Company {
  return { latest: (attribute) => attributes[attribute] ?? null };
}

/** So many companies of one industry. */
function some(count: number, industry: string): Company[] {
  return Array.from({ length: count }, () => company({ industry }));
}

function wordsOf(companies: readonly Company[]) {
  const traits = traitsInUse();
  for (const each of companies) traits.add(each);
  return traits.words();
}

describe('the words in use', () => {
  it('are those that ten companies have, the most frequent first, ties by the alphabet, whatever their case', () => {
    const companies = [...some(10, 'Retail'), ...some(12, 'health'), ...some(9, 'telecom'), ...some(10, 'finance')];
    expect(wordsOf(companies)).toEqual({ country: [], industry: ['health', 'finance', 'retail'], technologies: [] });
  });

  it('are counted once for a company that repeats them', () => {
    const companies = Array.from({ length: 9 }, () => company({ technologies: 'SAP; sap ;Redis' }));
    expect(wordsOf(companies).technologies).toEqual([]);
    expect(wordsOf([...companies, company({ technologies: 'redis' })]).technologies).toEqual(['redis']);
  });

  it('are a hundred at most', () => {
    const companies = Array.from({ length: 1100 }, (_, i) => company({ country: `c${i % 110}` }));
    expect(wordsOf(companies).country).toHaveLength(100);
  });
});

describe('the view of prospects', () => {
  const view = prospectView({ country: ['de'], industry: ['health'], technologies: ['sap', 'c++', 'c#'] });
  const told = (attributes: Record<string, string>) =>
    Object.fromEntries(view.features.map(({ name, compute }) => [name, compute(company(attributes))]));

  it('tells what is known: 1, 0, a number; and what is not: null', () => {
    expect(told({ country: 'DE', technologies: 'SAP;Redis', employees: '120' })).toEqual({
      employees: 120,
      technologies: 2,
      country_de: 1,
      industry_health: null,
      technologies_sap: 1,
      technologies_c_: 0,
      technologies_c__2: 0,
    });
  });

  it('reads no number in a word', () => {
    expect(told({ employees: 'about 50' })['employees']).toBeNull();
    expect(told({ employees: ' ' })['employees']).toBeNull();
  });

  it('names every feature once, in the way of names', () => {
    const names = view.features.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
  });
});
