import { normalTail } from '../tails.ts';
import type { Detector } from './detectors.ts';
import { twoSided } from './negative-binomial.ts';
import { blankFindings, type Findings, requireSeries, type SeriesSet } from './series.ts';

/*
 * What one would use instead: each series by itself, its last year alike however long ago, nothing capped. They always
 * compete, so that it can be said when a simple rule is as good.
 */

/** As many known periods a rival remembers, and as few it needs. */
const REMEMBERED = 52;
const WARM_UP = 26;
const Z95 = 1.6448536269514722;
const LEAST_MEAN = 0.01;

/** How far from what is expected, and how unlikely, a value is, given the mean and variance of those before it. */
type Rule = (value: number, mean: number, variance: number) => { p: number; direction: number };

/** Distance in standard deviations, as if normally distributed. */
export const zScore: Detector = {
  name: 'z-score',
  score: (set, from) =>
    ruled(set, from, (value, mean, variance) => {
      const z = (value - mean) / Math.sqrt(Math.max(variance, LEAST_MEAN));
      return { p: 2 * normalTail(Math.abs(z)), direction: z < 0 ? -1 : 1 };
    }),
};

/** As if events came independently, at one rate. Its dispersion is all but 1. */
export const poisson: Detector = {
  name: 'poisson',
  score: (set, from) => ruled(set, from, (value, mean) => twoSided(value, { mean, dispersion: 1.001 })),
};

/** Overdispersed as much as the last year was. */
export const flatNegativeBinomial: Detector = {
  name: 'flat-negative-binomial',
  score: (set, from) =>
    ruled(set, from, (value, mean, variance) => twoSided(value, { mean, dispersion: Math.max(1.05, variance / mean) })),
};

function ruled(set: SeriesSet, from = 0, rule: Rule): Findings {
  requireSeries(set);
  const findings = blankFindings(set.values.length);
  const periods = set.periods.length;
  for (let s = 0; s < set.ids.length; s++) {
    const before: number[] = [];
    for (let t = 0; t < periods; t++) {
      const place = s * periods + t;
      const value = set.values[place];
      if (t >= from && before.length >= WARM_UP) tell(findings, place, value, before, rule);
      if (Number.isNaN(value)) continue;
      before.push(value);
      if (before.length > REMEMBERED) before.shift();
    }
  }
  return findings;
}

function tell(findings: Findings, place: number, value: number, before: readonly number[], rule: Rule): void {
  const average = before.reduce((sum, each) => sum + each, 0) / before.length;
  const variance = before.reduce((sum, each) => sum + (each - average) ** 2, 0) / before.length;
  const mean = Math.max(LEAST_MEAN, average);
  const reach = Z95 * Math.sqrt(variance);
  findings.expected[place] = mean;
  findings.low[place] = Math.max(0, mean - reach);
  findings.high[place] = mean + reach;
  if (Number.isNaN(value)) return;
  const { p, direction } = rule(value, mean, variance);
  findings.p[place] = p;
  findings.direction[place] = direction;
}
