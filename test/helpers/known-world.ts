import { DAY, type FeatureTable, parseDay } from '../../features/index.ts';
import { seeded, seedFor, type TrainingSet } from '../../models/index.ts';
import { quietFor } from '../../models/labels/quiet.ts';
import { NAMES } from './sets.ts';

/** How the log-odds of the outcome depend on what the features say of a partner. */
export type Law = (known: { recency: number; events: number; helps: number }) => number;

/** A small program of which the true probabilities are known. */
export interface KnownWorld {
  /** What there is to learn from. */
  set: TrainingSet;
  /** One more partner, a little later: a table of one row. */
  fresh: FeatureTable;
  /** The probability of the outcome given the features of that row, in (0, 1). */
  truth: number;
}

/** Everything a world is made from but chance. */
export interface KnownWorldSettings {
  partners: number;
  cutoffs: number;
  law: Law;
  /** What sets partners apart that no feature tells, half of them up and half down by this, in log-odds. */
  hidden: number;
}

interface Row {
  entity: string;
  cutoff: number;
  values: number[];
  outcome: number;
  truth: number;
}

const START = parseDay('2022-01-01');
const STEP_DAYS = 30;
/** The fresh partner's cutoff comes when the last outcomes have matured. */
const LATER = 3;

/** What a logistic regression on logarithms can tell without remainder. */
export const straight: Law = ({ recency, events, helps }) =>
  -1.2 + 0.7 * (Math.log1p(recency) - 2.7) - 0.8 * (Math.log1p(events) - 2) + 1.2 * signedLog(helps);

/** The law of `someSet`: on logarithms it is bent. */
export const bent: Law = ({ recency, events, helps }) => -1.5 + 0.04 * recency - 0.1 * events + helps;

/** Nothing can be foretold: one chance in four for all. */
export const none: Law = () => Math.log(1 / 3);

/** Makes a world; the same settings and seed give the same world. */
export function knownWorld({ partners, cutoffs, law, hidden }: KnownWorldSettings, seed: number): KnownWorld {
  // Seeds next to each other begin with much the same number.
  const random = seeded(seedFor(seed, 'known world'));
  const rows: Row[] = [];
  for (let p = 0; p <= partners; p++) {
    const own = { pace: 1 + 30 * random() ** 2, helps: 2 * random() - 1, hidden: random() < 0.5 ? hidden : -hidden };
    const places = p < partners ? [...Array(cutoffs).keys()] : [cutoffs + LATER - 1];
    for (const place of places) {
      const recency = 1 + Math.floor(90 * random() ** 2);
      const events = Math.max(1, Math.round(own.pace * (0.5 + random())));
      const helps = 2 * own.helps + 2 * random() - 1;
      const patchy = random() < 0.3 ? Number.NaN : random();
      const counts = [recency, events, Math.ceil(events / 2), Math.ceil(events / 4), 400 + place * STEP_DAYS];
      const logOdds = law({ recency, events, helps });
      rows.push({
        entity: `p${p}`,
        cutoff: START + place * STEP_DAYS * DAY,
        values: [...counts, helps, random(), patchy],
        outcome: Number(random() < chanceOf(logOdds + own.hidden)),
        truth: (chanceOf(logOdds + hidden) + chanceOf(logOdds - hidden)) / 2,
      });
    }
  }
  const fresh = rows.pop() as Row;
  rows.sort((a, b) => a.cutoff - b.cutoff);
  const outcomes = Uint8Array.from(rows, ({ outcome }) => outcome);
  return { set: { table: tableOf(rows), outcomes, label: quietFor(90) }, fresh: tableOf([fresh]), truth: fresh.truth };
}

function tableOf(rows: readonly Row[]): FeatureTable {
  return {
    names: NAMES,
    entities: rows.map(({ entity }) => entity),
    cutoffs: Float64Array.from(rows, ({ cutoff }) => cutoff),
    columns: NAMES.map((_, i) => Float32Array.from(rows, ({ values }) => values[i])),
    atRisk: new Uint8Array(rows.length).fill(1),
    peers: new Array<string>(rows.length).fill(''),
  };
}

function chanceOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

function signedLog(x: number): number {
  return Math.sign(x) * Math.log1p(Math.abs(x));
}
