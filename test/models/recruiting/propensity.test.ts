import { beforeAll, describe, expect, it } from 'vitest';
import {
  learnProfile,
  loadPropensity,
  type Propensity,
  rankProspects,
  savePropensity,
  seeded,
  trainPropensity,
} from '../../../models/index.ts';
import { judgeRankings } from '../../../models/recruiting/judge.ts';
import { nearestPartners } from '../../../models/recruiting/nearest-partners.ts';
import { rankScore } from '../../../models/recruiting/propensity.ts';
import {
  chanceOfTop,
  companyTable,
  plantedPartners,
  plantedView,
  someCompanies,
  TODAY,
} from '../../helpers/planted-partners.ts';

const SETTINGS = { learntUntil: TODAY, seed: 5 };
const PROFILE = { ...SETTINGS, draws: 20 };
const prospectCompanies = someCompanies(300, 77);
const prospects = companyTable(prospectCompanies, 'q');
const partners = plantedPartners(300, 1);
/** Small companies sign, large ones do not, but for one in ten. */
const askedCompanies = someCompanies(160, 78);
const approached = {
  table: companyTable(askedCompanies, 'a'),
  signed: Uint8Array.from(askedCompanies, ({ employees }, i) => Number(Number(employees) < 250) ^ Number(i % 10 === 0)),
};

describe('propensity where two traits make top partners and small companies sign', () => {
  const profile = learnProfile(partners, PROFILE);
  let propensity: Propensity;
  const list = (settings: { n: number; exploreShare?: number; seed: number }, of = propensity) =>
    rankProspects(of, profile, { view: plantedView, prospects, partners: partners.today }, settings);

  beforeAll(async () => {
    propensity = await trainPropensity({ partners, profile, prospects, approached }, SETTINGS);
  });

  it('is better than chance, with every figure beside that of the rivals', () => {
    const { fit } = propensity.card;
    if (!('champion' in fit)) throw new Error(fit.says);
    expect(fit.verdict).not.toBe('none');
    expect(fit.contenders.map(({ name }) => name)).toContain(fit.champion);
    expect(fit.rivals.map(({ name }) => name)).toEqual(['random', 'single-trait', 'cosine']);
    for (const { auc, lift_at_k: lift } of [...fit.contenders, ...fit.rivals]) {
      expect(auc.low).toBeLessThanOrEqual(auc.value);
      expect(lift.high).toBeGreaterThanOrEqual(lift.value);
    }
    expect(propensity.card.selectionBias).toMatch(/approached and signed/);
  });

  it('holds contenders against the best of them, and rivals against the champion, of whom the verdict speaks', () => {
    const { fit } = propensity.card;
    if (!('champion' in fit)) throw new Error(fit.says);
    const precision = (name: string) => fit.contenders.find((each) => each.name === name)?.average_precision.value ?? 0;
    const best = Math.max(...fit.contenders.map(({ name }) => precision(name)));
    // The average is champion though another is ahead of it by a hair: else this would tell nothing.
    expect(precision(fit.champion)).toBeLessThan(best);
    for (const each of fit.contenders) expect(each.behind.value).toBeCloseTo(best - each.average_precision.value, 12);
    for (const { behind, average_precision: own } of fit.rivals)
      expect(behind.value).toBeCloseTo(precision(fit.champion) - own.value, 12);
  });

  it('does not look at consequences', () => {
    expect(propensity.fit?.features).not.toContain('tier_gold');
    expect(propensity.fit?.features).toContain('technologies_t0');
  });

  it('lists who would be a top partner, and tells why', () => {
    const [first] = list({ n: 10, seed: 1 });
    const company = prospectCompanies[Number(first.prospectId.slice(1))];
    expect(chanceOfTop(company)).toBeCloseTo(0.68, 12);
    expect(first.matched).toEqual(['Is known to use t0', 'Its industry is health']);
    expect(first.reasons.map(({ text }) => text)).toContain('Is known to use t0');
    expect(first.nearest).toHaveLength(3);
    expect(first.fit).toBeGreaterThan(0.9);
  });

  it('tells acceptance apart from fit: a probability, higher for small companies', () => {
    const all = list({ n: 300, exploreShare: 0, seed: 1 });
    const mean = (small: boolean) => {
      const some = all.filter(({ prospectId }) => {
        return Number(prospectCompanies[Number(prospectId.slice(1))]['employees']) < 200 === small;
      });
      return some.reduce((sum, { accept }) => sum + (accept ?? Number.NaN), 0) / some.length;
    };
    expect(mean(true)).toBeGreaterThan(0.75);
    expect(mean(false)).toBeLessThan(0.5);
    expect(all.every(({ accept }) => accept !== null && accept > 0 && accept < 1)).toBe(true);
  });

  it('keeps one place in ten for those it would not have chosen, marked and by lot', () => {
    const twenty = list({ n: 20, seed: 1 });
    expect(twenty.map(({ exploratory }) => exploratory)).toEqual([...Array(18).fill(false), true, true]);
    expect(new Set(twenty.map(({ prospectId }) => prospectId)).size).toBe(20);
    const others = list({ n: 20, seed: 2 });
    expect(others.slice(0, 10).map(({ fit }) => fit)).toEqual(twenty.slice(0, 10).map(({ fit }) => fit));
    expect(others.slice(18)).not.toEqual(twenty.slice(18));
    expect(list({ n: 20, seed: 1 })).toEqual(twenty);
  });

  it('lists everyone once where there is room for more', () => {
    expect(list({ n: 1000, seed: 1 })).toHaveLength(300);
  });

  it('is itself again when saved and loaded', () => {
    const loaded = loadPropensity(JSON.parse(JSON.stringify(savePropensity(propensity))));
    expect(list({ n: 20, seed: 1 }, loaded)).toEqual(list({ n: 20, seed: 1 }));
    expect(() => loadPropensity({ format: 1 })).toThrow(/no saved propensity/);
  });
});

