import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitPlatt } from '../../models/calibration.ts';
import { calibrateClasses, fitClassCalibration, uncalibrated } from '../../models/class-calibration.ts';
import { seeded } from '../../models/index.ts';
import { multinomialLoss, softmax } from '../../models/multinomial.ts';

/** Rows whose classes come with the probabilities that `law` gives of what is said. */
function dealt(rows: number, law: (said: number[]) => number[]) {
  const random = seeded(5);
  const scores = Array.from({ length: 3 }, () => Float64Array.from({ length: rows }, () => 3 * random()));
  const said = softmax(scores);
  const outcomes = Uint8Array.from({ length: rows }, (_, row) => {
    const chances = law(said.map((ofClass) => ofClass[row]));
    const drawn = random();
    return drawn < chances[0] ? 0 : drawn < chances[0] + chances[1] ? 1 : 2;
  });
  return { said, outcomes };
}

const normal = (weights: number[]) => weights.map((each) => each / weights.reduce((sum, other) => sum + other, 0));

it('leaves alone what means what it says', () => {
  const { said, outcomes } = dealt(20_000, (chances) => chances);
  const { slope, shifts } = fitClassCalibration(said, outcomes);
  expect(Math.abs(slope - 1)).toBeLessThan(0.06);
  for (const shift of shifts) expect(Math.abs(shift)).toBeLessThan(0.05);
});

it('finds the slope and the shifts that outcomes were dealt by', () => {
  const law = (chances: number[]) => normal(chances.map((p, k) => p ** 0.5 * Math.exp([0.6, 0, -0.6][k])));
  const { said, outcomes } = dealt(20_000, law);
  const { slope, shifts } = fitClassCalibration(said, outcomes);
  expect(Math.abs(slope - 0.5)).toBeLessThan(0.06);
  [0.6, 0, -0.6].forEach((shift, k) => {
    expect(Math.abs(shifts[k] - shift)).toBeLessThan(0.06);
  });
});

it('of two classes it is Platt scaling: shifts are half the intercept apart, the slope is the same', () => {
  const { said, outcomes } = dealt(60_000, (chances) => normal(chances.map((p, k) => p ** 0.7 * (k === 0 ? 2 : 1))));
  const rows = [...outcomes.keys()].filter((row) => outcomes[row] < 2);
  const first = Float64Array.from(rows, (row) => said[0][row] / (said[0][row] + said[1][row]));
  const ofTwo = Uint8Array.from(rows, (row) => outcomes[row]);
  const { slope, shifts } = fitClassCalibration([first, first.map((p) => 1 - p)], ofTwo);
  const platt = fitPlatt(
    first,
    ofTwo.map((outcome) => 1 - outcome),
  );
  // The priors differ, and hardly count among so many rows.
  expect(slope).toBeCloseTo(platt.slope, 1);
  expect(shifts[0] - shifts[1]).toBeCloseTo(platt.intercept, 1);
});

it('is held towards none as by sixty rows in doubt', () => {
  // A third is said of each class; of sixty rows half came of the first. Where the loss and what holds it pull alike.
  const said = [0, 1, 2].map(() => new Float64Array(60).fill(1 / 3));
  const came = [30, 20, 10];
  const outcomes = Uint8Array.from({ length: 60 }, (_, row) => (row < 30 ? 0 : row < 50 ? 1 : 2));
  const { shifts } = fitClassCalibration(said, outcomes);
  const corrected = softmax(shifts.map((shift) => Float64Array.of(shift))).map(([p]) => p);
  came.forEach((rows, k) => {
    expect(60 * shifts[k]).toBeCloseTo(rows - 60 * corrected[k], 3);
  });
  expect(corrected[0]).toBeLessThan(0.45);
});

it('never turns round what is likelier, even where the opposite came', () => {
  const { said, outcomes } = dealt(5000, (chances) => normal(chances.map((p) => 1 / p)));
  expect(fitClassCalibration(said, outcomes).slope).toBe(0.05);
});

it('corrects nothing where a class came fewer than ten times', () => {
  const { said, outcomes } = dealt(200, (chances) => chances);
  const rare = outcomes.map((outcome) => (outcome === 2 ? 1 : outcome));
  rare.fill(2, 0, 9);
  expect(fitClassCalibration(said, rare)).toEqual(uncalibrated(3));
  rare.fill(2, 0, 10);
  expect(fitClassCalibration(said, rare)).not.toEqual(uncalibrated(3));
});

it('is no worse on what it learnt from, and gives probabilities, whatever is said and came', () => {
  const rows = fc.array(
    fc.tuple(fc.double({ min: 1e-9, max: 1, noNaN: true }), fc.double({ min: 1e-9, max: 1, noNaN: true }), fc.nat(2)),
    { minLength: 60, maxLength: 90 },
  );
  fc.assert(
    fc.property(rows, (drawn) => {
      const said = softmax([0, 1, 2].map((k) => Float64Array.from(drawn, (row) => (k === 2 ? 0 : Math.log(row[k])))));
      const outcomes = Uint8Array.from(drawn, ([, , outcome]) => outcome);
      const corrected = calibrateClasses(fitClassCalibration(said, outcomes), said);
      const loss = (some: readonly Float64Array[]) =>
        multinomialLoss(
          some.map((ofClass) => ofClass.map(Math.log)),
          outcomes,
        );
      expect(loss(corrected)).toBeLessThanOrEqual(loss(said) + 1e-6);
      drawn.forEach((_, row) => {
        expect(corrected.reduce((sum, ofClass) => sum + ofClass[row], 0)).toBeCloseTo(1, 12);
      });
    }),
    { numRuns: 40 },
  );
});
