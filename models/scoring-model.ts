import type { FeatureView } from '../features/index.ts';
import type { Estimator } from './estimator.ts';
import type { Label } from './label.ts';

/** A band is an absolute probability, never a quantile: a quarter of the partners is not always red. */
export type Band = 'high' | 'medium' | 'low';

/** One published answer. */
export interface ScoringModel {
  name: string;
  /** What the score answers, as a person would ask it. */
  question: string;
  /** Who is asked about, in a sentence. */
  population?: string;
  view: FeatureView;
  label: Label;
  /** What competes to give the answer. */
  estimators: readonly Estimator[];
  /** The lowest probability of the band. */
  bands: { high: number; medium: number };
  /** What to do about a score, by the topic of its first reason; a playbook until a hold-out shows it works. */
  actions: Readonly<Record<string, string>>;
}

/** The band of a probability. */
export function bandOf(model: ScoringModel, probability: number): Band {
  if (probability >= model.bands.high) return 'high';
  return probability >= model.bands.medium ? 'medium' : 'low';
}
