import {
  Aftermath,
  completeTable,
  type EventColumns,
  FeatureRows,
  type FeatureTable,
  type FeatureView,
  type History,
  type Instant,
  type Program,
  rowsWhere,
  selectRows,
  visitHistories,
} from '../features/index.ts';
import { type Label, type LabelWindow, maturityDays } from './label.ts';
import { inTopShare } from './top-share.ts';
import { selectWaits, UNSEEN, unseenWaits, type Wait, type Waits } from './waits.ts';

/** Features with what came after, a number per row. Every row was at risk. */
export interface LabelledRows {
  table: FeatureTable;
  outcomes: Uint8Array;
  /** When it came. */
  label: LabelWindow;
  /** How long each row waited, one entry per row; left out where the label measures none. */
  waits?: Waits;
  /** The money that came of each row, NaN where unknown; left out where the label measures none. */
  amounts?: Float64Array;
}

/** Rows that are 1 where the outcome happened, 0 where it did not. */
export interface TrainingSet extends LabelledRows {
  label: Label;
}

/** Outcome not known; classes are numbered below it. */
const UNKNOWN = 255;

/** What the rows of a panel are labelled by: whether something happened, or which of several classes it came to. */
export interface PanelLabel extends LabelWindow {
  /** `null` is unknown; a class is its number, from 0. */
  outcome(before: History, after: Aftermath): boolean | number | null;
  wait?(before: History, after: Aftermath): Wait;
  amount?(before: History, after: Aftermath): number | null;
  topShare?: number;
}

/**
 * The rows at risk of many cutoffs with their outcomes as the records showed them at several moments: a fold learns
 * only from outcomes that were on record when it would have been trained.
 */
export interface Panel<Kind extends PanelLabel = Label> {
  table: FeatureTable;
  label: Kind;
  /** Ascending moments, one column of `outcomes` each. */
  knownBy: readonly Instant[];
  /** Per moment, one entry per row: 0 or 1, or the number of a class; 255 for unknown. */
  outcomes: readonly Uint8Array[];
  /** Per moment; empty where the label measures no waits. */
  waits: readonly Waits[];
  /** Per moment; empty where the label measures no amounts. */
  amounts: readonly Float64Array[];
}

/** The part of a panel that was on record at a moment: rows of the wanted cutoffs whose outcome was known by then. */
export function settledRows<Kind extends PanelLabel>(
  panel: Panel<Kind>,
  knownBy: Instant,
  wanted: (cutoff: Instant) => boolean,
): LabelledRows & { label: Kind } {
  const moment = momentIndex(panel, knownBy);
  const outcomes = panel.outcomes[moment];
  const rows = rowsWhere(panel.table, (row) => outcomes[row] !== UNKNOWN && wanted(panel.table.cutoffs[row]));
  return selectFrom({ table: panel.table, outcomes, label: panel.label, ...measuredAt(panel, moment) }, rows);
}

function measuredAt({ waits, amounts }: Panel<PanelLabel>, moment: number): Pick<TrainingSet, 'waits' | 'amounts'> {
  return { ...waitsOf(waits[moment]), ...amountsOf(amounts[moment]) };
}

function amountsOf(amounts: Float64Array | undefined): Pick<TrainingSet, 'amounts'> {
  return amounts ? { amounts } : {};
}

function waitsOf(waits: Waits | undefined): Pick<TrainingSet, 'waits'> {
  return waits ? { waits } : {};
}

/**
 * The outcome of everyone at risk at one cutoff of a panel, as the records showed it at a moment: by partner, null is
 * unknown.
 */
export function outcomesOn(panel: Panel, knownBy: Instant, cutoff: Instant): Map<string, boolean | null> {
  const outcomes = panel.outcomes[momentIndex(panel, knownBy)];
  const rows = rowsWhere(panel.table, (row) => panel.table.cutoffs[row] === cutoff);
  return new Map(
    rows.map((row) => [panel.table.entities[row], outcomes[row] === UNKNOWN ? null : outcomes[row] === 1]),
  );
}

function momentIndex(panel: Pick<Panel, 'knownBy'>, knownBy: Instant): number {
  const index = panel.knownBy.indexOf(knownBy);
  if (index < 0) throw new RangeError(`the panel was not built for ${new Date(knownBy).toISOString()}`);
  return index;
}

/** The rows of a set at the given places. */
export function selectFrom<Rows extends LabelledRows>(set: Rows, rows: readonly number[]): Rows {
  return {
    ...set,
    table: selectRows(set.table, rows),
    outcomes: Uint8Array.from(rows, (row) => set.outcomes[row]),
    ...waitsOf(set.waits && selectWaits(set.waits, rows)),
    ...amountsOf(set.amounts && Float64Array.from(rows, (row) => set.amounts?.[row] ?? Number.NaN)),
  };
}

/** All rows of every so many partners, so that about so many rows are left; the set itself where it has no more. */
export function everySoManyPartners<Rows extends LabelledRows>(set: Rows, rows: number): Rows {
  const { entities } = set.table;
  const every = Math.ceil(entities.length / rows);
  if (every <= 1) return set;
  const turns = new Map<string, number>();
  for (const entity of entities) if (!turns.has(entity)) turns.set(entity, turns.size % every);
  return selectFrom(
    set,
    rowsWhere(set.table, (row) => turns.get(entities[row]) === 0),
  );
}

