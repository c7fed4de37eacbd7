import type { Aftermath, History, Instant } from '../features/index.ts';
import type { Wait } from './waits.ts';

/** When what is asked about happens: in [cutoff + gapDays, cutoff + gapDays + horizonDays). */
export interface LabelWindow {
  gapDays: number;
  horizonDays: number;
  /**
   * Folds within the training are of partners, not of time: where an outcome takes most of a year, nothing has matured
   * before a later half begins, and a partner is asked about for a few months only.
   */
  foldsOfPartners?: boolean;
}

/** What a model is asked to foresee: a function of what came after a cutoff. */
export interface Label extends LabelWindow {
  name: string;
  /** `null` is unknown: the window was still open, or another event took the partner out of it. */
  outcome(before: History, after: Aftermath): boolean | null;
  /**
   * How long the window had to be for the outcome to turn, as far as the records show, beyond the horizon too; asked
   * only where the outcome is known, and agrees with it. Left out where an outcome is no matter of waiting.
   */
  wait?(before: History, after: Aftermath): Wait;
  /** Money that came of the row, in minor units of the reporting currency; asked only where the outcome is known. */
  amount?(before: History, after: Aftermath): number | null;
  /**
   * The outcome is that the amount is among this share of all partners' with a known one, the highest first; `outcome`
   * tells then only whether it is known.
   */
  topShare?: number;
  /**
   * When an outcome that happened was plain to everyone, without any model. null where it did not happen, or the
   * records that told when have been corrected since.
   */
  plainOn(after: Aftermath): Instant | null;
}

/** Days after a cutoff by which its outcome is known. */
export function maturityDays(label: LabelWindow): number {
  return label.gapDays + label.horizonDays;
}
