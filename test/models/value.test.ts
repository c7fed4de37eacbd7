import { describe, expect, it } from 'vitest';
import { DAY, type FeatureTable, parseDay } from '../../features/index.ts';
import { seeded, type TrainingSet } from '../../models/index.ts';
import { quietFor } from '../../models/labels/quiet.ts';
import { selectFrom } from '../../models/training-set.ts';
import { credibility } from '../../models/value/credibility.ts';
import { deviance } from '../../models/value/deviance.ts';
import { lastYear } from '../../models/value/last-year.ts';
import { linear } from '../../models/value/linear.ts';
import { amountEstimators, learnValue, loadValue } from '../../models/value/value.ts';

const NAMES = ['won_amount_365d', 'won_amount_90d', 'deals_won_365d', 'events_90d', 'tenure_days'];
const START = parseDay('2023-01-01');

interface Row {
  entity?: string;
  month?: number;
  year: number;
  quarter?: number;
  tenure?: number;
  peers?: string;
}

function tableOf(rows: readonly Row[]): FeatureTable {
  const values = rows.map(({ year, quarter = year / 4, tenure = 365 }) => [year, quarter, year / 100, 3, tenure]);
  return {
    names: NAMES,
    entities: rows.map(({ entity }, i) => entity ?? `p${i}`),
    cutoffs: Float64Array.from(rows, ({ month = 0 }) => START + 30 * month * DAY),
    columns: NAMES.map((_, i) => Float32Array.from(values, (row) => row[i])),
    atRisk: new Uint8Array(rows.length).fill(1),
    peers: rows.map(({ peers = '' }) => peers),
  };
}

/** 120 partners over 12 months, each with its own mean a quarter, of which every quarter brings some deals of 100. */
function world(settings: { unknown?: boolean } = {}): TrainingSet {
  const random = seeded(3);
  const rows: Row[] = [];
  const amounts: number[] = [];
  const outcomes: number[] = [];
  const poisson = (mean: number) => {
    let [count, left] = [0, Math.exp(-mean)];
    for (let product = random(); product > left; product *= random()) count++;
    return count;
  };
  const pace = Array.from({ length: 120 }, (_, p) => (p % 2 === 0 ? 0.3 : 2) * (0.5 + random()));
  for (let month = 0; month < 12; month++) {
    pace.forEach((mean, p) => {
      const year = 100 * (poisson(mean) + poisson(3 * mean));
      rows.push({ entity: `p${p}`, month, year, peers: p % 2 === 0 ? 'small' : 'large' });
      outcomes.push(Number(random() < 0.2));
      amounts.push(settings.unknown ? Number.NaN : 100 * poisson(mean));
    });
  }
  return {
    table: tableOf(rows),
    outcomes: Uint8Array.from(outcomes),
    label: quietFor(90),
    amounts: Float64Array.from(amounts),
  };
}

describe('the rule of thumb', () => {
  it("is the last year's money for the days of the horizon, and unknown where that is", () => {
    const said = lastYear.fit({ table: tableOf([]), amounts: new Float64Array(0), horizonDays: 73 });
    expect([...said.predict(tableOf([{ year: 1000 }, { year: 0 }, { year: Number.NaN }]))]).toEqual([
      200,
      0,
      Number.NaN,
    ]);
  });
});

describe('credibility', () => {
  const model = (priorDays: number) =>
    loadValue({
      estimator: 'credibility',
      horizonDays: 100,
      priorDays,
      scale: 1,
      overall: 2,
      peers: { large: 10, small: 1 },
    });

  it('lies between the own rate and that of the peers, the nearer to these the shorter its past', () => {
    // Ten a day of its own over a year, peers one a day: (3650 + 365 × 1) / 730 × 100 days.
    const [long, short] = model(365).predict(
      tableOf([
        { year: 3650, peers: 'small' },
        { year: 900, tenure: 90, peers: 'small' },
      ]),
    );
    expect(long).toBeCloseTo(550, 9);
    expect(short).toBeCloseTo((100 * (900 + 365)) / 455, 9);
  });

  it('expects of one without peers what all do, and nothing of the unknown', () => {
    const said = model(365).predict(
      tableOf([
        { year: 0, peers: 'constructor' },
        { year: Number.NaN, peers: 'large' },
      ]),
    );
    expect(said[0]).toBeCloseTo((100 * 365 * 2) / 730, 9);
    expect(said[1]).toBeNaN();
  });

  it('adds up to what came over what was learnt from', () => {
    const set = world();
    const amounts = set.amounts as Float64Array;
    const said = credibility.fit({ table: set.table, amounts, horizonDays: 90 }).predict(set.table);
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    expect(sum(said) / sum(amounts)).toBeCloseTo(1, 9);
  });
});

