import { z } from 'zod';
import { rowCount } from '../../features/index.ts';
import { centredLogs, classShares } from '../class-shares.ts';
import type { ClassEstimator, ClassModel, ClassSet } from '../classes.ts';
import type { SavedModel } from '../estimator.ts';
import { requireEveryClass } from './require.ts';

const NAME = 'class-base-rate';
const savedForm = z
  .strictObject({
    estimator: z.literal(NAME),
    classes: z.array(z.string()).min(2).max(255),
    shares: z.array(z.number().positive().max(1)),
  })
  .refine(({ classes, shares }) => shares.length === classes.length, 'one share per class');

/** The rival that knows nobody: everyone gets the shares that the classes had in the past. */
export const classBaseRate: ClassEstimator = {
  name: NAME,
  fit(set) {
    requireEveryClass(set, NAME);
    return fitted(set);
  },
};

/** @param saved what `save` gave */
export function loadClassBaseRate(saved: SavedModel): ClassModel {
  const { classes, shares } = savedForm.parse(saved);
  return constant(classes, Float64Array.from(shares));
}

function fitted(set: ClassSet): ClassModel {
  return constant(set.classes, classShares(set));
}

function constant(classes: readonly string[], shares: Float64Array): ClassModel {
  return {
    estimator: NAME,
    classes,
    predict: (table) => Array.from(shares, (share) => new Float64Array(rowCount(table)).fill(share)),
    explain: (_, rows) => ({
      intercepts: centredLogs(shares),
      features: [],
      contributions: rows.map(() => classes.map(() => new Float64Array(0))),
    }),
    refit: fitted,
    save: () => ({ estimator: NAME, classes, shares: [...shares] }),
  };
}
