import { z } from 'zod';
import { column, type FeatureTable } from '../../features/index.ts';
import type { AmountEstimator, AmountModel, AmountSet, SavedAmount } from './amount-estimator.ts';
import { deviance } from './deviance.ts';

const NAME = 'credibility';
const YEAR = 365;
/** A partner's own year counts as at least this long: a first deal is no rate yet. */
const FEWEST_DAYS = 90;
/** How many days of peers a partner's own days are held against. */
const PRIOR_DAYS = [15, 30, 60, 120, 240, 365, 730, 1460];
/** A group of peers is held towards all partners by so many partner-years. */
const GROUP_DAYS = 5 * YEAR;

const savedForm = z.strictObject({
  estimator: z.literal(NAME),
  horizonDays: z.number().positive(),
  priorDays: z.number().positive(),
  scale: z.number().min(0),
  overall: z.number().min(0),
  peers: z.record(z.string(), z.number().min(0)),
});
type Learnt = Omit<z.infer<typeof savedForm>, 'estimator'>;

/**
 * Empirical Bayes: a partner's money per day of the last year, shrunk towards that of its peers (type and region) as far
 * as a short past says little, then scaled so that what was learnt from adds up. How far is chosen by what came.
 * Source: Bühlmann & Straub 1970; Bühlmann & Gisler 2005, A Course in Credibility Theory, ch. 4.
 */
export const credibility: AmountEstimator = { name: NAME, fit: (set) => shrunk(learn(set)) };

/** @param saved what `save` gave */
export function loadCredibility(saved: SavedAmount): AmountModel {
  const { estimator: _, ...learnt } = savedForm.parse(saved);
  return shrunk(learnt);
}

function learn({ table, amounts, horizonDays }: AmountSet): Learnt {
  const { overall, peers } = peerRates(table);
  const tried = PRIOR_DAYS.map((priorDays) => {
    const plain = { horizonDays, priorDays, scale: 1, overall, peers };
    const said = shrunk(plain).predict(table);
    const [came, expected] = [sumWhere(amounts, said), sumWhere(said, said)];
    const scale = expected > 0 ? came / expected : 1;
    return {
      learnt: { ...plain, scale },
      loss: deviance(
        said.map((value) => scale * value),
        amounts,
      ),
    };
  });
  return tried.reduce((best, each) => (each.loss < best.loss ? each : best)).learnt;
}

/** Money per day of each group of peers, and of all. */
function peerRates(table: FeatureTable): { overall: number; peers: Record<string, number> } {
  const { won, days } = ownYears(table);
  const groups = new Map<string, { won: number; days: number }>();
  const all = { won: 0, days: 0 };
  won.forEach((money, row) => {
    if (Number.isNaN(money)) return;
    const group = groups.get(table.peers[row]) ?? { won: 0, days: 0 };
    groups.set(table.peers[row], group);
    for (const sum of [group, all]) {
      sum.won += money;
      sum.days += days[row];
    }
  });
  const overall = all.days > 0 ? all.won / all.days : 0;
  const rate = (group: typeof all) => (group.won + GROUP_DAYS * overall) / (group.days + GROUP_DAYS);
  return { overall, peers: Object.fromEntries(Array.from(groups, ([name, group]) => [name, rate(group)])) };
}

/** The money of the last year, and the days it was made in; NaN is unknown. */
function ownYears(table: FeatureTable): { won: Float32Array; days: Float64Array } {
  const days = Float64Array.from(column(table, 'tenure_days'), (tenure) =>
    Math.min(YEAR, Math.max(FEWEST_DAYS, tenure)),
  );
  return { won: column(table, 'won_amount_365d'), days };
}

function shrunk(learnt: Learnt): AmountModel {
  const { horizonDays, priorDays, scale, overall, peers } = learnt;
  return {
    estimator: NAME,
    predict(table) {
      const { won, days } = ownYears(table);
      return Float64Array.from(won, (money, row) => {
        const prior = Object.hasOwn(peers, table.peers[row]) ? peers[table.peers[row]] : overall;
        return (scale * horizonDays * (money + priorDays * prior)) / (days[row] + priorDays);
      });
    },
    save: () => ({ estimator: NAME, ...learnt }),
  };
}

function sumWhere(values: Float64Array, known: Float64Array): number {
  return values.reduce((sum, value, row) => (Number.isNaN(known[row]) ? sum : sum + value), 0);
}
