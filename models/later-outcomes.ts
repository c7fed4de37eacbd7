import {
  Aftermath,
  type EventColumns,
  type FeatureView,
  type History,
  type Instant,
  type Program,
  visitHistories,
} from '../features/index.ts';
import type { LabelWindow } from './label.ts';
import { inTopShare } from './top-share.ts';

/** What became of partners after some cutoffs, by cutoff and partner; null is unknown. */
export type LaterOutcomes<Outcome> = ReadonlyMap<Instant, ReadonlyMap<string, Outcome | null>>;

/** Outcomes that are being filled in, range of partners by range. */
export interface LookingLater<Outcome> {
  outcomes: Map<Instant, Map<string, Outcome | null>>;
  /** At which other cutoffs partners are met that those of the lists are compared with. */
  compared: readonly Instant[];
  /** The money that came of each partner at risk at any of the cutoffs; empty where the label measures none. */
  amounts: Map<string, number>;
}

/** The part of a model, of either sort, that its lists are counted by. */
export interface AskedLater<Outcome> {
  name: string;
  view: FeatureView;
  label: LabelWindow & {
    name: string;
    outcome(before: History, after: Aftermath): Outcome | null;
    amount?(before: History, after: Aftermath): number | null;
    topShare?: number;
  };
}

/** Outcomes of cutoffs, none known yet. */
export function beginLookingLater<Outcome>(
  cutoffs: readonly Instant[],
  compared: readonly Instant[] = [],
): LookingLater<Outcome> {
  return { outcomes: new Map(cutoffs.map((cutoff) => [cutoff, new Map()])), compared, amounts: new Map() };
}

/**
 * Looks what became of the partners of a range after each cutoff, as known by a moment by which all have matured.
 * @param looking filled in
 */
export function lookLater<Outcome>(
  looking: LookingLater<Outcome>,
  { view, label }: AskedLater<Outcome>,
  columns: EventColumns,
  program: Program,
  knownBy: Instant,
): void {
  const after = new Aftermath(columns, program);
  const cutoffs = [...new Set([...looking.outcomes.keys(), ...looking.compared])].sort((a, b) => a - b);
  visitHistories(columns, program, cutoffs, (history, partner) => {
    const outcome = label.outcome(history, after.moveTo(partner, history.cutoff, knownBy));
    looking.outcomes.get(history.cutoff)?.set(history.partnerId, outcome);
    if (label.topShare === undefined || outcome === null || !view.atRisk(history)) return;
    const amount = label.amount?.(history, after) ?? null;
    if (amount !== null) looking.amounts.set(history.partnerId, amount);
  });
}

/**
 * The outcomes of a label that asks who is among the highest amounts, of which `lookLater` saw only whether they are
 * known: decided among all partners met, as training decides it. Who was not at risk as the records are now is unknown.
 */
export function decideTop({ outcomes, amounts }: LookingLater<boolean>, share: number): LaterOutcomes<boolean> {
  const entities = [...amounts.keys()];
  const isTop = inTopShare(Float64Array.from(amounts.values()), entities, share);
  const top = new Map(entities.map((entity, i) => [entity, isTop[i] === 1]));
  return new Map(
    [...outcomes].map(([cutoff, ofDay]) => [
      cutoff,
      new Map([...ofDay].map(([entity, known]) => [entity, known === null ? null : (top.get(entity) ?? null)])),
    ]),
  );
}
