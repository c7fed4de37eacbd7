import { describe, expect, it } from 'vitest';
import { rowCount } from '../../features/index.ts';
import type { Estimator, Model } from '../../models/estimator.ts';
import { baseRateEstimator } from '../../models/estimators/base-rate.ts';
import { logistic } from '../../models/estimators/logistic.ts';
import { seeded, seedFor, tellNullTest } from '../../models/index.ts';
import { dealAnew, nullTest } from '../../models/null-test.ts';
import { someSet } from '../helpers/sets.ts';

const SET = someSet(60, 14, 1);
const FITTING = { seed: 4, threads: 1 };

describe('outcomes dealt anew', () => {
  it('are as many at each cutoff as before, and other rows’', () => {
    const dealt = dealAnew(SET, seeded(1));
    const perCutoff = (outcomes: Uint8Array) => {
      const counts = new Map<number, number>();
      SET.table.cutoffs.forEach((cutoff, row) => {
        counts.set(cutoff, (counts.get(cutoff) ?? 0) + outcomes[row]);
      });
      return [...counts];
    };
    expect(perCutoff(dealt.outcomes)).toEqual(perCutoff(SET.outcomes));
    expect(dealt.outcomes).not.toEqual(SET.outcomes);
    expect(dealt.table).toBe(SET.table);
  });

  it('keep each outcome with its wait', () => {
    const waits = {
      from: Float32Array.from(SET.outcomes, (outcome, row) => (outcome ? 90 : 0) + row / 10_000),
      until: Float32Array.from(SET.outcomes, (outcome) => (outcome ? 400 : 90)),
    };
    const dealt = dealAnew({ ...SET, waits }, seeded(1));
    dealt.outcomes.forEach((outcome, row) => {
      expect(dealt.waits?.until[row]).toBe(outcome ? 400 : 90);
      expect((dealt.waits?.from[row] ?? 0) >= 90).toBe(outcome === 1);
    });
  });

  it('keep each outcome with its amount', () => {
    const amounts = Float64Array.from(SET.outcomes, (outcome, row) => (outcome ? 1e6 : 0) + row);
    const dealt = dealAnew({ ...SET, amounts }, seeded(1));
    dealt.outcomes.forEach((outcome, row) => {
      expect((dealt.amounts?.[row] ?? 0) >= 1e6).toBe(outcome === 1);
    });
    expect(dealt.amounts).not.toEqual(amounts);
  });
});

describe('the null test', () => {
  it('is passed where an estimator finds nothing, though there would be much to find', async () => {
    const found = await nullTest(logistic, SET, FITTING);
    expect(found?.passed).toBe(true);
    expect(found?.gain.value).toBeLessThan(0.01);
  });

  it('is failed by an estimator that sees what it is to foretell', async () => {
    // It is handed the rows it will be asked about: what a leak would do.
    const peeking: Estimator = {
      name: 'peeking',
      fit(set) {
        const model: Model = {
          estimator: 'peeking',
          predict: (table) =>
            Float64Array.from({ length: rowCount(table) }, (_, row) => leak(table.entities[row], table.cutoffs[row])),
          refit: () => model,
          save: () => ({ estimator: 'peeking' }),
        };
        // What it would learn from all rows, nobody asks.
        expect(set.outcomes.length).toBeLessThan(SET.outcomes.length);
        return model;
      },
    };
    const dealt = dealAnew(SET, seeded(seedFor(FITTING.seed, 'null test')));
    const known = new Map(
      dealt.table.entities.map((entity, row) => [`${entity} ${dealt.table.cutoffs[row]}`, dealt.outcomes[row]]),
    );
    const leak = (entity: string, cutoff: number) => (known.get(`${entity} ${cutoff}`) ? 0.8 : 0.1);
    const found = await nullTest(peeking, SET, FITTING);
    expect(found).toMatchObject({ passed: false });
    if (found)
      expect(tellNullTest(found, 'peeking')).toMatch(
        /^Do not trust this version .* peeking still foretold them \(log loss lower by 0\.\d/,
      );
  });

  it('looks at all rows where every so many partners would have one outcome only', async () => {
    // Of many partners one has the outcome, and it is not among every second one.
    const big = someSet(1500, 14, 2);
    const outcomes = Uint8Array.from(big.table.entities, (entity) => Number(entity === 'p1'));
    expect(await nullTest(baseRateEstimator, { ...big, outcomes }, FITTING)).toMatchObject({ passed: true });
  });

  it('has nothing to say where there is no past', async () => {
    expect(await nullTest(logistic, someSet(40, 1, 1), FITTING)).toBeNull();
  });
});
