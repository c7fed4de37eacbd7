import { type FeatureTable, type Instant, joinTables, rowCount, selectRows } from '../../features/index.ts';
import { quantile } from '../bootstrap.ts';
import { type Calibration, fitCalibration } from '../calibration.ts';
import { logit, type Model } from '../estimator.ts';
import { boosting } from '../estimators/boosting/boosting.ts';
import { logistic } from '../estimators/logistic.ts';
import { sigmoid } from '../newton.ts';
import { featuresBothHave } from './consequences.ts';
import { contenders } from './contenders.ts';
import { type Judgement, learnLikeness } from './learn-likeness.ts';
import { outcomesOf, settledRows } from './learn-profile.ts';
import { withFeatures } from './like-rows.ts';
import type { Profile } from './profile.ts';
import { tellSelection } from './selection-bias.ts';
import type { TopPartners } from './top-partners.ts';

/** Companies that were asked to sign: traits as known when they were, and whether each has signed. */
export interface Approached {
  table: FeatureTable;
  /** 1 where it signed, 0 where it has had the time to and did not. */
  signed: Uint8Array;
}

/** What propensity is learnt from. */
export interface PropensityInput {
  partners: TopPartners;
  /** What of the partners is a consequence, and how traits are told. */
  profile: Profile;
  /** As known on the day; of any columns, of which those that partners have too count. */
  prospects: FeatureTable;
  approached: Approached | null;
}

export interface PropensitySettings {
  learntUntil: Instant;
  seed: number;
  threads?: number;
}

/** How like a top partner a company is. */
export interface FitModel {
  model: Model;
  /** The features it looks at, which a table must have. */
  features: readonly string[];
  /** What it says in log-odds of the companies it was compared with, at even steps from the least to the most. */
  reference: readonly number[];
}

/** Whether a company signs, given that it is approached: a calibrated probability. */
export interface AcceptModel {
  model: Model;
  features: readonly string[];
  calibration: Calibration;
}

/** What is to be known of a propensity before it is trusted. */
export interface PropensityCard {
  learntUntil: Instant;
  seed: number;
  /** The version of the profile it was learnt beside. */
  profile: string;
  fit: Judgement | Unlearnt;
  accept: Judgement | Unlearnt;
  /** Whom the learning has seen and whom not, in sentences. */
  selectionBias: string;
}

/** Why there was nothing to learn from. */
export interface Unlearnt {
  verdict: 'none';
  says: string;
}

/**
 * Fit (would it be a top partner, by its traits) and accept (would it sign, given that it is approached): two models,
 * null where there is nothing to learn from or nothing can be predicted.
 */
export interface Propensity {
  fit: FitModel | null;
  accept: AcceptModel | null;
  card: PropensityCard;
}

/** With fewer of either kind nothing is learnt. */
const FEWEST = 10;
/** What a rank score is told by: the log-odds at so many even steps of those compared with. */
const STEPS = 1000;

/**
 * Trains fit and accept. Fit learns to tell top partners from the other partners of settled standing, who came through
 * the same choice of whom to approach; a partner that is not top is unlabelled rather than negative, so that bagging
 * competes too. Only features that prospects have and that are no consequences count.
 */
export async function trainPropensity(input: PropensityInput, settings: PropensitySettings): Promise<Propensity> {
  const fit = await learnFit(input, settings);
  const accept = await learnAccept(input, settings);
  const { learntUntil, seed } = settings;
  return {
    fit: fit.model,
    accept: accept.model,
    card: {
      learntUntil,
      seed,
      profile: input.profile.version,
      fit: fit.judgement,
      accept: accept.judgement,
      selectionBias: tellSelection(input),
    },
  };
}

async function learnFit({ partners, profile, prospects }: PropensityInput, { seed, threads = 1 }: PropensitySettings) {
  const rows = settledRows(partners);
  const outcomes = outcomesOf(partners, rows);
  if (partners.verdict !== 'found' || !hasEnough(outcomes)) {
    const says = partners.verdict === 'found' ? tooFew(outcomes, 'top partners', 'others') : partners.says;
    return { model: null, judgement: { verdict: 'none', says } as const };
  }
  const excluded = new Set(profile.excluded.map(({ trait }) => trait));
  const shared = featuresBothHave(partners, excluded, prospects);
  const table = withFeatures(selectRows(partners.whenSigned, rows), shared);
  const { model, features, judgement } = await learnLikeness(table, outcomes, { contenders, seed, threads });
  const compared = joinTables([table, prospects].map((each) => withFeatures(each, features)));
  const reference = stepsOf(model.predict(compared).map(logit));
  return { model: judgement.verdict === 'none' ? null : { model, features, reference }, judgement };
}

async function learnAccept({ approached }: PropensityInput, { seed, threads = 1 }: PropensitySettings) {
  const outcomes = approached?.signed ?? new Uint8Array(0);
  if (!approached || !hasEnough(outcomes)) {
    const says = tooFew(outcomes, 'approached companies that signed', 'that did not');
    return { model: null, judgement: { verdict: 'none', says } as const };
  }
  const { model, features, judgement, said } = await learnLikeness(approached.table, outcomes, {
    contenders: [logistic, boosting],
    seed: seed + 1,
    threads,
  });
  const calibration = fitCalibration(said.map(sigmoid), outcomes);
  return { model: judgement.verdict === 'none' ? null : { model, features, calibration }, judgement };
}

function hasEnough(outcomes: Uint8Array): boolean {
  const positive = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  return Math.min(positive, outcomes.length - positive) >= FEWEST;
}

function tooFew(outcomes: Uint8Array, what: string, rest: string): string {
  const positive = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  return `There are too few to learn from: ${positive} ${what} and ${outcomes.length - positive} ${rest}; ${FEWEST} of each are the least.`;
}

function stepsOf(logOdds: Float64Array): number[] {
  const sorted = logOdds.slice().sort();
  return Array.from({ length: STEPS + 1 }, (_, step) => quantile(sorted, step / STEPS));
}

/**
 * What a model says in log-odds as a rank score: the share of the companies it was compared with of whom it says less,
 * between steps in proportion. 0.97 is "more like a top partner than 97 % of today's partners and prospects"; it is
 * no probability of anything. 0 to 1.
 */
export function rankScore(reference: readonly number[], logOdds: number): number {
  let [low, high] = [0, reference.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reference[middle] < logOdds) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  if (low === reference.length) return 1;
  const within = (logOdds - reference[low - 1]) / (reference[low] - reference[low - 1]);
  return (low - 1 + within) / (reference.length - 1);
}

/** How like top partners the companies of a table are: log-odds, higher is better, to rank by. */
export function logOddsOf(
  { model, features }: Pick<FitModel, 'model' | 'features'>,
  table: FeatureTable,
): Float64Array {
  return rowCount(table) === 0 ? new Float64Array(0) : model.predict(withFeatures(table, features)).map(logit);
}
