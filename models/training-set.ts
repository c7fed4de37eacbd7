import {
  Aftermath,
  DAY,
  type EventColumns,
  type FeatureTable,
  FeatureTableBuilder,
  type FeatureView,
  type Instant,
  type Program,
  rowsWhere,
  selectRows,
  visitHistories,
} from '../features/index.ts';
import { type Label, maturityDays } from './label.ts';

/** Features with what came after: 1 the outcome happened, 0 it did not. Every row was at risk. */
export interface TrainingSet {
  table: FeatureTable;
  outcomes: Uint8Array;
  label: Label;
}

/** Outcome not known. */
const UNKNOWN = 2;

/**
 * The rows at risk of many cutoffs with their outcomes as the records showed them at several moments: a fold learns
 * only from outcomes that were on record when it would have been trained.
 */
export interface Panel {
  table: FeatureTable;
  label: Label;
  /** Ascending moments, one column of `outcomes` each. */
  knownBy: readonly Instant[];
  /** Per moment, one entry per row: 0, 1 or 2 for unknown. */
  outcomes: readonly Uint8Array[];
}

/** The part of a panel that was on record at a moment: rows of the wanted cutoffs whose outcome was known by then. */
export function settledRows(panel: Panel, knownBy: Instant, wanted: (cutoff: Instant) => boolean): TrainingSet {
  const outcomes = panel.outcomes[momentIndex(panel, knownBy)];
  const rows = rowsWhere(panel.table, (row) => outcomes[row] !== UNKNOWN && wanted(panel.table.cutoffs[row]));
  return {
    table: selectRows(panel.table, rows),
    outcomes: Uint8Array.from(rows, (row) => outcomes[row]),
    label: panel.label,
  };
}

function momentIndex(panel: Panel, knownBy: Instant): number {
  const index = panel.knownBy.indexOf(knownBy);
  if (index < 0) throw new RangeError(`the panel was not built for ${new Date(knownBy).toISOString()}`);
  return index;
}

/** The rows of a set at the given places. */
export function selectFrom(set: TrainingSet, rows: readonly number[]): TrainingSet {
  return {
    table: selectRows(set.table, rows),
    outcomes: Uint8Array.from(rows, (row) => set.outcomes[row]),
    label: set.label,
  };
}

/** The share of rows whose outcome happened; NaN without rows. */
export function baseRate(set: TrainingSet): number {
  return positives(set) / set.outcomes.length;
}

/** How many rows' outcome happened. */
export function positives(set: TrainingSet): number {
  return set.outcomes.reduce((sum, outcome) => sum + outcome, 0);
}

/** Builds a panel from ranges of partners that arrive one after the other. */
export class PanelBuilder {
  readonly #view: FeatureView;
  readonly #label: Label;
  readonly #program: Program;
  readonly #cutoffs: readonly Instant[];
  readonly #knownBy: readonly Instant[];
  readonly #rows: FeatureTableBuilder;
  readonly #outcomes: number[][];

  constructor(
    view: FeatureView,
    label: Label,
    program: Program,
    cutoffs: readonly Instant[],
    knownBy: readonly Instant[],
  ) {
    this.#view = view;
    this.#label = label;
    this.#program = program;
    this.#cutoffs = cutoffs;
    this.#knownBy = [...new Set(knownBy)].sort((a, b) => a - b);
    this.#rows = new FeatureTableBuilder(view);
    this.#outcomes = this.#knownBy.map(() => []);
  }

  /** Adds the rows of a range of partners. */
  add(columns: EventColumns): void {
    const after = new Aftermath(columns, this.#program);
    const mature = maturityDays(this.#label) * DAY;
    visitHistories(columns, this.#program, this.#cutoffs, (history, partner) => {
      if (!this.#view.atRisk(history)) return;
      this.#rows.add(history);
      this.#knownBy.forEach((moment, i) => {
        const open = history.cutoff + mature > moment;
        const outcome = open ? null : this.#label.outcome(history, after.moveTo(partner, history.cutoff, moment));
        this.#outcomes[i].push(outcome === null ? UNKNOWN : Number(outcome));
      });
    });
  }

  /** The panel of everything added. */
  build(): Panel {
    const { table, added } = this.#rows.build();
    const outcomes = this.#outcomes.map((ofMoment) => Uint8Array.from(added, (place) => ofMoment[place]));
    return { table, label: this.#label, knownBy: this.#knownBy, outcomes };
  }
}
