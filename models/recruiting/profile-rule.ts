import { z } from 'zod';
import { type FeatureTable, rowCount } from '../../features/index.ts';
import { type Estimator, logit, type Model, type SavedModel, uncertain } from '../estimator.ts';
import { requireLearnable } from '../estimators/require.ts';
import { sigmoid } from '../newton.ts';
import { baseRate, positives, type TrainingSet } from '../training-set.ts';
import { candidatesIn } from './candidates.ts';
import { chooseTraits } from './choose-traits.ts';
import { fourfoldOf } from './count-traits.ts';
import { HAS, HAS_NOT, holders, type Trait, traitTest } from './traits.ts';

const NAME = 'profile';
const FALSE_DISCOVERY_RATE = 0.1;

/** What having and lacking a trait add to the log-odds. */
export interface Worth {
  having: number;
  lacking: number;
}

/** How often a trait is found among all of some companies and among the top ones. */
export interface Support {
  companies: number;
  top: number;
  holders: number;
  topHolders: number;
}

interface Rule {
  /** Log-odds of a company of which nothing is known. */
  intercept: number;
  traits: readonly (Trait & { worth: Worth })[];
}

/**
 * The rule of the Ideal Partner Profile as an estimator: the traits that are chosen at a false-discovery rate of 10 %,
 * added up as if they had nothing to do with each other (naive Bayes). What is unknown adds nothing.
 */
export const profileRule: Estimator = {
  name: NAME,
  fit(set) {
    requireLearnable(set, NAME);
    return model(learnRule(set));
  },
};

function learnRule(set: TrainingSet): Rule {
  const counts = { top: Array.from(set.outcomes, (outcome) => outcome === 1), traits: candidatesIn(set.table) };
  const once = new Float64Array(set.outcomes.length).fill(1);
  const { chosen } = chooseTraits(counts, once, FALSE_DISCOVERY_RATE);
  const traits = chosen.map(({ place }) => {
    const { held, ...trait } = counts.traits[place];
    const found = fourfoldOf(counts, place, once);
    const support = {
      companies: held.length,
      top: positives(set),
      holders: found.holders,
      topHolders: found.topHolders,
    };
    return { ...trait, worth: worthOf(support) };
  });
  return { intercept: logit(baseRate(set)), traits };
}

/**
 * The logarithm of how much likelier a trait, or its lack, is among top companies than among others; half a company
 * more in every cell keeps it finite (Haldane 1956).
 */
export function worthOf({ companies, top, holders: having, topHolders }: Support): Worth {
  const amongTop = (topHolders + 0.5) / (top + 1);
  const amongOthers = (having - topHolders + 0.5) / (companies - top + 1);
  return { having: Math.log(amongTop / amongOthers), lacking: Math.log((1 - amongTop) / (1 - amongOthers)) };
}

function model(rule: Rule): Model {
  const { intercept, traits } = rule;
  const features = [...new Set(traits.map(({ feature }) => feature))];
  return {
    estimator: NAME,
    predict(table) {
      const logOdds = new Float64Array(rowCount(table)).fill(intercept);
      for (const trait of traits) addWorth(trait, trait.worth, table, logOdds);
      return logOdds.map((each) => uncertain(sigmoid(each)));
    },
    explain(table, rows) {
      const contributions = rows.map(() => new Float64Array(features.length));
      for (const trait of traits) {
        const added = new Float64Array(rowCount(table));
        addWorth(trait, trait.worth, table, added);
        rows.forEach((row, i) => {
          contributions[i][features.indexOf(trait.feature)] += added[row];
        });
      }
      return { intercept, features, contributions };
    },
    refit: (set) => model(learnRule(set)),
    save: () => ({ estimator: NAME, intercept, traits }),
  };
}

/** Adds what a trait is worth to each row of a table. */
export function addWorth(trait: Trait, { having, lacking }: Worth, table: FeatureTable, into: Float64Array): void {
  const held = holders(trait, table);
  for (let row = 0; row < into.length; row++) {
    if (held[row] === HAS) into[row] += having;
    else if (held[row] === HAS_NOT) into[row] += lacking;
  }
}

const savedForm = z.strictObject({
  estimator: z.literal(NAME),
  intercept: z.number(),
  traits: z
    .array(
      z.strictObject({
        trait: z.string(),
        feature: z.string(),
        test: traitTest,
        says: z.string(),
        worth: z.strictObject({ having: z.number(), lacking: z.number() }),
      }),
    )
    .max(1000),
});

/** @param saved what `save` gave */
export function loadProfileRule(saved: SavedModel): Model {
  return model(savedForm.parse(saved));
}
