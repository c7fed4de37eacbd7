import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FeatureTable, parseDay } from '../../features/index.ts';
import { inputsOfCard, qualityOf, sampleAtRisk, summaryOf, tellSuspicious } from '../../models/index.ts';
import { thinned } from '../../models/input-quality.ts';
import { driftBetween, stability } from '../../models/stability.ts';

const many = (count: number, value: number): number[] => new Array(count).fill(value);
const floats = (...parts: number[][]): Float32Array => Float32Array.from(parts.flat());
const UNKNOWN = Number.NaN;

describe('the population stability index', () => {
  it('of two bins, worked out by hand', () => {
    const reference = floats(many(50, 0), many(50, 1));
    const recent = floats(many(80, 0), many(20, 1));
    // Half a row more per bin: 50.5 of 101 each, then 80.5 and 20.5 of 101.
    const p = 50.5 / 101;
    const [a, b] = [80.5 / 101, 20.5 / 101];
    const { psi, bins } = stability(reference, recent);
    expect(bins).toBe(2);
    expect(psi).toBeCloseTo((a - p) * Math.log(a / p) + (b - p) * Math.log(b / p), 12);
    expect(psi).toBeCloseTo(0.4063, 4);
  });

  it('has ten bins of equal mass, one more for unknown where there is any', () => {
    const hundred = Float32Array.from({ length: 100 }, (_, i) => i);
    expect(stability(hundred, hundred)).toEqual({ psi: 0, bins: 10 });
    expect(stability(hundred, floats([...hundred], [UNKNOWN])).bins).toBe(11);
  });

  it('stays finite where a bin is empty on one side, whichever', () => {
    const low = floats(many(20, 0));
    const high = floats(many(20, 1));
    const none = floats(many(20, UNKNOWN));
    // Every row changed sides: 20.5 of 21 against 0.5 of 21, twice.
    const apart = 2 * (20 / 21) * Math.log(41);
    for (const [one, other] of [
      [low, high],
      [high, low],
      [low, none],
      [none, low],
    ]) {
      expect(stability(one, other)).toEqual({ psi: expect.closeTo(apart, 9), bins: 2 });
    }
  });

  it('is 0 for the same values, never below, and the same in any order', () => {
    const values = fc.array(fc.constantFrom(UNKNOWN, -1, 0, 0, 1, 2, 3, 10), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, values, (one, other) => {
        expect(stability(floats(one), floats(one)).psi).toBeCloseTo(0, 12);
        const { psi } = stability(floats(one), floats(other));
        expect(psi).toBeGreaterThanOrEqual(0);
        expect(stability(floats([...one].reverse()), floats([...other].reverse())).psi).toBeCloseTo(psi, 9);
      }),
    );
  });
});

describe('a drift', () => {
  const reference = floats(many(50, 0), many(50, 1));
  const drift = (zeros: number, rows: number, evidence = rows) =>
    driftBetween(reference, floats(many(zeros, 0), many(rows - zeros, 1)), { reference: 100, recent: evidence });

  it('is judged by the usual thresholds', () => {
    expect(drift(50, 100).verdict).toBe('steady');
    expect(drift(70, 100)).toMatchObject({ psi: expect.closeTo(0.168, 2), verdict: 'moved' });
    expect(drift(80, 100)).toMatchObject({ psi: expect.closeTo(0.406, 2), verdict: 'drifted' });
  });

  it('cannot be told where chance does as much: few rows, or many of few partners', () => {
    // Chi-squared of one degree stays below 3.84 19 times in 20; 3.84 (1/100 + 1/10) = 0.42.
    expect(drift(8, 10)).toMatchObject({ chance: expect.closeTo(0.42, 1), verdict: 'unclear' });
    expect(drift(80, 100, 10).verdict).toBe('unclear');
    expect(drift(0, 9).verdict).toBe('unclear');
    expect(drift(5, 10).verdict).toBe('steady');
  });

  it('is seldom found where there is none: the bound holds 19 times in 20', () => {
    let beyond = 0;
    for (let draw = 0; draw < 200; draw++) {
      const uniform = (at: number, rows: number) =>
        Float32Array.from({ length: rows }, (_, i) => ((draw * 7919 + at + i * 104_729) ** 2 % 99_991) / 99_991);
      const { psi, chance } = driftBetween(uniform(0, 300), uniform(5000, 100), { reference: 300, recent: 100 });
      if (psi > chance) beyond++;
    }
    expect(beyond / 200).toBeLessThan(0.1);
  });
});

const [MAY, JUNE] = ['2024-05-01', '2024-06-01'].map(parseDay);

/** A table of two cutoffs with so many partners each, by the columns of the one and of the other. */
function tableOf(columns: Record<string, [may: number[], june: number[]]>): FeatureTable {
  const [[may, june]] = Object.values(columns);
  const rows = may.length + june.length;
  return {
    names: Object.keys(columns),
    entities: [...may.keys(), ...june.keys()].map((partner) => `p${partner}`),
    cutoffs: Float64Array.from([...many(may.length, MAY), ...many(june.length, JUNE)]),
    columns: Object.values(columns).map((parts) => floats(...parts)),
    atRisk: new Uint8Array(rows).fill(1),
    peers: new Array<string>(rows).fill(''),
  };
}

