import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type FeatureTable, parseDay, rowCount, selectRows } from '../../features/index.ts';
import { predictCalibrated } from '../../models/calibrated.ts';
import { chooseChampion, fitContenders } from '../../models/champion.ts';
import type { Model } from '../../models/estimator.ts';
import { boosting, boostingBy } from '../../models/estimators/boosting/boosting.ts';
import { estimators } from '../../models/estimators/index.ts';
import { logistic } from '../../models/estimators/logistic.ts';
import { metricNamed, rank, seeded, type TrainingSet } from '../../models/index.ts';
import { quietFor } from '../../models/labels/quiet.ts';
import { cpuSeconds } from './event-files.ts';

/*
 * A process of its own that fits on the matrix that peer_fits.py wrote: `our-fits.ts DIR`. For every line that it reads
 * it does what the line says and answers with a line of JSON.
 */

/** What a fit took, and how well it foretold the later rows. */
export interface Fit {
  cpu: number;
  wall: number;
  auc: number;
  logLoss: number;
}

/** What explaining took, and how far the contributions are from adding up at most. */
export interface Explained {
  cpu: number;
  rows: number;
  off: number;
}

/** Who wins by rolling origin inside the training time, with everyone's AUC on the later rows. */
export interface Contest {
  champion: string;
  cpu: number;
  aucs: Record<string, number>;
}

/** What the peer's models have: 100 trees of 31 leaves, no early stopping, all features. */
const AS_PEER = { trees: 100, leaves: 31, rate: 0.1, penalty: 1, leastCurvature: 1, bins: 255, featureShare: 1 };

interface About {
  names: string[];
  rows: number;
  firstTest: number;
  matured: boolean[];
  cutoffs: string[];
}

const place = process.argv[2];
const about = JSON.parse(readFileSync(join(place, 'about.json'), 'utf8')) as About;
const months = new Int32Array(bytes('cutoffs.bin'));
const outcomes = new Uint8Array(bytes('outcomes.bin'));
const everyone = readMatrix();
const { train, test } = split();
const latest = selectRows(
  everyone,
  placesOf((month) => month === about.cutoffs.length - 1),
);
let last: Model | undefined;

function bytes(file: string): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = readFileSync(join(place, file));
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

/** The peer's features, and beside them what the rules of thumb ask for: events of all kinds. */
function readMatrix(): FeatureTable {
  const values = new Float32Array(bytes('values.bin'));
  const { names, rows } = about;
  const columns = names.map((_, f) => Float32Array.from({ length: rows }, (_, row) => values[row * names.length + f]));
  const partners = new Int32Array(bytes('partners.bin'));
  for (const days of [90, 180, 365]) {
    const counts = names.flatMap((name, f) =>
      name.startsWith('n_') && name.endsWith(`_${days}d`) ? [columns[f]] : [],
    );
    columns.push(Float32Array.from({ length: rows }, (_, row) => counts.reduce((sum, count) => sum + count[row], 0)));
  }
  return {
    names: [...names, 'events_90d', 'events_180d', 'events_365d'],
    columns,
    entities: Array.from(partners, String),
    cutoffs: Float64Array.from(months, (month) => parseDay(about.cutoffs[month])),
    atRisk: new Uint8Array(rows).fill(1),
    peers: new Array<string>(rows).fill(''),
  };
}

function placesOf(wanted: (month: number) => boolean): number[] {
  return [...months.keys()].filter((row) => wanted(months[row]));
}

function split(): { train: TrainingSet; test: TrainingSet } {
  const of = (rows: number[]) => ({
    table: selectRows(everyone, rows),
    outcomes: Uint8Array.from(rows, (row) => outcomes[row]),
    label: quietFor(90),
  });
  return {
    train: of(placesOf((month) => month < about.firstTest)),
    test: of(placesOf((month) => month >= about.firstTest && about.matured[month])),
  };
}

/** The same without what only the rules of thumb ask for. */
function peersColumns(set: TrainingSet): TrainingSet {
  const { names, columns } = set.table;
  const many = about.names.length;
  return { ...set, table: { ...set.table, names: names.slice(0, many), columns: columns.slice(0, many) } };
}

async function learn(estimator: typeof logistic, threads: number): Promise<Fit> {
  const set = peersColumns(train);
  const [cpu, wall] = [cpuSeconds(), performance.now()];
  last = await estimator.fit(set, seeded(7), threads);
  const took = { cpu: cpuSeconds() - cpu, wall: (performance.now() - wall) / 1000 };
  return { ...took, ...judge(last.predict(test.table)) };
}

function judge(probabilities: Float64Array): { auc: number; logLoss: number } {
  const ranked = rank(probabilities, test.outcomes);
  const weights = new Float64Array(probabilities.length).fill(1);
  const of = (metric: string) => metricNamed(metric).compute(ranked, weights);
  return { auc: of('auc'), logLoss: of('log_loss') };
}

function explain(): Explained {
  if (!last?.explain) throw new Error('nothing has been fitted that explains itself');
  const rows = [...latest.entities.keys()];
  const cpu = cpuSeconds();
  const { intercept, contributions } = last.explain(latest, rows);
  const took = cpuSeconds() - cpu;
  const said = last.predict(latest);
  const off = contributions.map((each, row) => {
    const logOdds = each.reduce((sum, part) => sum + part, intercept);
    return Math.abs(logOdds - Math.log(said[row] / (1 - said[row])));
  });
  return { cpu: took, rows: rowCount(latest), off: Math.max(...off) };
}

async function contest(): Promise<Contest> {
  const cpu = cpuSeconds();
  const contenders = await fitContenders(estimators, train, { seed: 7, threads: 2 });
  const aucs = contenders.map((each) => [each.name, judge(predictCalibrated(each, test.table)).auc] as const);
  return { champion: chooseChampion(contenders).name, cpu: cpuSeconds() - cpu, aucs: Object.fromEntries(aucs) };
}

const work: Record<string, () => Promise<object>> = {
  boosting: () =>
    learn(
      boostingBy(() => AS_PEER, { stopEarly: false }),
      1,
    ),
  'boosting on two': () =>
    learn(
      boostingBy(() => AS_PEER, { stopEarly: false }),
      2,
    ),
  'boosting by itself': () => learn(boosting, 2),
  logistic: () => learn(logistic, 1),
  explain: async () => explain(),
  contest,
};

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await work[line]())}\n`);
}
