import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute } from '../../../models/anomalies/attribution.ts';
import { many, PORTAL_SILENT, type SomePartner, weekOf } from '../../helpers/weeks.ts';

const RATE = 0.1;
const told = (week: ReturnType<typeof weekOf>, standing?: Parameters<typeof attribute>[2]) =>
  attribute(week, RATE, standing).anomalies.map(
    ({ level, entity, direction }) => `${level} ${entity} ${direction < 0 ? 'less' : 'more'}`,
  );

describe('where a change is told', () => {
  it('nowhere when all is as expected', () => {
    expect(told(weekOf(many(300, 8, 8)))).toEqual([]);
  });

  it('at the feed when it was silent: one incident and not 300 alerts', () => {
    const week = weekOf(many(300, 0, 8), { silences: [PORTAL_SILENT] });
    const [incident, ...others] = attribute(week, RATE).anomalies;
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ level: 'feed', entity: 'portal', direction: -1, absorbed: 300, expected: 2400 });
    expect(incident.p).toBeLessThan(1e-100);
  });

  it('at the program when everyone does less', () => {
    const { anomalies, found } = attribute(weekOf(many(300, 2, 10)), RATE);
    expect(found).toBe(300);
    expect(anomalies.map(({ level, absorbed }) => [level, absorbed])).toEqual([['program', 300]]);
  });

  it('at the region when only its partners do less, though the whole program is down by a quarter', () => {
    const partners = many(300, 8, 8);
    for (const partner of Object.values(partners)) if (partner.region === 'APAC') partner.observed = 4;
    expect(told(weekOf(partners))).toEqual(['region APAC less']);
  });

  it('at the region in which it shows most when the others hardly move the same way', () => {
    const partners = many(300, 7.5, 8);
    for (const partner of Object.values(partners)) if (partner.region === 'APAC') partner.observed = 4;
    expect(told(weekOf(partners))).toEqual(['region APAC less']);
  });

  it('at the type when only its partners do more', () => {
    const partners = many(300, 8, 8);
    for (const partner of Object.values(partners)) if (partner.segment === 'isv') partner.observed = 12;
    expect(told(weekOf(partners))).toEqual(['segment isv more']);
  });

  it('at the partner when it alone does less, though it is half of its region', () => {
    const partners: Record<string, SomePartner> = {
      ...many(40, 8, 8),
      whale: { region: 'LATAM', observed: 10, expected: 100 },
    };
    for (let i = 0; i < 12; i++) partners[`small ${i}`] = { region: 'LATAM', segment: 'isv', observed: 8, expected: 8 };
    expect(told(weekOf(partners))).toEqual(['partner whale less']);
  });

  it('at both when one partner does far less than its program', () => {
    const partners = { ...many(300, 6, 10), worst: { observed: 0, expected: 60 } };
    expect(told(weekOf(partners))).toEqual(['program all less', 'partner worst less']);
  });

  it('in both directions when regions move apart', () => {
    const partners = many(300, 8, 8);
    for (const partner of Object.values(partners)) partner.observed = partner.region === 'APAC' ? 4 : 12;
    expect(told(weekOf(partners)).sort()).toEqual(['region APAC less', 'region EMEA more']);
  });

  it('not at all where too few are expected for a dip to show, or an extra deal or two are all there is', () => {
    expect(told(weekOf({ few: { observed: 0, expected: 3 } }))).toEqual([]);
    expect(told(weekOf({ more: { observed: 2, expected: 0.1 } }))).toEqual([]);
    expect(told(weekOf({ many: { observed: 4, expected: 0.1 } }))).toContain('partner many more');
  });

  it('above partners only where the change is by a seventh or more, however certain', () => {
    expect(told(weekOf(many(300, 90, 100)))).toEqual([]);
    expect(told(weekOf(many(300, 85, 100)))).toEqual(['program all less']);
  });

  it('above partners only at a tenth of the rate', () => {
    const ten = (observed: number) =>
      weekOf(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`p${i}`, { observed, expected: 10 }])));
    // z = 2.7 and 3.2: p = .026 and .006, the same for the program, its one region and its one type.
    expect(told(ten(7.3))).toEqual([]);
    expect(told(ten(6.8))).toEqual(['program all less']);
  });

  it('at a partner though many others are of too few to be asked', () => {
    // p = .0017: a discovery among one, and none among 201.
    const partners = { ...many(200, 3, 3), less: { observed: 4, expected: 20 } };
    expect(told(weekOf(partners))).toEqual(['partner less less']);
  });

  it('at the program once more while it is remembered, not at what lags behind it', () => {
    const partners = many(300, 8, 8);
    for (const partner of Object.values(partners)) if (partner.segment === 'isv') partner.observed = 6.7;
    expect(told(weekOf(partners))).toEqual(['segment isv less']);
    const standing = {
      level: 'program',
      entity: 'all',
      metric: 'portal_visits',
      direction: -1,
      change: Math.log(0.75),
    } as const;
    expect(told(weekOf(partners), [standing])).toEqual([]);
    // A change the other way explains nothing.
    expect(told(weekOf(partners), [{ ...standing, direction: 1 }])).toEqual(['segment isv less']);
  });

  it('unknown values are neither asked about nor found', () => {
    const week = weekOf({ ...many(20, 8, 8), unknown: { observed: Number.NaN, expected: Number.NaN } });
    const { tested, anomalies } = attribute(week, RATE);
    expect([tested, anomalies]).toEqual([20, []]);
  });

  it('never at a partner and at what explains it, whatever the numbers', () => {
    const cell = fc.record({
      region: fc.constantFrom('EMEA', 'APAC', 'AMER'),
      segment: fc.constantFrom('msp', 'isv'),
      observed: fc.nat(60),
      expected: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 30 }), fc.boolean(), (cells, silent) => {
        const week = weekOf(Object.fromEntries(cells.map((each, i) => [`p${i}`, each])), {
          silences: silent ? [PORTAL_SILENT] : [],
        });
        const { anomalies, isExplained } = attribute(week, RATE);
        const keys = anomalies.map(({ level, entity, direction }) => `${level} ${entity} ${direction}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (const each of anomalies) {
          expect(each.level === 'partner' && isExplained(each)).toBe(false);
          // What a feed brought before it fell silent may be more than usual.
          if (each.level !== 'feed') expect((each.observed - each.expected) * each.direction).toBeGreaterThan(0);
          if (silent) expect([each.level === 'feed', each.direction > 0]).toContain(true);
        }
      }),
    );
  });
});
