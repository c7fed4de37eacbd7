import { describe, expect, it } from 'vitest';
import { DAY, type FeatureTable, parseDay } from '../../features/index.ts';
import { calibrateForetold } from '../../models/calibrated.ts';
import { calibrate, fitPlatt, UNCALIBRATED } from '../../models/calibration.ts';
import type { Estimator, Model } from '../../models/estimator.ts';
import { foretell } from '../../models/foretell.ts';
import { seeded, type TrainingSet } from '../../models/index.ts';
import { quietFor } from '../../models/labels/quiet.ts';

const START = parseDay('2023-01-01');
const STEP = 30 * DAY;
const PARTNERS = 40;

/**
 * Sixteen cutoffs, 30 days apart, 40 partners each; at cutoff c the outcome happened to the first `happened[c]`.
 * Outcomes mature after 90 days, three cutoffs. Checked are the last eight cutoffs in blocks of two, so the block that
 * begins at cutoff b is foretold from the cutoffs up to b − 3.
 */
function setOf(happened: readonly number[]): TrainingSet {
  const rows = happened.flatMap((count, c) =>
    Array.from({ length: PARTNERS }, (_, p) => ({
      entity: `p${p}`,
      cutoff: START + c * STEP,
      outcome: Number(p < count),
    })),
  );
  const table: FeatureTable = {
    names: [],
    entities: rows.map(({ entity }) => entity),
    cutoffs: Float64Array.from(rows, ({ cutoff }) => cutoff),
    columns: [],
    atRisk: new Uint8Array(rows.length).fill(1),
    peers: new Array<string>(rows.length).fill(''),
  };
  return { table, outcomes: Uint8Array.from(rows, ({ outcome }) => outcome), label: quietFor(90) };
}

/** Says one thing of cutoffs it has learnt from and another of those it has not. */
function remembering(learnt: number, unseen: number): Estimator & { lastLearnt: number[] } {
  const lastLearnt: number[] = [];
  const fit = (set: TrainingSet): Model => {
    const seen = new Set(set.table.cutoffs);
    lastLearnt.push((Math.max(...seen) - START) / STEP);
    return {
      estimator: 'remembering',
      predict: ({ cutoffs }) => Float64Array.from(cutoffs, (cutoff) => (seen.has(cutoff) ? learnt : unseen)),
      explain: () => ({ intercept: 0, features: [], contributions: [] }),
      refit: fit,
      save: () => ({ estimator: 'remembering' }),
    };
  };
  return { name: 'remembering', fit, lastLearnt };
}

/** Fits, and calibrates on what would have been said. */
async function foretold(estimator: Estimator, set: TrainingSet) {
  return calibrateForetold(set, await foretell(estimator, set, () => seeded(1)));
}

/** What was said in the past at each checked cutoff; all rows of a cutoff were told the same. */
function saidAt(set: TrainingSet, { rows, probabilities }: { rows: readonly number[]; probabilities: Float64Array }) {
  const said: number[] = [];
  rows.forEach((row, i) => {
    const cutoff = (set.table.cutoffs[row] - START) / STEP;
    expect(said[cutoff] ?? probabilities[i]).toBe(probabilities[i]);
    said[cutoff] = probabilities[i];
  });
  return said.slice(8);
}

const HALF = PARTNERS / 2;
const EARLY = new Array<number>(8).fill(HALF);

describe('what an estimator would have said in the past', () => {
  it('is said by one that had learnt only what had matured, the model itself learns everything', async () => {
    const set = setOf([...EARLY, ...EARLY]);
    const estimator = remembering(0.9, 0.5);
    const { past, model, calibration } = await foretold(estimator, set);
    expect(estimator.lastLearnt).toEqual([5, 7, 9, 11, 15]);
    // Half of all had the outcome, as foretold: there is nothing to correct.
    for (const said of saidAt(set, past)) expect(said).toBeCloseTo(0.5, 12);
    expect(calibrate(calibration, 0.5)).toBeCloseTo(0.5, 12);
    expect(model.predict(set.table)[0]).toBe(0.9);
  });

  it('is of the rows it names, each once', async () => {
    const set = setOf([...EARLY, 20, 40, 10, 10, 30, 30, 30, 30]);
    const { past } = await foretold(remembering(0.9, 0.5), set);
    expect(past.rows).toEqual(Array.from({ length: 8 * PARTNERS }, (_, i) => 8 * PARTNERS + i));
    expect([...past.outcomes]).toEqual(past.rows.map((row) => set.outcomes[row]));
  });

  it('is corrected by the outcomes that had matured when its block began, and by no later ones', async () => {
    // Foretold is always a half. Of cutoffs 8 and 9 three quarters happened, of 10 and 11 one quarter.
    const set = setOf([...EARLY, 20, 40, 10, 10, 30, 30, 30, 30]);
    const { past, calibration } = await foretold(remembering(0.9, 0.5), set);
    const [at8, at9, at10, at11, at12, at13, at14, at15] = saidAt(set, past);
    // Before cutoff 8 nothing had been foretold; before cutoff 10, nothing of it had matured.
    for (const said of [at8, at9, at10, at11]) expect(said).toBe(calibrate(UNCALIBRATED, 0.5));
    // Before cutoff 12 those of 8 and 9 had matured.
    const halves = new Float64Array(2 * PARTNERS).fill(0.5);
    const outcomes = Uint8Array.from(halves, (_, i) => Number(i < 20 + 40));
    for (const said of [at12, at13]) expect(said).toBeCloseTo(calibrate(fitPlatt(halves, outcomes), 0.5), 12);
    expect(at12).toBeGreaterThan(0.65);
    // Before cutoff 14 those of 8 to 11 had: a half again.
    for (const said of [at14, at15]) expect(said).toBeCloseTo(0.5, 12);
    // The scores of today are corrected by all of it: 200 of 320.
    expect(calibrate(calibration, 0.5)).toBeGreaterThan(0.6);
    expect(calibrate(calibration, 0.5)).toBeLessThan(200 / 320);
  });

  it('is corrected, where folds are of partners, by what was foretold of all others', async () => {
    // Of four cutoffs thirty of forty had the outcome; each sixth of the partners is told a half by the others.
    const set = setOf([30, 30, 30, 30]);
    const ofPartners = { ...set, label: { ...set.label, foldsOfPartners: true } };
    const { past } = await foretold(remembering(0.5, 0.5), ofPartners);
    const of = (entity: string) => Number(entity.slice(1)) % 6;
    for (const part of [0, 5]) {
      const others = set.table.entities.flatMap((entity, row) => (of(entity) === part ? [] : [set.outcomes[row]]));
      const correction = fitPlatt(new Float64Array(others.length).fill(0.5), Uint8Array.from(others));
      const said = past.probabilities[past.entities.findIndex((entity) => of(entity) === part)];
      expect(said).toBeCloseTo(calibrate(correction, 0.5), 12);
      expect(said).toBeGreaterThan(0.65);
    }
  });

  it('is nothing where there is too little past, and the model is left uncorrected', async () => {
    const set = setOf([HALF, HALF]);
    const { past, calibration } = await foretold(remembering(0.9, 0.5), set);
    expect(past.rows).toEqual([]);
    expect(calibration).toEqual(UNCALIBRATED);
  });
});
