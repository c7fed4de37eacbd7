import { describe, expect, it } from 'vitest';
import { calibrate, fitPlatt, UNCALIBRATED } from '../../models/calibration.ts';
import { seeded } from '../../models/index.ts';
import { sigmoid } from '../../models/newton.ts';

describe('Platt scaling', () => {
  /** Outcomes of true log-odds x, predicted as if they were 2x + 1. */
  function overconfident(rows: number) {
    const random = seeded(6);
    const truth = Float64Array.from({ length: rows }, () => 4 * random() - 2);
    const outcomes = Uint8Array.from(truth, (x) => Number(random() < sigmoid(x)));
    return { said: truth.map((x) => sigmoid(2 * x + 1)), truth, outcomes };
  }

  it('finds the correction that undoes overconfidence', () => {
    const { said, truth, outcomes } = overconfident(20_000);
    const calibration = fitPlatt(said, outcomes);
    expect(calibration.slope).toBeCloseTo(0.5, 1);
    expect(calibration.intercept).toBeCloseTo(-0.5, 1);
    expect(calibrate(calibration, said[0])).toBeCloseTo(sigmoid(truth[0]), 1);
  });

  it('keeps the order of predictions', () => {
    const { said, outcomes } = overconfident(200);
    const turned = fitPlatt(
      said,
      Uint8Array.from(outcomes, (y) => 1 - y),
    );
    expect(calibrate(turned, 0.2)).toBeLessThan(calibrate(turned, 0.3));
  });

  it('changes nothing where there is next to nothing to learn from', () => {
    const { said } = overconfident(100);
    expect(
      fitPlatt(
        said,
        Uint8Array.from(said, (_, i) => Number(i < 9)),
      ),
    ).toEqual(UNCALIBRATED);
    expect(fitPlatt(new Float64Array(), new Uint8Array())).toEqual(UNCALIBRATED);
    expect(calibrate(UNCALIBRATED, 0.37)).toBeCloseTo(0.37, 12);
  });
});
