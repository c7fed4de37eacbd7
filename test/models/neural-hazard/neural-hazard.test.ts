import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type FeatureTable, parseDay } from '../../../features/index.ts';
import { logistic } from '../../../models/estimators/logistic.ts';
import { type Backend, type Tensors, tensorsOn } from '../../../models/estimators/neural-hazard/backend.ts';
import {
  type HazardModel,
  loadNeuralHazard,
  neuralHazard,
  neuralHazardOn,
} from '../../../models/estimators/neural-hazard/neural-hazard.ts';
import { metricNamed, rank, seeded, type TrainingSet } from '../../../models/index.ts';
import { quietFor } from '../../../models/labels/quiet.ts';
import { NAMES, someSet } from '../../helpers/sets.ts';

const NEVER = Number.POSITIVE_INFINITY;
const SET = someSet(60, 12, 1);
const UNSEEN = someSet(20, 3, 2).table;
const learnt = async (set: TrainingSet, seed = 4) => (await neuralHazard.fit(set, seeded(seed))) as HazardModel;

/** A table of one cutoff. */
function tableOf(columns: Record<string, number[]>): FeatureTable {
  const [rows] = Object.values(columns).map(({ length }) => length);
  return {
    names: Object.keys(columns),
    entities: Array.from({ length: rows }, (_, row) => `p${row}`),
    cutoffs: new Float64Array(rows).fill(parseDay('2024-01-01')),
    columns: Object.values(columns).map((values) => Float32Array.from(values)),
    atRisk: new Uint8Array(rows).fill(1),
    peers: new Array<string>(rows).fill(''),
  };
}

function auc(probabilities: Float64Array, outcomes: Uint8Array): number {
  return metricNamed('auc').compute(rank(probabilities, outcomes), new Uint8Array(outcomes.length).fill(1));
}

describe('what is foreseen of time', () => {
  let model: HazardModel;
  beforeAll(async () => {
    model = await learnt(SET);
  });

  it('is the chance of quiet by the days of a year, at the horizon what is predicted', () => {
    const { days, probabilities } = model.survival(UNSEEN);
    expect(days).toEqual([15, 30, 60, 90, 135, 180]);
    expect(Float64Array.from(probabilities, (curve) => curve[3])).toEqual(model.predict(UNSEEN));
  });

  it('never rises and stays strictly between 0 and 1, whatever the features are', () => {
    const value = fc.oneof(fc.float(), fc.constantFrom(Number.NaN, NEVER, -NEVER, 1e30));
    fc.assert(
      fc.property(fc.array(value, { minLength: NAMES.length, maxLength: NAMES.length }), (values) => {
        const table = tableOf(Object.fromEntries(NAMES.map((name, i) => [name, [values[i]]])));
        const [curve] = model.survival(table).probabilities;
        for (const [i, quiet] of curve.entries()) {
          expect(quiet).toBeGreaterThan(0);
          expect(quiet).toBeLessThan(1);
          expect(quiet).toBeLessThanOrEqual(i === 0 ? 1 : curve[i - 1]);
        }
      }),
    );
  });

  it('has its horizon among its days, whatever the label', async () => {
    const other = await learnt({ ...SET, label: quietFor(200) });
    expect(other.survival(UNSEEN).days).toContain(200);
  });
});

describe('waits', () => {
  /** Everybody has the same hazard, 1 % a day; half were lost from sight on the way. */
  const DAILY = 0.01;
  const random = seeded(8);
  const rows = Array.from({ length: 4000 }, () => ({
    days: Math.floor(-Math.log(1 - random()) / DAILY),
    lost: Math.floor(90 + 100 * random()),
  }));
  const set: TrainingSet = {
    table: tableOf({ nothing: rows.map(() => 1) }),
    outcomes: Uint8Array.from(rows, ({ days }) => Number(days >= 90)),
    label: quietFor(90),
    waits: {
      from: Float32Array.from(rows, ({ days, lost }) => Math.min(days, lost)),
      until: Float32Array.from(rows, ({ days, lost }) => (days < lost ? days + 1 : NEVER)),
    },
  };

  it('teach the whole curve, cut short or not', async () => {
    const { days, probabilities } = (await learnt(set)).survival(set.table);
    days.forEach((day, i) => {
      // The standard error of a share of 4000 is below 0.008.
      expect(Math.abs(probabilities[0][i] - Math.exp(-DAILY * day)), `day ${day}`).toBeLessThan(0.025);
    });
  });

  it('left out, are what the outcomes say of them', async () => {
    const { waits: _, ...without } = set;
    const share = set.outcomes.reduce((sum, outcome) => sum + outcome, 0) / rows.length;
    const [quiet] = (await learnt(without)).predict(set.table);
    expect(Math.abs(quiet - share)).toBeLessThan(0.02);
  });
});

