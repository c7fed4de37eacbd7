import { describe, expect, it } from 'vitest';
import type { TrainingSet } from '../../models/index.ts';
import { claimsOfCard, judgeSupply, nothingFor, supplyOf, tellClaims } from '../../models/index.ts';
import { selectFrom } from '../../models/training-set.ts';
import { someSet } from '../helpers/sets.ts';

const PLENTY = {
  partners: 290,
  rows: 1200,
  happened: 180,
  stayed: 260,
  months: 20,
  foretold: { happened: 100, stayed: 150 },
  segments: 2,
};

describe('what data suffices for', () => {
  it.each([
    [{ partners: 9, rows: 40, happened: 4, stayed: 9, months: 2 }, 'nothing', 4],
    [{ partners: 30, rows: 120, happened: 20, stayed: 30, months: 8 }, 'rule', 2],
    [{ partners: 90, rows: 1200, happened: 80, stayed: 60, months: 20 }, 'model', 0],
    [{ partners: 90, rows: 1200, happened: 90, stayed: 5, months: 20 }, 'nothing', 1],
  ])('%j suffices for %s', (supply, verdict, lacking) => {
    const judged = judgeSupply({ ...PLENTY, ...supply });
    expect(judged.verdict).toBe(verdict);
    expect(judged.missing).toHaveLength(lacking);
  });

  it.each([
    ['all claims', {}, ['ranking', 'calibrated', 'per-segment']],
    ['how it ranks, only from 30 of either on', { happened: 29 }, ['calibrated', 'per-segment']],
    [
      'probabilities, from 100 of either among the later on',
      { foretold: { happened: 99, stayed: 150 } },
      ['ranking', 'per-segment'],
    ],
    ['segments, from two on', { segments: 1 }, ['ranking', 'calibrated']],
    ['nothing at all where not even a rule is', { months: 2 }, []],
  ])('supports %s', (_, supply, supported) => {
    const { claims } = judgeSupply({ ...PLENTY, ...supply });
    expect(claims.filter((each) => each.supported).map((each) => each.claim)).toEqual(supported);
    for (const each of claims) expect(each.missing.length === 0).toBe(each.supported);
  });

  it('is told in sentences: what can be, and what cannot for want of what', () => {
    expect(tellClaims(judgeSupply({ ...PLENTY, segments: 0, foretold: { happened: 40, stayed: 100 } }).claims)).toEqual(
      [
        'The data is enough to tell how well partners are ranked.',
        'Not enough to tell whether probabilities mean what they say: 40 partners that went quiet in the later half of the months, 100 are needed.',
        'Not enough to tell how single segments do: 0 groups of a type and region with 10 partners that went quiet and 10 that stayed in the later half of the months, 2 are needed.',
      ],
    );
    expect(tellClaims(judgeSupply(PLENTY).claims)).toEqual([
      'The data is enough to tell how well partners are ranked, whether probabilities mean what they say and how single segments do.',
    ]);
  });

  it('is nothing, for the reason given, where there is nothing to judge', () => {
    const { verdict, missing, claims } = nothingFor('no events');
    expect([verdict, missing]).toEqual(['nothing', ['no events']]);
    expect(claims.map((each) => [each.supported, each.missing])).toEqual(Array(3).fill([false, ['no events']]));
  });

  it('is not told on a card that is older than that', () => {
    expect(claimsOfCard({})).toEqual([]);
    expect(tellClaims([])).toEqual([]);
  });
});

describe('what a set holds', () => {
  /** Forty partners at four monthly cutoffs; in the later two, outcomes and groups are as told by their number. */
  function setOf(
    outcome: (partner: number, cutoff: number) => number,
    group: (partner: number) => string,
  ): TrainingSet {
    const set = someSet(40, 4, 1);
    const days = [...new Set(set.table.cutoffs)];
    const partners = set.table.entities.map((entity) => Number(entity.slice(1)));
    return {
      ...set,
      table: { ...set.table, peers: partners.map(group) },
      outcomes: Uint8Array.from(partners, (partner, row) => outcome(partner, days.indexOf(set.table.cutoffs[row]))),
    };
  }

  it('is counted by partners: over all cutoffs, and over the later half of them', () => {
    // Partners 0 to 9 at the first cutoff, partners 5 to 19 at the last.
    const happened = (p: number, c: number) => Number((c === 0 && p < 10) || (c === 3 && p >= 5 && p < 20));
    expect(supplyOf(setOf(happened, () => ''))).toEqual({
      partners: 40,
      rows: 160,
      happened: 20,
      stayed: 40,
      months: 3,
      foretold: { happened: 15, stayed: 40 },
      segments: 0,
    });
  });

  it('has segments where ten partners of one group went quiet later, and ten stayed', () => {
    const groups = (p: number) => (p < 20 ? 'reseller · emea' : p < 39 ? 'msp · emea' : '');
    const half = (p: number) => p % 2;
    expect(supplyOf(setOf(half, groups)).segments).toBe(1);
    expect(supplyOf(setOf(half, (p) => (p < 20 ? 'reseller' : 'msp'))).segments).toBe(2);
    expect(supplyOf(setOf((p, c) => Number(c < 2 && half(p)), groups)).segments).toBe(0);
  });

  it('may be nothing', () => {
    expect(supplyOf(selectFrom(someSet(3, 3, 1), []))).toMatchObject({ rows: 0, months: 0, segments: 0 });
  });
});
