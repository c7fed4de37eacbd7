import { describe, expect, it } from 'vitest';
import { type Company, type FeatureTable, parseDay, traitView } from '../../features/index.ts';
import { contestProfiles, editedProfile, measureEdited, type TopPartners } from '../../models/index.ts';
import { TOP } from '../../models/recruiting/top-partners.ts';

const SETTINGS = { learntUntil: parseDay('2024-01-01'), seed: 1 };
const PARTNERS = 80;
const VIEW = traitView({ country: [], industry: ['health', 'retail'], technologies: ['sap'] }, {});

/** Partners of which every second knows SAP; of these three in four are top, of the others none. Every third is in health. */
function partnersOf(): TopPartners {
  const companies = Array.from({ length: PARTNERS }, (_, i): Company => {
    const told: Record<string, string> = {
      technologies: i % 2 === 0 ? 'sap' : 'none',
      industry: i % 3 === 0 ? 'health' : 'retail',
      employees: String(10 + i),
    };
    return { latest: (attribute) => told[attribute] ?? null };
  });
  const table: FeatureTable = {
    names: VIEW.features.map(({ name }) => name),
    entities: companies.map((_, i) => `p${i}`),
    cutoffs: Float64Array.from(companies, (_, i) => i),
    columns: VIEW.features.map(({ compute }) => Float32Array.from(companies, (each) => compute(each) ?? Number.NaN)),
    atRisk: new Uint8Array(PARTNERS).fill(1),
    peers: companies.map(() => ''),
  };
  const standing = Uint8Array.from(companies, (_, i) => Number(i % 2 === 0 && i % 8 !== 0 ? TOP : 0));
  return { view: VIEW, whenSigned: table, today: table, standing, verdict: 'found', says: 'Found.' };
}

describe('a profile that was written by hand', () => {
  it('is measured on the partners there are', () => {
    const edited = editedProfile.parse({
      version: 'what show prints is not read',
      traits: [
        { trait: 'technologies=SAP', direction: 'for', lift: null },
        { trait: 'employees >= 50', direction: 'against' },
      ],
    });
    const profile = measureEdited(edited, partnersOf(), SETTINGS);
    expect(profile).toMatchObject({ source: 'edited', partners: 80, top: 30 });
    const [sap, size] = profile.traits;
    // 30 of the 40 that know SAP are top, of 80 of which 30 are: 0.75 / 0.375.
    expect(sap).toMatchObject({ trait: 'technologies=sap', direction: 'for', support: { partners: 40, top: 30 } });
    expect(sap.lift.value).toBeCloseTo(2, 12);
    expect(sap.lift.low).toBeLessThan(2);
    expect(sap.lift.high).toBeGreaterThan(2);
    // 10 + i is 50 or more of the last 40, of which 15 are top.
    expect(size).toMatchObject({ trait: 'employees>=50', direction: 'against', support: { partners: 40, top: 15 } });
  });

  it('of traits nobody can have is refused, and says what there is', () => {
    const wrong = editedProfile.parse({ traits: [{ trait: 'technologies=cobol', direction: 'for' }] });
    expect(() => measureEdited(wrong, partnersOf(), SETTINGS)).toThrow(
      /no such trait: "technologies=cobol".*employees>=120.*technologies=sap/,
    );
    for (const traits of [[], [{ trait: 'a' }], [{ trait: 'a', direction: 'up' }]]) {
      expect(editedProfile.safeParse({ traits }).success).toBe(false);
    }
    const twice = ['technologies=sap', ' Technologies=SAP'].map((trait) => ({ trait, direction: 'for' }));
    expect(editedProfile.safeParse({ traits: twice }).error?.issues[0].message).toMatch(/twice/);
  });

  it('is held against the learnt one on partners that signed later', () => {
    const contest = (trait: string) => {
      const edited = editedProfile.parse({ traits: [{ trait, direction: 'for' }] });
      return contestProfiles(measureEdited(edited, partnersOf(), SETTINGS), partnersOf(), SETTINGS);
    };
    const right = contest('technologies=sap');
    expect(right).toMatchObject({ earlier: 40, later: 40, laterTop: 15 });
    // Of the later 40, all 15 top ones know SAP, and 5 of 25 others: a top one is ahead, or level with those 5.
    expect(right.edited?.value).toBeCloseTo((20 + 5 / 2) / 25, 12);
    expect(right.says).toMatch(/^Neither can be told to be better/);
    const wrong = contest('industry=health');
    expect(wrong.edited?.value).toBeLessThan(0.7);
    expect(wrong.difference?.high).toBeLessThan(0);
    expect(wrong.says).toMatch(/^The learnt profile ranks them better: of 40 later partners \(15 top\)/);
  });

  it('cannot be held against anything where few signed late', () => {
    const few = { ...partnersOf(), standing: new Uint8Array(PARTNERS) };
    const edited = editedProfile.parse({ traits: [{ trait: 'technologies=sap', direction: 'for' }] });
    const contest = contestProfiles(measureEdited(edited, few, SETTINGS), few, SETTINGS);
    expect(contest).toMatchObject({ edited: null, learnt: null, difference: null });
    expect(contest.says).toMatch(/^Too few partners signed late to compare: 0 top and 40 others/);
  });
});
