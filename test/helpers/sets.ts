import type { FeatureTable } from '../../features/index.ts';
import { column, DAY, parseDay } from '../../features/index.ts';
import type { ClassSet } from '../../models/classes.ts';
import { seeded, type TrainingSet } from '../../models/index.ts';
import { quietFor } from '../../models/labels/quiet.ts';
import type { LabelledRows } from '../../models/training-set.ts';

const START = parseDay('2022-01-01');
const STEP_DAYS = 30;

/** What the rules of thumb ask for, beside a feature that helps, one that does not and one that is often unknown. */
export const NAMES = [
  'recency_days',
  'events_365d',
  'events_180d',
  'events_90d',
  'tenure_days',
  'helps',
  'noise',
  'patchy',
];

/** A training set of monthly cutoffs in which quiet, rare and helpless partners have the outcome more often. */
export function someSet(partners: number, cutoffs: number, seed: number): TrainingSet {
  const random = seeded(seed);
  const rows: { entity: string; cutoff: number; values: number[]; outcome: number }[] = [];
  for (let p = 0; p < partners; p++) {
    const pace = 1 + 30 * random() ** 2;
    for (let c = 0; c < cutoffs; c++) {
      const recency = 1 + Math.floor(90 * random() ** 2);
      const events = Math.max(1, Math.round(pace * (0.5 + random())));
      const helps = 4 * random() - 2;
      const patchy = random() < 0.3 ? Number.NaN : random();
      const values = [
        recency,
        events,
        Math.ceil(events / 2),
        Math.ceil(events / 4),
        400 + c * STEP_DAYS,
        helps,
        random(),
        patchy,
      ];
      const logOdds = -1.5 + 0.04 * recency - 0.1 * events + helps;
      const outcome = random() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
      rows.push({ entity: `p${p}`, cutoff: START + c * STEP_DAYS * DAY, values, outcome });
    }
  }
  rows.sort((a, b) => a.cutoff - b.cutoff);
  const table: FeatureTable = {
    names: NAMES,
    entities: rows.map(({ entity }) => entity),
    cutoffs: Float64Array.from(rows, ({ cutoff }) => cutoff),
    columns: NAMES.map((_, i) => Float32Array.from(rows, ({ values }) => values[i])),
    atRisk: new Uint8Array(rows.length).fill(1),
    peers: new Array<string>(rows.length).fill(''),
  };
  return { table, outcomes: Uint8Array.from(rows, ({ outcome }) => outcome), label: quietFor(90) };
}

/** The same set with other columns. */
export function withColumns<Rows extends LabelledRows>(set: Rows, names: string[], columns: Float32Array[]): Rows {
  return { ...set, table: { ...set.table, names, columns } };
}

/** A table of named columns, its rows those of one cutoff and of as many partners. */
export function tableOf(columns: Record<string, readonly number[]>): FeatureTable {
  const rows = Object.values(columns)[0]?.length ?? 0;
  return {
    names: Object.keys(columns),
    columns: Object.values(columns).map((values) => Float32Array.from(values)),
    entities: Array.from({ length: rows }, (_, row) => `p${row}`),
    cutoffs: new Float64Array(rows).fill(START),
    atRisk: new Uint8Array(rows).fill(1),
    peers: new Array<string>(rows).fill(''),
  };
}

/** A row as a test writes it: who, at which of the cutoffs 30 days apart, what happened, how long quiet. */
export type HandRow = [entity: string, turn: number, outcome: 0 | 1, recency?: number];

/** A set of the given rows in the order of their cutoffs, with a recency and nothing else to learn from. */
export function setOf(...rows: HandRow[]): TrainingSet {
  const ordered = rows.toSorted(([, a], [, b]) => a - b);
  const table: FeatureTable = {
    names: ['recency_days'],
    entities: ordered.map(([entity]) => entity),
    cutoffs: Float64Array.from(ordered, ([, turn]) => cutoffOf(turn)),
    columns: [Float32Array.from(ordered, ([, , , recency = 1]) => recency)],
    atRisk: new Uint8Array(ordered.length).fill(1),
    peers: new Array<string>(ordered.length).fill(''),
  };
  return { table, outcomes: Uint8Array.from(ordered, ([, , outcome]) => outcome), label: quietFor(90) };
}

/** The cutoff of a turn. */
export function cutoffOf(turn: number): number {
  return START + turn * STEP_DAYS * DAY;
}

/** The same rows in three classes: those with the outcome, and of the others those that did best. */
export function someClassSet(partners: number, cutoffs: number, seed: number): ClassSet {
  const { table, outcomes, label } = someSet(partners, cutoffs, seed);
  const [events, helps, noise] = ['events_90d', 'helps', 'noise'].map((name) => column(table, name));
  const grows = (row: number) => 0.2 * events[row] - helps[row] + 3 * noise[row] > 2.5;
  return {
    table,
    outcomes: outcomes.map((outcome, row) => (outcome ? 0 : grows(row) ? 2 : 1)),
    label,
    classes: ['churn', 'stagnate', 'grow'],
  };
}
