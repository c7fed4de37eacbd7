import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricNamed, metrics, rank } from '../../models/index.ts';

const golden = JSON.parse(readFileSync(new URL('../golden/scikit-learn.json', import.meta.url), 'utf8'));
const ones = (n: number) => new Float64Array(n).fill(1);

function figure(
  name: string,
  probabilities: number[],
  outcomes: number[],
  weights: ArrayLike<number> = ones(outcomes.length),
) {
  return metricNamed(name).compute(rank(Float64Array.from(probabilities), Uint8Array.from(outcomes)), weights);
}

describe('figures of merit that can be worked out by hand', () => {
  it('AUC: the share of pairs in the right order, ties half', () => {
    expect(figure('auc', [0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0])).toBe(3 / 4);
    expect(figure('auc', [0.5, 0.5, 0.5], [1, 0, 0])).toBe(1 / 2);
    expect(figure('auc', [0.1, 0.2], [1, 1])).toBeNaN();
  });

  it('average precision: precision where the hits are', () => {
    expect(figure('average_precision', [0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0])).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(figure('average_precision', [0.5, 0.5, 0.5, 0.5], [1, 0, 0, 0])).toBe(1 / 4);
  });

  it('Brier and log loss', () => {
    expect(figure('brier', [0.5, 1], [1, 0])).toBe((0.25 + 1) / 2);
    expect(figure('log_loss', [0.5, 0.25], [1, 0])).toBeCloseTo((Math.log(2) - Math.log(0.75)) / 2, 12);
    expect(figure('log_loss', [0], [1])).toBeCloseTo(15 * Math.log(10), 9);
  });

  it('lift in the top tenth, rows tied at its edge counted in part', () => {
    const outcomes = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    expect(
      figure(
        'lift_at_10',
        [10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map((x) => x / 11),
        outcomes,
      ),
    ).toBeCloseTo(5, 12);
    expect(figure('lift_at_10', new Array(10).fill(0.5), outcomes)).toBeCloseTo(1, 12);
  });

  it('calibration error: how far said and happened are apart, bin by bin', () => {
    const quarter = [1, 1, 1, 1, 1, ...new Array(15).fill(0)];
    expect(figure('ece', new Array(20).fill(0.25), quarter)).toBeCloseTo(0, 12);
    expect(figure('ece', new Array(20).fill(0.75), quarter)).toBeCloseTo(0.5, 12);
    const perfect = Array.from({ length: 20 }, (_, i) => (i < 10 ? 0.999 : 0.001));
    expect(
      figure(
        'ece',
        perfect,
        perfect.map((p) => Math.round(p)),
      ),
    ).toBeCloseTo(0.001, 9);
  });
});

describe('calibration slope', () => {
  /** Log-odds of −2 or 2, of which this share went the way that was said. */
  const sides = (right: number) => {
    const p = 1 / (1 + Math.exp(-2));
    const outcomes = Array.from({ length: 200 }, (_, i) =>
      i < 100 ? Number(i % 100 < right) : Number(i % 100 >= right),
    );
    return [outcomes.map((_, i) => (i < 100 ? p : 1 - p)), outcomes] as const;
  };

  it('is what the log-odds said have to be multiplied by', () => {
    // 73 of 100 are log-odds of 0.995, of which 2 were said.
    expect(figure('calibration_slope', ...sides(73))).toBeCloseTo(Math.log(73 / 27) / 2, 9);
    expect(figure('calibration_slope', ...sides(88))).toBeCloseTo(Math.log(88 / 12) / 2, 9);
    expect(figure('calibration_slope', ...sides(27))).toBeCloseTo(-Math.log(73 / 27) / 2, 9);
  });

  it('counts rows by their weights', () => {
    const [p, outcomes] = sides(73);
    const twice = outcomes.map((outcome, i) => (outcome === Number(i < 100) ? 2 : 1));
    expect(figure('calibration_slope', p, outcomes, twice)).toBeCloseTo(Math.log(146 / 27) / 2, 9);
  });

  it('cannot be told where all were told the same, or the outcomes part', () => {
    expect(figure('calibration_slope', [0.3, 0.3, 0.3], [0, 1, 0])).toBeNaN();
    expect(figure('calibration_slope', [0.2, 0.3, 0.7, 0.8], [0, 0, 1, 1])).toBeNaN();
  });
});

it('equal those of scikit-learn on the same rows', () => {
  for (const [name, value] of Object.entries(golden.metrics as Record<string, number>)) {
    expect(figure(name, golden.scores, golden.y), name).toBeCloseTo(value, 9);
  }
});

const rows = fc.array(
  fc.record({ p: fc.integer({ min: 1, max: 19 }).map((x) => x / 20), y: fc.integer({ min: 0, max: 1 }) }),
  {
    minLength: 2,
    maxLength: 40,
  },
);

it('AUC equals counting every pair', () => {
  fc.assert(
    fc.property(rows, (drawn) => {
      const pairs = drawn.flatMap((a) =>
        drawn.filter((b) => a.y > b.y).map((b) => (a.p > b.p ? 1 : a.p === b.p ? 0.5 : 0)),
      );
      const counted: number = pairs.reduce<number>((sum, x) => sum + x, 0) / pairs.length;
      const ours = figure(
        'auc',
        drawn.map(({ p }) => p),
        drawn.map(({ y }) => y),
      );
      if (pairs.length === 0) expect(ours).toBeNaN();
      else expect(ours).toBeCloseTo(counted, 12);
    }),
  );
});

describe.each(metrics.map((metric) => [metric.name, metric] as const))('metric %s', (_, metric) => {
  it('a weight is how often a row is there', () => {
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (drawn, stream) => {
        const weights = drawn.map(() => stream.next().value);
        const repeated = drawn.flatMap((row, i) => new Array<typeof row>(weights[i]).fill(row));
        if (repeated.length === 0) return;
        const weighted = figure(
          metric.name,
          drawn.map(({ p }) => p),
          drawn.map(({ y }) => y),
          weights,
        );
        const long = figure(
          metric.name,
          repeated.map(({ p }) => p),
          repeated.map(({ y }) => y),
        );
        if (Number.isNaN(long)) expect(weighted).toBeNaN();
        else expect(weighted).toBeCloseTo(long, 9);
      }),
    );
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(rows, (drawn) => {
        const turned = [...drawn].reverse();
        const [a, b] = [drawn, turned].map((some) =>
          figure(
            metric.name,
            some.map(({ p }) => p),
            some.map(({ y }) => y),
          ),
        );
        if (Number.isNaN(a)) expect(b).toBeNaN();
        else expect(b).toBeCloseTo(a, 9);
      }),
    );
  });

  // A slope is right or wrong, and no better the more is known.
  if (metric.better === 'near 1') return;
  it('is best for predictions that know the outcome', () => {
    const outcomes = [1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    const knowing = figure(
      metric.name,
      outcomes.map((y) => (y ? 0.99 : 0.01)),
      outcomes,
    );
    const guessing = figure(metric.name, [0.3, 0.4, 0.1, 0.2, 0.25, 0.35, 0.15, 0.45, 0.05, 0.5], outcomes);
    expect(metric.better === 'higher' ? knowing > guessing : knowing < guessing).toBe(true);
  });
});
