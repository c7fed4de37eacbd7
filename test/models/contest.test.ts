import { describe, expect, it } from 'vitest';
import { column, DAY, type FeatureTable } from '../../features/index.ts';
import type { OutOfTime } from '../../models/calibrated.ts';
import type { ExplainedClassModel } from '../../models/class-champion.ts';
import type { ExplainedModel } from '../../models/estimator.ts';
import {
  contest,
  contestClasses,
  type FittedClassVersion,
  type FittedVersion,
  otherQuestion,
} from '../../models/index.ts';
import { cutoffOf, someClassSet, someSet } from '../helpers/sets.ts';

const SET = someSet(60, 12, 5);
/** What the simulator of the set says, the truth of every row. */
const truth = (table: FeatureTable) => {
  const [recency, events, helps] = ['recency_days', 'events_365d', 'helps'].map((name) => column(table, name));
  return Float64Array.from(recency, (_, row) => {
    return 1 / (1 + Math.exp(1.5 - 0.04 * recency[row] + 0.1 * events[row] - helps[row]));
  });
};
const anyone = (table: FeatureTable) => new Float64Array(table.entities.length).fill(0.3);
const PAST: OutOfTime = {
  rows: [...SET.outcomes.keys()].filter((row) => SET.table.cutoffs[row] >= cutoffOf(6)),
  entities: SET.table.entities.filter((_, row) => SET.table.cutoffs[row] >= cutoffOf(6)),
  probabilities: truth(SET.table).filter((_, row) => SET.table.cutoffs[row] >= cutoffOf(6)),
  outcomes: SET.outcomes.filter((_, row) => SET.table.cutoffs[row] >= cutoffOf(6)),
};

function version(predict: (table: FeatureTable) => Float64Array, trainedUntil: number): FittedVersion {
  const champion = { model: { predict } as unknown as ExplainedModel, calibration: { intercept: 0, slope: 1 } };
  return {
    model: 'churn-risk',
    trainedUntil,
    seed: 1,
    champion,
    refits: [],
    directions: {},
    features: [],
    reference: null,
    waits: null,
    value: null,
  };
}

describe('a contest', () => {
  it('is won by what foretells better, on rows that neither had learnt from', () => {
    // Of turn 7 the outcome is known 90 days later: whoever learnt until then has seen it.
    const until = cutoffOf(7) + 90 * DAY;
    const found = contest(SET, PAST, version(anyone, until), 'old', 1);
    expect(found).toMatchObject({ against: 'old', isPromoted: true });
    expect(found.window).toMatchObject({ from: cutoffOf(8), to: cutoffOf(11), rows: 4 * 60, partners: 60 });
    expect(found.window?.gain.low).toBeGreaterThan(0);
    expect(found.because).toMatch(/^It beats old, which was in use: log loss lower by 0\.\d{4} \(95 % .* on 240 rows/);
    const earlier = contest(SET, PAST, version(anyone, until - 1), 'old', 1);
    expect(earlier.window?.from).toBe(cutoffOf(7));
  });

  it('is not won by what says the same, or worse', () => {
    const same = contest(SET, PAST, version(truth, cutoffOf(5)), 'old', 1);
    expect(same.window?.gain.value).toBeCloseTo(0, 12);
    expect(same).toMatchObject({ isPromoted: false, because: expect.stringMatching(/^It does not clearly beat old/) });
    const worse = { ...PAST, probabilities: PAST.probabilities.map(() => 0.3) };
    expect(contest(SET, worse, version(truth, cutoffOf(5)), 'old', 1).window?.gain.high).toBeLessThan(0);
  });

  it('is not held where nothing has matured since', () => {
    const found = contest(SET, PAST, version(anyone, cutoffOf(11) + 90 * DAY), 'old', 1);
    expect(found).toMatchObject({ window: null, isPromoted: false });
    expect(found.because).toMatch(/^No outcome has matured that old had not learnt from/);
  });
});

describe('a contest of classes', () => {
  const set = someClassSet(60, 12, 5);
  const rows = [...set.outcomes.keys()].filter((row) => set.table.cutoffs[row] >= cutoffOf(6));
  const outcomes = Uint8Array.from(rows, (row) => set.outcomes[row]);
  /** What came is given a chance, each of the other two half of the rest. */
  const saying = (chance: number) => ({
    rows,
    outcomes,
    probabilities: [0, 1, 2].map((k) =>
      Float64Array.from(outcomes, (outcome) => (outcome === k ? chance : (1 - chance) / 2)),
    ),
  });
  const thirds = (trainedUntil: number): FittedClassVersion => {
    const predict = (table: FeatureTable) => [0, 1, 2].map(() => new Float64Array(table.entities.length).fill(1 / 3));
    const model = { predict } as unknown as ExplainedClassModel;
    const champion = { model, calibration: { slope: 1, shifts: [0, 0, 0] } };
    const nothing = { refits: [], directions: [], features: [], reference: null };
    return { model: 'trajectory', classes: set.classes, trainedUntil, seed: 1, champion, ...nothing };
  };
  const until = cutoffOf(7) + 90 * DAY;

  it('goes by the chance that was given to what came, on rows that neither had learnt from', () => {
    const found = contestClasses(set, saying(0.5), thirds(until), 'old', 1);
    expect(found).toMatchObject({ against: 'old', isPromoted: true });
    expect(found.window).toMatchObject({ from: cutoffOf(8), to: cutoffOf(11), rows: 4 * 60, partners: 60 });
    // Of every row alike: half for what came instead of a third.
    for (const bound of ['value', 'low', 'high'] as const)
      expect(found.window?.gain[bound]).toBeCloseTo(Math.log(3 / 2), 9);
    expect(contestClasses(set, saying(0.3), thirds(until), 'old', 1)).toMatchObject({ isPromoted: false });
    const same = contestClasses(set, saying(1 / 3), thirds(until), 'old', 1);
    expect(same).toMatchObject({ isPromoted: false, because: expect.stringMatching(/^It does not clearly beat old/) });
    expect(contestClasses(set, saying(0.9), thirds(cutoffOf(12) + 90 * DAY), 'old', 1).window).toBeNull();
  });

  it('is none with what answers another question', () => {
    expect(otherQuestion('old', 'by-season')).toMatchObject({ against: 'old', window: null, isPromoted: true });
  });
});
