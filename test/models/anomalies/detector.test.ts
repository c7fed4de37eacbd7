import { describe, expect, it } from 'vitest';
import { type DetectorState, type Findings, nextPeriod, scoreSeries, startDetector } from '../../../models/index.ts';
import { shortened, steady, weekly } from '../../helpers/weekly.ts';

const bits = (values: Float64Array) => Buffer.from(values.buffer).toString('hex');

describe('a detector', () => {
  it('that saw the next week says what scoring all weeks says, to the bit', () => {
    const set = weekly(steady([1, 6, 30, 200], 80, 1));
    const all: Findings = scoreSeries(set);
    let state: DetectorState = startDetector(shortened(set, 60));
    for (let t = 60; t < 80; t++) {
      const values = Float64Array.from(set.ids, (_, s) => set.values[s * 80 + t]);
      const next = nextPeriod(state, { values });
      state = next.state;
      for (const name of ['expected', 'low', 'high', 'p'] as const) {
        expect(bits(next.findings[name])).toBe(bits(Float64Array.from(set.ids, (_, s) => all[name][s * 80 + t])));
      }
    }
    expect(state).toEqual(startDetector(set));
  });
});
