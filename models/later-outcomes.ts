import { Aftermath, type EventColumns, type Instant, type Program, visitHistories } from '../features/index.ts';
import type { Label } from './label.ts';

/** What became of partners after some cutoffs, by cutoff and partner; null is unknown. */
export type LaterOutcomes = ReadonlyMap<Instant, Map<string, boolean | null>>;

/** Outcomes of cutoffs to be filled in, range of partners by range. */
export function blankOutcomes(cutoffs: readonly Instant[]): LaterOutcomes {
  return new Map(cutoffs.map((cutoff) => [cutoff, new Map<string, boolean | null>()]));
}

/**
 * Looks what became of the partners of a range after each cutoff, as known by a moment by which all have matured.
 * @param outcomes filled in
 */
export function lookLater(
  outcomes: LaterOutcomes,
  label: Label,
  columns: EventColumns,
  program: Program,
  knownBy: Instant,
): void {
  const after = new Aftermath(columns, program);
  const cutoffs = [...outcomes.keys()].sort((a, b) => a - b);
  visitHistories(columns, program, cutoffs, (history, partner) => {
    const outcome = label.outcome(history, after.moveTo(partner, history.cutoff, knownBy));
    outcomes.get(history.cutoff)?.set(history.partnerId, outcome);
  });
}
