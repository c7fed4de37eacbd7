import { Aftermath, type EventColumns, type Instant, type Program, visitHistories } from '../features/index.ts';
import type { TrainingSet } from './training-set.ts';

/** What partners are told apart by when a backtest looks at parts of its test. */
export const TRAITS = ['type', 'region', 'tier'] as const;

/** What judging wants to know of the rows of a set beside their features; nothing is learnt from it. */
export interface RowNotes {
  /** Per trait one value per row, as known at the row's cutoff; null is unknown. */
  traits: Readonly<Record<(typeof TRAITS)[number], (string | null)[]>>;
  /** When the outcome was plain to everyone; NaN where it did not happen, or is not known. */
  plainOn: Float64Array;
}

/** Notes that say nothing yet. */
export function blankNotes(rows: number): RowNotes {
  const unknown = () => new Array<string | null>(rows).fill(null);
  return {
    traits: { type: unknown(), region: unknown(), tier: unknown() },
    plainOn: new Float64Array(rows).fill(Number.NaN),
  };
}

/**
 * Notes the rows of a range of partners.
 * @param notes of all rows of the set; those of the range are filled in
 * @param knownBy when the records are read for what came after
 */
export function noteRows(
  notes: RowNotes,
  { table, label }: TrainingSet,
  columns: EventColumns,
  program: Program,
  knownBy: Instant,
): void {
  const rows = new Map(table.entities.map((entity, row) => [keyOf(entity, table.cutoffs[row]), row]));
  const cutoffs = Float64Array.from(new Set(table.cutoffs)).sort();
  const after = new Aftermath(columns, program);
  visitHistories(columns, program, [...cutoffs], (history, partner) => {
    const row = rows.get(keyOf(history.partnerId, history.cutoff));
    if (row === undefined) return;
    for (const trait of TRAITS) notes.traits[trait][row] = history.latest(trait);
    notes.plainOn[row] = label.plainOn(after.moveTo(partner, history.cutoff, knownBy)) ?? Number.NaN;
  });
}

function keyOf(entity: string, cutoff: Instant): string {
  return `${cutoff} ${entity}`;
}
