import { loadavg } from 'node:os';
import { nextPeriod, type SeriesSet, scoreSeries, seeded, startDetector } from '../../models/index.ts';
import { poisson } from '../helpers/weekly.ts';
import { record, say } from './record.ts';

/*
 * What scoring two years of weeks of all partners and metrics costs, and what a new week does: CPU seconds of one thread,
 * without reading and writing. Series are counted at rates from a few a year to hundreds a week, in a group per metric.
 */

const PARTNERS = Number(process.env['PARTNERS'] ?? 20_000);
const METRICS = 8;
const WEEKS = 104;
const WEEK = 7 * 86_400_000;
/** What is asked for, in CPU seconds. */
const MOST = { all: 60, next: 2 };

function program(): SeriesSet {
  const random = seeded(1);
  const series = PARTNERS * METRICS;
  const values = new Float64Array(series * WEEKS);
  for (let s = 0; s < series; s++) {
    const rate = Math.exp(-3 + 8 * random() ** 2);
    for (let t = 0; t < WEEKS; t++) values[s * WEEKS + t] = poisson(rate, random);
  }
  return {
    ids: Array.from({ length: series }, (_, s) => `partner ${Math.floor(s / METRICS)} metric ${s % METRICS}`),
    groups: Array.from({ length: series }, (_, s) => `metric ${s % METRICS}`),
    periods: Float64Array.from({ length: WEEKS }, (_, t) => t * WEEK),
    days: 7,
    values,
  };
}

/** CPU seconds of some work. */
function cost(work: () => void): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}

const set = program();
say(`${PARTNERS} partners × ${METRICS} metrics × ${WEEKS} weeks`);
const all = cost(() => scoreSeries(set));
const state = startDetector(set);
const values = Float64Array.from(set.ids, (_, s) => set.values[s * WEEKS + 60]);
const next = cost(() => nextPeriod(state, { values }));
const memory = Math.round(process.resourceUsage().maxRSS / 1024);
say(`all ${all.toFixed(1)} CPU-s, a new week ${next.toFixed(2)} CPU-s, at most ${memory} MB`);
const size = `${PARTNERS} × ${METRICS} × ${WEEKS}`;
const machine = `load ${loadavg()[0].toFixed(1)}; Node ${process.version}`;
record('Anomalies', [size, machine, all.toFixed(1), next.toFixed(2), `${memory} MB`]);
if (all > MOST.all || next > MOST.next) throw new Error(`slower than ${MOST.all} and ${MOST.next} CPU-s`);
