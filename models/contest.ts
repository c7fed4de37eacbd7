import { DAY, type FeatureTable, type Instant, selectRows } from '../features/index.ts';
import type { Measured } from './bootstrap.ts';
import { type OutOfTime, predictCalibrated } from './calibrated.ts';
import { logLossGain } from './champion.ts';
import { predictClasses, type SaidOfClasses, selected } from './class-calibrated.ts';
import type { FittedClassVersion } from './class-train.ts';
import type { ClassSet } from './classes.ts';
import { maturityDays } from './label.ts';
import { seeded, seedFor } from './random.ts';
import type { FittedVersion } from './train.ts';
import type { LabelledRows, TrainingSet } from './training-set.ts';

/** A new version held against the one in use, on outcomes that neither had learnt from. */
export interface Contest {
  /** The version in use; null when there was none that could be used. */
  against: string | null;
  /** The cutoffs that both were judged on, and by how much; null where nothing has matured since. */
  window: { from: Instant; to: Instant; rows: number; partners: number; gain: Measured } | null;
  isPromoted: boolean;
  /** Why it is in use, or is not. */
  because: string;
}

/** What rounding alone makes of equals. */
const NOISE = 1e-9;

/** The first of its kind needs no contest. */
export const UNCONTESTED: Contest = {
  against: null,
  window: null,
  isPromoted: true,
  because: 'No other version was in use.',
};

/**
 * Holds a new version against the one in use, on the rows whose outcomes had not matured when the latter learnt: what
 * the new one would have said of them by rolling origin, against what the old one says. The new one is promoted when its
 * log loss is lower and the 95 % interval of the difference, paired and over partners, leaves out 0. Rolling origin
 * learns a little less than the version itself did: who is promoted is no worse than it looks here.
 * @param past what the new version would have said of its later half (see `foretell`)
 */
export function contest(set: TrainingSet, past: OutOfTime, inUse: FittedVersion, name: string, seed: number): Contest {
  return hold(set, past.rows, inUse, name, (places, table) =>
    logLossGain(
      table.entities,
      Uint8Array.from(places, (place) => past.outcomes[place]),
      Float64Array.from(places, (place) => past.probabilities[place]),
      predictCalibrated(inUse.champion, table),
      contestChance(seed),
    ),
  );
}

/** The same of versions of classes: multinomial log loss, which looks at the chance that was given to what came. */
export function contestClasses(
  set: ClassSet,
  past: SaidOfClasses,
  inUse: FittedClassVersion,
  name: string,
  seed: number,
): Contest {
  return hold(set, past.rows, inUse, name, (places, table) => {
    const { probabilities, outcomes } = selected(past, places);
    const ofWhatCame = (said: readonly Float64Array[]) => Float64Array.from(outcomes, (k, row) => said[k][row]);
    return logLossGain(
      table.entities,
      new Uint8Array(outcomes.length).fill(1),
      ofWhatCame(probabilities),
      ofWhatCame(predictClasses(inUse.champion, table)),
      contestChance(seed),
    );
  });
}

/** What was learnt to foretell something else is no rival: the new one answers what the program asks now. */
export function otherQuestion(name: string, label: string): Contest {
  const because = `${name}, which was in use, answers another question (${label}).`;
  return { against: name, window: null, isPromoted: true, because };
}

function hold(
  set: LabelledRows,
  rows: readonly number[],
  inUse: { trainedUntil: Instant },
  name: string,
  gainOn: (places: readonly number[], table: FeatureTable) => Measured,
): Contest {
  const unlearnt = inUse.trainedUntil - maturityDays(set.label) * DAY;
  const places = [...rows.keys()].filter((place) => set.table.cutoffs[rows[place]] > unlearnt);
  if (places.length === 0) {
    const because = `No outcome has matured that ${name} had not learnt from, so nothing tells which is better.`;
    return { against: name, window: null, isPromoted: false, because };
  }
  const table = selectRows(
    set.table,
    places.map((place) => rows[place]),
  );
  const gain = gainOn(places, table);
  const window = {
    from: table.cutoffs.reduce((a, b) => Math.min(a, b)),
    to: table.cutoffs.reduce((a, b) => Math.max(a, b)),
    rows: places.length,
    partners: new Set(table.entities).size,
    gain,
  };
  const isPromoted = gain.low > NOISE;
  return { against: name, window, isPromoted, because: verdictOn(name, gain, places.length) };
}

function contestChance(seed: number) {
  return seeded(seedFor(seed, 'contest'));
}

function verdictOn(name: string, { value, low, high }: Measured, rows: number): string {
  const figures = `log loss lower by ${value.toFixed(4)} (95 % ${low.toFixed(4)} to ${high.toFixed(4)}) on ${rows} rows`;
  if (low > NOISE) return `It beats ${name}, which was in use: ${figures} that neither had learnt from.`;
  return `It does not clearly beat ${name}, which stays in use: ${figures} that neither had learnt from.`;
}
