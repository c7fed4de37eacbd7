import { z } from 'zod';
import { column, type FeatureTable } from '../../features/index.ts';
import { centredLogs, classShares, sharesOf } from '../class-shares.ts';
import type { ClassEstimator, ClassModel, ClassSet } from '../classes.ts';
import type { SavedModel } from '../estimator.ts';
import { requireEveryClass } from './require.ts';

const NAME = 'persistence';
/** How many rows of everyone the rows of one past count beside: a thin past says little. */
const CAUTION = 10;
const LATELY = { feature: 'events_180d', days: 180 };
const YEAR = { feature: 'events_365d', days: 365 };
const TIMES = 1.25;
const EVENTS_MORE = 3;
/** What the last half-year was against the one before: no growth, growth, not known. */
const PASTS = 3;

const savedForm = z
  .strictObject({
    estimator: z.literal(NAME),
    classes: z.array(z.string()).min(2).max(255),
    average: z.array(z.number().positive().max(1)),
    shares: z.array(z.array(z.number().positive().max(1))).length(PASTS),
  })
  .refine(
    ({ classes, average, shares }) => [average, ...shares].every(({ length }) => length === classes.length),
    'one share per class',
  );

interface Fitted {
  classes: readonly string[];
  /** The shares of the classes among all rows, which reasons are told against. */
  average: Float64Array;
  /** Per past the shares of the classes after it. */
  shares: readonly Float64Array[];
}

/**
 * The rival that takes tomorrow to be as yesterday: whoever grew in the last half-year gets the shares of those who had,
 * whoever did not those of the others. Shares of few rows are held towards those of all.
 */
export const persistence: ClassEstimator = {
  name: NAME,
  fit(set) {
    requireEveryClass(set, NAME);
    return model(fitted(set));
  },
};

/** @param saved what `save` gave */
export function loadPersistence(saved: SavedModel): ClassModel {
  const { classes, average, shares } = savedForm.parse(saved);
  return model({
    classes,
    average: Float64Array.from(average),
    shares: shares.map((ofPast) => Float64Array.from(ofPast)),
  });
}

function fitted(set: ClassSet): Fitted {
  const average = classShares(set);
  const rows = Array.from({ length: PASTS }, () => average.map((share) => CAUTION * share));
  const pasts = pastsOf(set.table);
  set.outcomes.forEach((outcome, row) => {
    rows[pasts[row]][outcome]++;
  });
  return { classes: set.classes, average, shares: rows.map(sharesOf) };
}

/** Per row the place of its past: 0 no growth, 1 growth, 2 not known. */
function pastsOf(table: FeatureTable): Uint8Array {
  const [lately, year] = [column(table, LATELY.feature), column(table, YEAR.feature)];
  return Uint8Array.from(lately, (now, row) => {
    const before = ((year[row] - now) * LATELY.days) / (YEAR.days - LATELY.days);
    if (Number.isNaN(before)) return 2;
    return Number(now >= TIMES * before && now >= before + EVENTS_MORE);
  });
}

function model({ classes, average, shares }: Fitted): ClassModel {
  const intercepts = centredLogs(average);
  const contributions = shares.map((ofPast) => centredLogs(ofPast).map((score, k) => score - intercepts[k]));
  return {
    estimator: NAME,
    classes,
    predict(table) {
      const pasts = pastsOf(table);
      return classes.map((_, k) => Float64Array.from(pasts, (past) => shares[past][k]));
    },
    explain(table, rows) {
      const pasts = pastsOf(table);
      return {
        intercepts,
        features: [LATELY.feature],
        contributions: rows.map((row) => classes.map((_, k) => Float64Array.of(contributions[pasts[row]][k]))),
      };
    },
    refit: (set) => model(fitted(set)),
    save: () => ({ estimator: NAME, classes, average: [...average], shares: shares.map((ofPast) => [...ofPast]) }),
  };
}