describe('where nothing can be told', () => {
  it('partners who are top by chance are not ranked: it says that it cannot be predicted, and the list is by lot', async () => {
    const byChance = plantedPartners(200, 4, true);
    const profile = learnProfile(byChance, PROFILE);
    const propensity = await trainPropensity({ partners: byChance, profile, prospects, approached: null }, SETTINGS);
    expect(propensity.card.fit).toMatchObject({ verdict: 'none', says: expect.stringMatching(/cannot be predicted/) });
    expect(propensity.card.accept).toMatchObject({
      says: expect.stringMatching(/too few to learn from: 0 approached/),
    });
    expect([propensity.fit, propensity.accept, profile.traits]).toEqual([null, null, []]);
    const list = rankProspects(
      propensity,
      profile,
      { view: plantedView, prospects, partners: byChance.today },
      { n: 5, seed: 1 },
    );
    expect(list.map(({ exploratory, accept }) => [exploratory, accept])).toEqual(Array(5).fill([true, null]));
  });
});

describe('the pieces', () => {
  it('a rank score is the share of those compared with that lie below, between steps in proportion', () => {
    const reference = [-2, -1, 0, 1, 2];
    expect(rankScore([0, 1, 1, 1, 2], 1)).toBe(0.5);
    expect([-3, -2, -1.5, 0, 1.5, 2, 9].map((said) => rankScore(reference, said))).toEqual([
      0, 0, 0.125, 0.5, 0.875, 1, 1,
    ]);
  });

  it('lift and recall at k are those of counting; the tied at the edge count in part', () => {
    const outcomes = Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 0);
    const scores = new Map([
      ['clear', Float64Array.of(9, 8, 7, 6, 5, 4, 3, 2)],
      ['tied', new Float64Array(8)],
    ]);
    const rows = { entities: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], outcomes };
    const [clear, tied] = judgeRankings(scores, rows, { best: 'clear', k: 2, random: seeded(1) });
    // One of two among the first two, where one in four is: twice as many, and half of all.
    expect([clear.lift_at_k.value, clear.recall_at_k.value, clear.behind.value]).toEqual([2, 0.5, 0]);
    expect([tied.lift_at_k.value, tied.recall_at_k.value]).toEqual([1, 0.25]);
    expect(tied.behind.value).toBeCloseTo((1 + 2 / 3) / 2 - 0.25, 12);
  });

  it('the nearest partner of a company that is its twin is that one, at a similarity of 1', () => {
    const companies = someCompanies(30, 9);
    const twins = companyTable(companies, 'p');
    const nearest = nearestPartners(companyTable(companies, 'q'), twins, [4, 7], 2);
    expect(nearest.map(([first]) => first.partnerId)).toEqual(['p4', 'p7']);
    expect(nearest[0][0].similarity).toBeCloseTo(1, 6);
    expect(nearest[0][1].similarity).toBeLessThan(1);
  });
});