/** The share of rows whose outcome happened; NaN without rows. */
export function baseRate(set: TrainingSet): number {
  return positives(set) / set.outcomes.length;
}

/** How many rows' outcome happened. */
export function positives(set: TrainingSet): number {
  return set.outcomes.reduce((sum, outcome) => sum + outcome, 0);
}

/** What makes a panel. */
export interface PanelPlan<Kind extends PanelLabel = PanelLabel> {
  view: FeatureView;
  label: Kind;
  /** Ascending. */
  cutoffs: readonly Instant[];
  /** Ascending, each once. */
  knownBy: readonly Instant[];
}

/** The rows of some ranges of partners, in the order they came, own features only. */
export interface PanelPart {
  table: FeatureTable;
  /** Per moment, one entry per row, as in `Panel`. */
  outcomes: readonly Uint8Array[];
  waits: readonly Waits[];
  amounts: readonly Float64Array[];
}

/** Collects the rows of a panel, a range of partners after the other. */
export class PanelRows {
  readonly #plan: PanelPlan;
  readonly #program: Program;
  readonly #rows: FeatureRows;
  readonly #outcomes: number[][];
  readonly #waits: Wait[][];
  readonly #amounts: number[][];

  /** @param most about how many rows there will be at most */
  constructor(plan: PanelPlan, program: Program, most: number) {
    this.#plan = plan;
    this.#program = program;
    this.#rows = new FeatureRows(plan.view, most);
    this.#outcomes = plan.knownBy.map(() => []);
    this.#waits = plan.label.wait ? plan.knownBy.map(() => []) : [];
    this.#amounts = plan.label.amount ? plan.knownBy.map(() => []) : [];
  }

  take(columns: EventColumns): void {
    const { view, label, cutoffs, knownBy } = this.#plan;
    const after = new Aftermath(columns, this.#program);
    const mature = maturityDays(label);
    visitHistories(columns, this.#program, cutoffs, (history, partner) => {
      if (!view.atRisk(history)) return;
      this.#rows.add(history, true);
      knownBy.forEach((moment, i) => {
        this.#judge(i, history, after.moveTo(partner, history.cutoff, moment), mature);
      });
    });
  }

  /** What came after, as the records showed it at one of the moments. */
  #judge(moment: number, history: History, after: Aftermath, mature: number): void {
    const { label } = this.#plan;
    const outcome = after.isComplete(mature) ? label.outcome(history, after) : null;
    this.#outcomes[moment].push(outcome === null ? UNKNOWN : Number(outcome));
    if (label.wait) this.#waits[moment].push(outcome === null ? UNSEEN : label.wait(history, after));
    if (!label.amount) return;
    const amount = outcome === null ? null : label.amount(history, after);
    this.#amounts[moment].push(amount ?? Number.NaN);
  }

  taken(): PanelPart {
    return {
      table: this.#rows.taken(),
      outcomes: this.#outcomes.map((ofMoment) => Uint8Array.from(ofMoment)),
      waits: this.#waits.map((ofMoment) => ({
        from: Float32Array.from(ofMoment, ({ from }) => from),
        until: Float32Array.from(ofMoment, ({ until }) => until),
      })),
      amounts: this.#amounts.map((ofMoment) => Float64Array.from(ofMoment)),
    };
  }
}

/** The panel of all parts. */
export function completePanel<Kind extends PanelLabel>(
  { view, label, knownBy }: PanelPlan<Kind>,
  parts: readonly PanelPart[],
): Panel<Kind> {
  const { table, places } = completeTable(
    view,
    parts.map((part) => part.table),
  );
  const amounts = label.amount ? knownBy.map((_, i) => amountsAt(i, parts, places)) : [];
  const outcomes = knownBy.map((_, moment) => {
    const settled = new Uint8Array(places.length);
    let row = 0;
    for (const part of parts) for (const outcome of part.outcomes[moment]) settled[places[row++]] = outcome;
    return label.topShare === undefined ? settled : topOf(settled, amounts[moment], table, label.topShare);
  });
  const waits = label.wait ? knownBy.map((_, i) => waitsAt(i, parts, places)) : [];
  return { table, label, knownBy, outcomes, waits, amounts };
}

/** The outcomes that are known, by the amounts of all partners. */
function topOf(settled: Uint8Array, amounts: Float64Array, { entities }: FeatureTable, share: number): Uint8Array {
  const top = inTopShare(amounts, entities, share);
  return settled.map((outcome, row) => (outcome === UNKNOWN ? UNKNOWN : top[row]));
}

/** The amounts of one moment, each where its row stands. */
function amountsAt(moment: number, parts: readonly PanelPart[], places: Int32Array): Float64Array {
  const amounts = new Float64Array(places.length);
  let row = 0;
  for (const part of parts) for (const amount of part.amounts[moment]) amounts[places[row++]] = amount;
  return amounts;
}

/** The waits of one moment, each where its row stands. */
function waitsAt(moment: number, parts: readonly PanelPart[], places: Int32Array): Waits {
  const waits = unseenWaits(places.length);
  let row = 0;
  for (const { waits: ofPart } of parts) {
    const { from, until } = ofPart[moment];
    for (let i = 0; i < from.length; i++, row++) {
      waits.from[places[row]] = from[i];
      waits.until[places[row]] = until[i];
    }
  }
  return waits;
}
