import type { FeatureTable } from './feature-table.ts';
import type { History } from './history.ts';
import type { Measure } from './windowed.ts';

/** What a feature's number is a number of. */
export type Unit =
  | 'days'
  | 'events'
  | 'weeks'
  | 'people'
  | 'products'
  | 'accounts'
  | 'kinds'
  | 'technologies'
  | 'changes'
  | 'ratio'
  | 'share'
  | 'probability'
  | 'score'
  | 'flag'
  | 'money';

/** The numbers a reason can be told with. */
export interface Told {
  /** The partner's number with what it counts: `41 days`, `1 contact`, `no contacts`. */
  value: string;
  /** The same without. */
  number: string;
  /** The median over the partners that were at risk at the same cutoff. */
  peers: string;
  /** The partner's own baseline; `unknown` where there is none. */
  usual: string;
}

/** One sentence without a full stop, such as "quiet for 41 days (own longest pause 12, peers 6)". */
export type Phrase = (told: Told) => string;

/** What every feature says of itself, whatever it is a feature of. */
export interface Described {
  /** `snake_case`, its window last: `events_90d`. */
  name: string;
  unit: Unit;
  description: string;
  /** When it is unknown, as a clause: "until trainings have been tracked for a year". Left out, the window says it. */
  unknown?: string;
  /** Features of one topic speak once in a list of reasons: overlapping windows would repeat each other. */
  topic: string;
  /** What a company has where a flag is 1, as `column=value`: `industry=health`. Flags only. */
  trait?: string;
  /** What to say when the number is above, or below, the peers'. */
  reason: { high: Phrase; low: Phrase };
  /** What would make the reason go away, such as "one registered deal". */
  clears?: string;
}

/** A measure of one partner's past, or of what else can be asked about. `null` is unknown; 0 is known to be none. */
export interface Feature<Subject = History> extends Described {
  compute(subject: Subject): number | null;
  /** How it is computed together with others of the same measure; see `perWindow`. */
  windowed?: { measure: Measure; days: number };
  /** The partner's own baseline, in the same unit. */
  usual?(subject: Subject): number | null;
}

/** A measure of a partner among all partners of the same cutoff. */
export interface RelativeFeature extends Described {
  /**
   * @param table the features of one cutoff, `Feature`s only
   * @returns one number per row, NaN for unknown; learnt from the rows at risk, told for all
   */
  compute(table: FeatureTable): Float32Array;
}

/** The unit a model is trained on and scored on, so that the two cannot drift apart. */
export interface FeatureView<Subject = History> {
  name: string;
  /** What a row is about. */
  entity: 'partner' | 'prospect';
  features: readonly Feature<Subject>[];
  relative: readonly RelativeFeature[];
  /** Who the view's model is asked about. */
  atRisk(subject: Subject): boolean;
}

/** All features of a view by name, in the order of its columns. */
export function describedFeatures<Subject = History>(
  view: FeatureView<Subject>,
): readonly (Feature<Subject> | RelativeFeature)[] {
  return [...view.features, ...view.relative];
}
