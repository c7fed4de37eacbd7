import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classMetricNamed, classMetrics } from '../../models/class-metrics.ts';
import { metricNamed, rank } from '../../models/index.ts';

const golden: { said: number[][]; y: number[]; metrics: Record<string, number> } = JSON.parse(
  readFileSync(new URL('../golden/scikit-learn-multinomial.json', import.meta.url), 'utf8'),
);

/** @param said per row one probability per class */
function figure(
  name: string,
  said: number[][],
  outcomes: number[],
  weights: ArrayLike<number> = outcomes.map(() => 1),
) {
  const probabilities = (said[0] ?? [0, 0, 0]).map((_, k) => Float64Array.from(said, (row) => row[k]));
  return classMetricNamed(name).compute({ probabilities, outcomes: Uint8Array.from(outcomes) }, weights);
}

describe('figures of merit of classes that can be worked out by hand', () => {
  it('log loss: what was given to what it was', () => {
    const said = [
      [0.5, 0.25, 0.25],
      [0.5, 0.25, 0.25],
    ];
    expect(figure('log_loss', said, [0, 2])).toBeCloseTo((Math.log(2) + Math.log(4)) / 2, 12);
    expect(figure('log_loss', [[1, 0, 0]], [1])).toBeCloseTo(15 * Math.log(10), 9);
  });

  it('ranked probability score: far off costs more than near by', () => {
    expect(figure('rps', [[1, 0, 0]], [0])).toBe(0);
    expect(figure('rps', [[1, 0, 0]], [1])).toBe(1 / 2);
    expect(figure('rps', [[1, 0, 0]], [2])).toBe(1);
    // Up to the first class .25 was said, up to the second .75; it was the second: (.25² + .25²) / 2.
    expect(figure('rps', [[0.25, 0.5, 0.25]], [1])).toBe(1 / 16);
  });

  it('macro F1: every class alike, the called one being the likeliest', () => {
    const said = [
      [0.6, 0.3, 0.1],
      [0.5, 0.3, 0.2],
      [0.4, 0.3, 0.3],
      [0.2, 0.7, 0.1],
    ];
    // Called 0, 0, 0, 1. Class 0: 2 hits of 3 called and 2 that were; class 1: 1 hit of 1 and 2; class 2: left out.
    expect(figure('macro_f1', said, [0, 0, 1, 1])).toBeCloseTo((4 / 5 + 2 / 3) / 2, 12);
    // Class 2 was, and is never called.
    expect(figure('macro_f1', said, [0, 0, 2, 1])).toBeCloseTo((4 / 5 + 1 + 0) / 3, 12);
    // Class 0 is called and never was; the other is hit once of twice.
    expect(figure('macro_f1', [said[0], said[3]], [1, 1])).toBeCloseTo((0 + 2 / 3) / 2, 12);
    // The first among equals is called.
    expect(figure('macro_f1', [[0.2, 0.4, 0.4]], [1])).toBe(1);
  });

  it('are not numbers where no row has weight', () => {
    for (const { name } of classMetrics) expect(figure(name, [[0.5, 0.5]], [1], [0]), name).toBeNaN();
  });

  it('with two classes, the score is that of Brier and the loss is the log loss', () => {
    const said = [0.1, 0.4, 0.8, 0.35];
    const outcomes = [0, 1, 1, 0];
    const both = said.map((p) => [1 - p, p]);
    for (const [ours, binary] of [
      ['rps', 'brier'],
      ['log_loss', 'log_loss'],
    ]) {
      const ranked = rank(Float64Array.from(said), Uint8Array.from(outcomes));
      expect(figure(ours, both, outcomes)).toBeCloseTo(metricNamed(binary).compute(ranked, [1, 1, 1, 1]), 12);
    }
  });

  it('an unknown one is refused with those there are', () => {
    expect(() => classMetricNamed('auc')).toThrow('no metric of classes "auc"; there are log_loss, rps, macro_f1');
  });
});

it('equal those of scikit-learn on the same rows', () => {
  for (const [name, value] of Object.entries(golden.metrics)) {
    expect(figure(name, golden.said, golden.y), name).toBeCloseTo(value, 9);
  }
});

const rows = fc.array(
  fc.record({
    parts: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
    y: fc.integer({ min: 0, max: 2 }),
  }),
  { minLength: 1, maxLength: 30 },
);
const saidOf = (parts: readonly number[]) => parts.map((part) => part / parts.reduce((sum, each) => sum + each, 0));

describe.each(classMetrics.map((metric) => [metric.name, metric] as const))('metric of classes %s', (name, metric) => {
  it('a weight is how often a row is there', () => {
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (drawn, stream) => {
        const weights = drawn.map(() => stream.next().value);
        const repeated = drawn.flatMap((row, i) => new Array<typeof row>(weights[i]).fill(row));
        const [weighted, long] = [
          figure(
            name,
            drawn.map(({ parts }) => saidOf(parts)),
            drawn.map(({ y }) => y),
            weights,
          ),
          figure(
            name,
            repeated.map(({ parts }) => saidOf(parts)),
            repeated.map(({ y }) => y),
          ),
        ];
        if (repeated.length === 0) expect(weighted).toBeNaN();
        else expect(weighted).toBeCloseTo(long, 9);
      }),
    );
  });

  it('lies between perfect and worst, and knowing the class is perfect', () => {
    fc.assert(
      fc.property(rows, (drawn) => {
        const outcomes = drawn.map(({ y }) => y);
        const value = figure(
          name,
          drawn.map(({ parts }) => saidOf(parts)),
          outcomes,
        );
        const perfect = figure(
          name,
          outcomes.map((y) => [0, 1, 2].map((k) => Number(k === y))),
          outcomes,
        );
        expect(perfect).toBe(metric.better === 'higher' ? 1 : 0);
        expect(value).toBeGreaterThanOrEqual(0);
        if (name !== 'log_loss') expect(value).toBeLessThanOrEqual(1);
      }),
    );
  });
});