it('sees what two features say only together, where the logistic regression is blind', async () => {
  const random = seeded(6);
  const signs = () => Array.from({ length: 1500 }, () => (random() < 0.5 ? -1 : 1) * (1 + random()));
  const [a, b] = [signs(), signs()];
  const outcomes = Uint8Array.from(a, (x, row) => Number(random() < (x * b[row] > 0 ? 0.8 : 0.2)));
  const set: TrainingSet = { table: tableOf({ a, b }), outcomes, label: quietFor(90) };
  expect(auc((await logistic.fit(set, seeded(1))).predict(set.table), outcomes)).toBeLessThan(0.6);
  expect(auc((await learnt(set)).predict(set.table), outcomes)).toBeGreaterThan(0.75);
});

describe('it stops learning', () => {
  const passes = async (set: TrainingSet) => (await learnt(set)).save()['passes'];

  it('early where later cutoffs show that nothing is to be learnt', async () => {
    const random = seeded(2);
    const byLot = Uint8Array.from(SET.outcomes, () => Number(random() < 0.3));
    expect(await passes({ ...SET, outcomes: byLot })).toBeLessThan(15);
    expect(await passes(SET)).toBeGreaterThan(20);
  });

  it('after 80 passes where there are no later cutoffs', async () => {
    const few = { table: tableOf({ a: [1, 2, 3, 4] }), outcomes: Uint8Array.of(0, 1, 0, 1), label: quietFor(90) };
    expect(await passes(few)).toBe(80);
  });
});

describe('on another backend', () => {
  const other: Backend = { name: 'cpu', from: 'another', load: () => import('@tensorflow/tfjs-backend-cpu') };
  // It has advice to give.
  beforeAll(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  const elsewhere = neuralHazardOn(() => tensorsOn([other]));

  it('nearly the same is learnt, and what was learnt says the same everywhere', async () => {
    const [here, there] = [await learnt(SET), await elsewhere.fit(SET, seeded(4))];
    const said = there.predict(UNSEEN);
    here.predict(UNSEEN).forEach((probability, row) => {
      expect(said[row]).toBeCloseTo(probability, 2);
    });
    expect(loadNeuralHazard(JSON.parse(JSON.stringify(there.save()))).predict(UNSEEN)).toEqual(said);
  }, 120_000);

  it('no tensor is left when a fit is over', async () => {
    const tensors: Tensors = await tensorsOn();
    const { numTensors } = tensors.memory();
    await learnt(SET);
    expect(tensors.memory().numTensors).toBe(numTensors);
  });
});

describe('what it is given', () => {
  it('may have more features than rows', async () => {
    const random = seeded(3);
    const columns = Array.from({ length: 60 }, (_, i) => [`f${i}`, Array.from({ length: 12 }, random)] as const);
    const set = {
      table: tableOf(Object.fromEntries(columns)),
      outcomes: Uint8Array.from({ length: 12 }, (_, row) => row % 2),
      label: quietFor(90),
    };
    expect((await learnt(set)).predict(set.table).every((p) => p > 0 && p < 1)).toBe(true);
  });

  it('is not loaded where its layers do not fit each other', async () => {
    const saved = JSON.parse(JSON.stringify((await learnt(SET)).save()));
    const [member] = saved.members;
    const changed = (more: Record<string, unknown>) => () => loadNeuralHazard({ ...saved, ...more });
    expect(changed({})).not.toThrow();
    const { hidden, hazards } = member;
    expect(changed({ members: [{ hidden: { ...hidden, weights: [1] }, hazards }] })).toThrow(/layers fit/);
    expect(changed({ members: [{ hidden, hazards: { ...hazards, bias: [1] } }] })).toThrow(/layers fit/);
    expect(changed({ horizonDays: 91 })).toThrow(/horizon is an edge/);
    expect(changed({ edges: [30, 15, 60, 90, 135, 180] })).toThrow(/edges ascend/);
  });
});