describe('the linear baseline', () => {
  it('finds a line, expects nothing below nothing and says nothing of the unknown', () => {
    const random = seeded(1);
    const rows = Array.from({ length: 50 }, () => ({ year: 1000 * random(), quarter: 300 * random() }));
    const table = tableOf(rows);
    // The number of deals is the year's money over 100, and events are always three: least squares must bear both.
    const amounts = Float64Array.from(rows, ({ year, quarter }) => 0.5 * year + 0.2 * quarter + 7);
    const model = linear.fit({ table, amounts, horizonDays: 90 });
    model.predict(table).forEach((value, row) => {
      expect(value).toBeCloseTo(amounts[row], 2);
    });
    expect(model.predict(tableOf([{ year: Number.NaN }, { year: -9000, quarter: 0 }]))).toEqual(
      Float64Array.of(Number.NaN, 0),
    );
  });
});

describe('the deviance', () => {
  it('is zero for what came, lowest at the mean, and leaves out what was not said', () => {
    const came = Float64Array.of(1, 3);
    expect(deviance(came, came)).toBeCloseTo(0, 12);
    const at = (mu: number) => deviance(Float64Array.of(mu, mu), came);
    expect(at(2)).toBeLessThan(Math.min(at(1.9), at(2.1)));
    expect(deviance(Float64Array.of(Number.NaN, 3), came)).toBeCloseTo(0, 12);
  });
});

it('the deviance of nothing expected is that of a hundredth of the mean', () => {
  // Means of one: of the first row 2 × (ln 100 − .99), of the second nothing.
  expect(deviance(Float64Array.of(0, 1), Float64Array.of(1, 1))).toBeCloseTo(Math.log(100) - 0.99, 12);
});

describe('learning what a partner brings', () => {
  it('chooses what foretold best of those that stayed, and says how far off it was', () => {
    const found = learnValue(world(), () => seeded(2));
    if (!found) throw new Error('nothing was learnt');
    const { card, model } = found;
    expect(card.chosen).toBe('credibility');
    expect(card.contenders.map(({ name }) => name)).toEqual(amountEstimators.map(({ name }) => name));
    const of = (name: string) => card.contenders.find((each) => each.name === name);
    expect(of('credibility')?.deviance.value).toBeLessThan(of('last-year')?.deviance.value ?? 0);
    for (const { deviance: each, meanAbsoluteError, expectedToCame } of card.contenders) {
      for (const { low, value, high } of [each, meanAbsoluteError, expectedToCame]) {
        expect(low).toBeLessThan(value);
        expect(high).toBeGreaterThan(value);
      }
    }
    expect(of('credibility')?.expectedToCame.value).toBeCloseTo(1, 0.5);
    const loaded = loadValue(JSON.parse(JSON.stringify(model.save())));
    expect([...loaded.predict(world().table)]).toEqual([...model.predict(world().table)]);
  });

  it('looks at no amount of those that left', () => {
    const set = world();
    const amounts = (set.amounts as Float64Array).map((amount, row) => (set.outcomes[row] === 1 ? 1e12 : amount));
    expect(learnValue({ ...set, amounts }, () => seeded(2))?.card).toEqual(learnValue(set, () => seeded(2))?.card);
  });

  it('stays with the rule of thumb where fewer than fifty rows were foretold', () => {
    const set = world();
    const few = selectFrom(
      set,
      [...set.outcomes.keys()].filter((row) => row % 120 < 8),
    );
    const card = learnValue(few, () => seeded(2))?.card;
    expect(card?.rows).toBeGreaterThan(30);
    expect(card?.rows).toBeLessThan(50);
    const [first, ...others] = (card?.contenders ?? []).map(({ deviance: each }) => each.value);
    // Not because it was best.
    expect(Math.min(...others)).toBeLessThan(first);
    expect(card?.chosen).toBe('last-year');
  });

  it('is null where no amount is known, and where none is measured', () => {
    expect(learnValue(world({ unknown: true }), () => seeded(2))).toBeNull();
    const { amounts: _, ...without } = world();
    expect(learnValue(without, () => seeded(2))).toBeNull();
  });
});
