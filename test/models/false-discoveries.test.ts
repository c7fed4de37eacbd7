import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discoveries, qValues } from '../../models/false-discoveries.ts';

describe('discoveries', () => {
  it('are those up to the last p value below its share of q', () => {
    // .1 × 1/4, 2/4, 3/4, 4/4 = .025, .05, .075, .1: the third is below its bar and takes the second with it.
    const p = Float64Array.of(0.07, 0.001, Number.NaN, 0.06, 0.5);
    expect([...discoveries(p, 0.1)]).toEqual([1, 1, 0, 1, 0]);
    expect([...discoveries(Float64Array.of(0.2, Number.NaN), 0.1)]).toEqual([0, 0]);
  });

  it('are those whose q-value is no higher', () => {
    const level = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 })), level, (thousandths, q) => {
        const ps = thousandths.map((each) => each / 1000);
        const called = discoveries(Float64Array.from(ps), q);
        const edges = qValues(ps).map((each, i) => (Math.abs(each - q) < 1e-9 ? called[i] : Number(each <= q)));
        expect([...called]).toEqual(edges);
      }),
    );
  });
});

describe('q-values', () => {
  it('are p × tests / place, and never smaller than those of larger p', () => {
    expect(qValues([0.5, 0.01, 0.03, 0.02])).toEqual([0.5, 0.04, 0.04, 0.04]);
    expect(qValues([])).toEqual([]);
  });

  it('keep the order of p-values, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (ps) => {
        const qs = qValues(ps);
        ps.forEach((p, i) => {
          expect(qs[i]).toBeGreaterThanOrEqual(p);
          ps.forEach((other, j) => {
            if (other >= p) expect(qs[j]).toBeGreaterThanOrEqual(qs[i]);
          });
        });
      }),
    );
  });
});