describe('the quality of features', () => {
  it('says what is unknown, constant, and how the known values spread', async () => {
    const table = tableOf({
      some: [
        [1, UNKNOWN],
        [3, 4],
      ],
      one: [
        [7, UNKNOWN],
        [7, 7],
      ],
      none: [
        [UNKNOWN, UNKNOWN],
        [UNKNOWN, UNKNOWN],
      ],
    });
    expect(await qualityOf(table)).toMatchObject([
      { feature: 'some', rows: 4, unknown: 0.25, constant: null, min: 1, median: 3, max: 4, separation: null },
      { feature: 'one', unknown: 0.25, constant: 7, min: 7, median: 7, max: 7 },
      { feature: 'none', unknown: 1, constant: null, min: null, median: null, max: null },
    ]);
    expect(summaryOf(await qualityOf(table))).toMatchObject({
      rows: 4,
      features: 3,
      unknown: ['none'],
      constant: ['one'],
    });
  });

  it('holds the last cutoff against those before, or any rows against the others', async () => {
    const sway = [...many(50, 0), ...many(50, 1)];
    const table = tableOf({ drifts: [sway, many(100, 1)], stays: [sway, sway] });
    const [drifts, stays] = await qualityOf(table);
    expect([drifts.drift?.verdict, stays.drift?.verdict]).toEqual(['drifted', 'steady']);
    expect(summaryOf([drifts, stays]).drifted).toEqual([{ feature: 'drifts', psi: drifts.drift?.psi }]);
    const ones = [...table.columns[1].keys()].filter((row) => table.columns[1][row] === 1);
    const [, apart] = await qualityOf(table, { recent: ones });
    expect(apart.drift?.verdict).toBe('drifted');
  });

  it('knows no drift of one cutoff, and of what is the same for all on a day only as many values as days', async () => {
    const one = tableOf({ some: [[1, 2, 3], []] });
    expect((await qualityOf(one))[0].drift).toBeNull();
    const [level] = await qualityOf(tableOf({ level: [many(500, 1), many(500, 2)] }));
    expect(level.drift?.verdict).toBe('unclear');
  });

  it('tells by the AUC of each feature alone how much it knows of the outcome, ties half', async () => {
    // Of ten with the outcome eight have a 1, of ten without two: (0.8 · 0.8) + (0.8 · 0.2 + 0.2 · 0.8) / 2 = 0.8.
    const mixed = [...many(8, 1), ...many(2, 0), ...many(2, 1), ...many(8, 0)];
    const leaks = [...many(10, -5), ...many(10, 3)];
    const table = tableOf({
      mixed: [mixed, []],
      leaks: [leaks, []],
      rare: [[...many(9, 1), UNKNOWN, ...many(10, 0)], []],
    });
    const outcomes = Uint8Array.from([...many(10, 1), ...many(10, 0)]);
    const qualities = await qualityOf(table, { settled: { table, outcomes } });
    expect(qualities.map(({ separation }) => separation)).toEqual([
      { auc: expect.closeTo(0.8, 12), outcome: 'higher', isSuspicious: false },
      { auc: 1, outcome: 'lower', isSuspicious: true },
      null,
    ]);
    const summary = summaryOf(qualities);
    expect(summary.suspicious).toEqual([{ feature: 'leaks', auc: 1, outcome: 'lower' }]);
    expect(tellSuspicious(summary)).toMatch(/leaks \(AUC 1\.000, lower where it happened\).*known_at/);
    expect(tellSuspicious({ ...summary, suspicious: [] })).toBeNull();
  });

  it('of a table without rows is nothing', async () => {
    expect(await qualityOf(tableOf({ some: [[], []] }))).toEqual([
      {
        feature: 'some',
        rows: 0,
        unknown: 0,
        constant: null,
        min: null,
        median: null,
        max: null,
        drift: null,
        separation: null,
      },
    ]);
  });
});

describe('a sample', () => {
  it('is even, in order, and all there is where that is little', () => {
    expect(thinned([1, 2, 3], 3)).toEqual([1, 2, 3]);
    expect(thinned([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 2, 5, 7]);
  });

  it('holds so many of each cutoff, only of those at risk', () => {
    const table = {
      ...tableOf({
        some: [
          [1, 2, 3, 4],
          [5, 6],
        ],
      }),
      atRisk: Uint8Array.of(1, 0, 1, 1, 0, 1),
      peers: ['', '', '', '', '', ''],
    };
    expect([...sampleAtRisk(table, 2).columns[0]]).toEqual([1, 3, 6]);
  });
});

it('a card that is older than the inputs, or says something else, tells of none', async () => {
  const inputs = summaryOf(
    await qualityOf(
      tableOf({
        some: [
          [1, 2],
          [3, 4],
        ],
      }),
    ),
  );
  expect(inputsOfCard(JSON.parse(JSON.stringify({ inputs })))).toEqual(inputs);
  expect(inputsOfCard({})).toBeNull();
  expect(inputsOfCard({ inputs: { ...inputs, rows: 'many' } })).toBeNull();
});
