import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { scoreSeries, usualSettings } from '../../models/index.ts';
import { normalTail } from '../../models/tails.ts';
import { nabScore, probation, type ScoredSeries } from '../helpers/nab.ts';
import { recordRun } from '../helpers/runs-file.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/nab/', import.meta.url));
const RUNS = new URL('./RUNS.md', import.meta.url);
/** What the benchmark publishes of its windowed Gaussian. */
const PUBLISHED = 39.6;
/** Rows that are looked back on: a day of five minutes each. */
const HALF_LIFE = 288;

interface Series {
  values: Float64Array;
  windows: ScoredSeries['windows'];
}

describe('the Numenta Anomaly Benchmark', () => {
  let corpus: Series[];
  beforeAll(() => {
    if (!existsSync(DATA)) throw new Error(`The exam needs ${DATA}, which is not here.`);
    corpus = readCorpus();
  });

  it('its score is that of the definition, by hand', () => {
    // 20 rows, 3 of them on probation; the window is rows 10 to 13. Called: its first row, and a row 3 past it.
    const scores = Float64Array.from({ length: 20 }, (_, i) => (i === 10 || i === 16 ? 1 : 0));
    const s = (x: number) => 2 / (1 + Math.exp(5 * x)) - 1;
    // The row past costs more than nothing; called with the first, the window still wins: 1 + .11 × s(3/3).
    expect(nabScore([{ scores, windows: [[10, 13]] }])).toBeCloseTo((100 * (1 + 0.11 * s(1) + 1)) / 2, 10);
    expect(nabScore([{ scores: new Float64Array(20), windows: [[10, 13]] }])).toBeGreaterThan(0);
    expect(nabScore([{ scores, windows: [[1, 2]] }])).toBe(0);
  });

  it('gives the windowed Gaussian what is published of it', () => {
    const score = nabScore(corpus.map(({ values, windows }) => ({ scores: windowedGaussian(values), windows })));
    expect(Math.abs(score - PUBLISHED)).toBeLessThan(0.1);
  });

  it('gives ours a figure, on record', () => {
    const score = nabScore(corpus.map(({ values, windows }) => ({ scores: ours(values), windows })));
    recordRun(RUNS, 'The Numenta Anomaly Benchmark', [corpus.length, score.toFixed(1)]);
    expect(score).toBeGreaterThan(0);
  });
});

function readCorpus(): Series[] {
  const labels: Record<string, [string, string][]> = JSON.parse(
    readFileSync(`${DATA}labels/combined_windows.json`, 'utf8'),
  );
  return Object.entries(labels).map(([name, spans]) => {
    const rows: string[][] = parse(readFileSync(`${DATA}data/${name}`), { from_line: 2 });
    const at = new Map(rows.map(([timestamp], i) => [timestamp, i]));
    const place = (timestamp: string) => at.get(timestamp.slice(0, 19)) ?? Number.NaN;
    const windows = spans.map(([first, last]) => [place(first), place(last)] as const);
    return { values: Float64Array.from(rows, ([, value]) => Number(value)), windows };
  });
}

/** Our detector, thinly adapted: each row a day of an amount above the least of the probation, without season or peers. */
function ours(values: Float64Array): Float64Array {
  const least = values.subarray(0, probation(values.length)).reduce((a, b) => Math.min(a, b));
  const { p } = scoreSeries(
    {
      ids: ['series'],
      periods: Float64Array.from(values, (_, t) => t * 86_400_000),
      days: 1,
      values: values.map((value) => Math.max(0, value - least)),
      law: 'amounts',
    },
    { ...usualSettings(1), season: false, movement: false, halfLife: HALF_LIFE, spreadHalfLife: 4 * HALF_LIFE },
  );
  return surprise(p.map((value) => (Number.isNaN(value) ? 0 : -Math.log(value + 1e-300))));
}

/**
 * How few of the rows before a row were as unusual, as −ln of their share: series whose tails no law fits become
 * comparable (conformal p values; Laxhammar & Falkman 2010).
 */
function surprise(unusual: Float64Array): Float64Array {
  const before: number[] = [];
  return unusual.map((value) => {
    let [low, high] = [0, before.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before[middle] < value) low = middle + 1;
      else high = middle;
    }
    const asMuch = before.length - low;
    before.splice(low, 0, value);
    return -Math.log((asMuch + 1) / before.length);
  });
}

const WINDOW = 6400;
const STEP = 100;
/** The benchmark kept scores as text of twelve digits: what is farther out than 7.13 deviations is one score, of 1. */
const rounded = (score: number) => Number(score.toFixed(12));

/** The benchmark's own simple rival: how far a value is from the mean of the last 6,400, which move on by hundreds. */
function windowedGaussian(values: Float64Array): Float64Array {
  const scores = new Float64Array(values.length);
  let [from, to] = [0, 0];
  let [mean, deviation] = [0, 1];
  const look = () => {
    const window = values.subarray(from, to);
    mean = window.reduce((sum, value) => sum + value, 0) / window.length;
    deviation = Math.sqrt(window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / window.length) || 1e-6;
  };
  for (let t = 0; t < values.length; t++) {
    if (to > 0) scores[t] = rounded(1 - normalTail(Math.abs(values[t] - mean) / deviation));
    if (t < WINDOW) {
      to = t + 1;
      look();
    } else if (t + 1 - to === STEP) {
      from += STEP;
      to += STEP;
      look();
    }
  }
  return scores;
}
