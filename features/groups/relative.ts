import type { RelativeFeature } from '../feature.ts';
import { column, type FeatureTable, rowsWhere } from '../feature-table.ts';
import { expectedRate, fitGammaPrior, type GammaPrior, quietProbability } from '../gamma-poisson.ts';
import { pick } from '../pick.ts';
import { rankAmong } from '../rank.ts';

/** The last year is what a partner's rate is learnt from. */
const EXPOSURE_DAYS = 365;
const AHEAD_DAYS = 90;

interface Counted {
  counts: Float32Array;
  exposures: Float32Array;
}

/** Events of the last year and the days they were counted over; a row that cannot be counted is NaN in both. */
function counted(table: FeatureTable): Counted {
  return {
    counts: column(table, 'events_365d'),
    exposures: column(table, 'tenure_days').map((days) => Math.min(days, EXPOSURE_DAYS)),
  };
}

/** Two features ask for the prior of the same table, which takes longer to learn than all else takes to tell. */
const priors = new WeakMap<FeatureTable, GammaPrior | null>();

function priorOf(table: FeatureTable, seen: Counted): GammaPrior | null {
  const known = priors.get(table);
  if (known !== undefined) return known;
  const prior = priorAtRisk(table, seen);
  priors.set(table, prior);
  return prior;
}

/** The prior of the rows at risk; null when they have nothing to learn from. */
function priorAtRisk(table: FeatureTable, { counts, exposures }: Counted): GammaPrior | null {
  const rows = rowsWhere(table, (row) => table.atRisk[row] === 1 && counts[row] >= 0 && exposures[row] > 0);
  if (!rows.some((row) => counts[row] > 0)) return null;
  return fitGammaPrior(
    pick(counts, rows, new Float32Array(rows.length)),
    pick(exposures, rows, new Float32Array(rows.length)),
  );
}

function shrunk(table: FeatureTable, tell: (prior: GammaPrior, count: number, exposure: number) => number) {
  const seen = counted(table);
  const prior = priorOf(table, seen);
  return seen.counts.map((count, row) => {
    const exposure = seen.exposures[row];
    return prior && count >= 0 && exposure > 0 ? tell(prior, count, exposure) : Number.NaN;
  });
}

/** The share of rows at risk below each row, ties counted half: 0 to 1. */
function rankAtRisk(table: FeatureTable, name: string): Float32Array {
  const [all, atRisk] = [rowsWhere(table, () => true), rowsWhere(table, (row) => table.atRisk[row] === 1)];
  return new Float32Array(rankAmong(column(table, name), all, atRisk));
}

/** Over the rows at risk: models learn from no others, and a feature must mean the same when it is scored. */
function sumAtRisk(table: FeatureTable, name: string): number {
  return column(table, name).reduce((sum, value, row) => (table.atRisk[row] ? sum + value : sum), 0);
}

/** A partner among all partners of the same day. */
export const relative: readonly RelativeFeature[] = [
  {
    name: 'eb_rate_90d',
    unit: 'events',
    topic: 'volume',
    description:
      'Expected qualifying events in 90 days: the rate of the last year, shrunk towards the program (empirical Bayes).',
    reason: {
      high: ({ value, peers }) => `Expected to bring ${value} in 90 days at last year's rate (peers ${peers})`,
      low: ({ value, peers }) => `Expected to bring only ${value} in 90 days at last year's rate (peers ${peers})`,
    },
    compute: (table) => shrunk(table, (prior, count, exposure) => AHEAD_DAYS * expectedRate(prior, count, exposure)),
  },
  {
    name: 'eb_quiet_90d',
    unit: 'probability',
    topic: 'volume',
    description: 'Probability of no qualifying event in 90 days if the last year went on (Gamma-Poisson).',
    reason: {
      high: ({ value, peers }) => `At last year's rate, quiet for 90 days with probability ${value} (peers ${peers})`,
      low: ({ value, peers }) => `At last year's rate, quiet for 90 days with probability ${value} (peers ${peers})`,
    },
    compute: (table) => shrunk(table, (prior, count, exposure) => quietProbability(prior, count, exposure, AHEAD_DAYS)),
  },
  {
    name: 'rank_events_90d',
    unit: 'share',
    topic: 'volume',
    description:
      'Share of the partners at risk that had fewer qualifying events in the last 90 days, ties counted half.',
    reason: {
      high: ({ value }) => `Busier than ${value} of the partners`,
      low: ({ value }) => `Busier than no more than ${value} of the partners`,
    },
    compute: (table) => rankAtRisk(table, 'events_90d'),
  },
  {
    name: 'program_level_90d',
    unit: 'ratio',
    topic: 'program',
    description:
      "The program's qualifying events of the last 90 days over their yearly average, of the partners at risk.",
    reason: {
      high: ({ value }) => `The whole program does ${value} times as much as on average of the year`,
      low: ({ value }) => `The whole program does ${value} times as much as on average of the year`,
    },
    compute(table) {
      const level = (sumAtRisk(table, 'events_90d') * 365) / (sumAtRisk(table, 'events_365d') * 90);
      return new Float32Array(table.atRisk.length).fill(level);
    },
  },
];
