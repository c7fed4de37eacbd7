import type { FeatureView } from '../features/index.ts';
import type { Estimator } from './estimator.ts';
import type { Label } from './label.ts';

/** A band is an absolute probability, never a quantile: a quarter of the partners is not always red. */
export type Band = 'high' | 'medium' | 'low';

/** What an outcome is called, and the order a team would go by without any model. */
export interface OutcomeWords {
  /** As in "47 went quiet" and "12 stayed". */
  happened: string;
  stayed: string;
  /** As in "the quietest-first rule". */
  rule: string;
}

/** The order of a rule: whom a team would take first. */
export interface FirstBy {
  feature: string;
  first: 'highest' | 'lowest';
}

/** What is said of churn, and of models that say nothing else. */
export const WENT_QUIET: OutcomeWords = { happened: 'went quiet', stayed: 'stayed', rule: 'quietest-first' };
export const QUIETEST: FirstBy = { feature: 'recency_days', first: 'highest' };

/** One published answer. */
export interface ScoringModel {
  name: string;
  /** What the score answers, as a person would ask it. */
  question: string;
  /** Who is asked about, in a sentence. */
  population: string;
  view: FeatureView;
  label: Label;
  /** What competes to give the answer. */
  estimators: readonly Estimator[];
  /** Whether a high score is something to fear or to hope for; a name says it as well. */
  highIs: 'risk' | 'promise';
  words: OutcomeWords;
  rule: FirstBy;
  /** The lowest probability of the band. */
  bands: { high: number; medium: number };
  /** What to do about a score, by the topic of its first reason; a playbook until a hold-out shows it works. */
  actions: Readonly<Record<string, string>>;
  /** What to do where no reason says more. */
  usualAction: string;
}

/** The band of a probability. */
export function bandOf(model: ScoringModel, probability: number): Band {
  if (probability >= model.bands.high) return 'high';
  return probability >= model.bands.medium ? 'medium' : 'low';
}
