import type { EventColumns } from './event-columns.ts';
import type { FeatureView } from './feature.ts';
import { type FeatureTable, rowsByCutoff, selectRows } from './feature-table.ts';
import { History } from './history.ts';
import type { Program } from './program.ts';
import type { Instant } from './time.ts';

/**
 * Takes every partner of a range through the cutoffs in order and shows each history of which anything was known.
 * Costs one pass over a partner's rows per cutoff; memory is bounded by the busiest partner.
 * @param visit called with the history turned to one partner and cutoff, and the partner's place in the columns
 */
export function visitHistories(
  columns: EventColumns,
  program: Program,
  cutoffs: readonly Instant[],
  visit: (history: History, partner: number) => void,
): void {
  const history = new History(columns, program);
  for (let partner = 0; partner < columns.partners.length; partner++) {
    for (const cutoff of cutoffs) {
      if (history.moveTo(partner, cutoff).isKnown) visit(history, partner);
    }
  }
}

/** Collects the rows of a feature table, partner by partner, and orders them by cutoff. */
export class FeatureTableBuilder {
  readonly #view: FeatureView;
  readonly #entities: string[] = [];
  readonly #cutoffs: number[] = [];
  readonly #atRisk: number[] = [];
  readonly #columns: number[][];

  constructor(view: FeatureView) {
    this.#view = view;
    this.#columns = view.features.map(() => []);
  }

  /** Adds the row of the partner and cutoff that a history is turned to; returns whether it is at risk. */
  add(history: History): boolean {
    const atRisk = this.#view.atRisk(history);
    this.#entities.push(history.partnerId);
    this.#cutoffs.push(history.cutoff);
    this.#atRisk.push(atRisk ? 1 : 0);
    this.#view.features.forEach((feature, i) => {
      this.#columns[i].push(feature.compute(history) ?? Number.NaN);
    });
    return atRisk;
  }

  /** The table with its relative features, ordered by cutoff, and for each of its rows the place it was added at. */
  build(): { table: FeatureTable; added: number[] } {
    const own: FeatureTable = {
      names: this.#view.features.map((feature) => feature.name),
      entities: this.#entities,
      cutoffs: Float64Array.from(this.#cutoffs),
      columns: this.#columns.map((values) => Float32Array.from(values)),
      atRisk: Uint8Array.from(this.#atRisk),
    };
    const added = [...rowsByCutoff(own).values()].flat();
    return { table: withRelative(this.#view, selectRows(own, added)), added };
  }
}

/** The table with the view's relative features beside the others, each computed cutoff by cutoff. */
function withRelative(view: FeatureView, own: FeatureTable): FeatureTable {
  const columns = view.relative.map(() => new Float32Array(own.cutoffs.length));
  for (const rows of rowsByCutoff(own).values()) {
    const ofCutoff = selectRows(own, rows);
    view.relative.forEach((feature, i) => {
      columns[i].set(feature.compute(ofCutoff), rows[0]);
    });
  }
  return {
    ...own,
    names: [...own.names, ...view.relative.map((feature) => feature.name)],
    columns: [...own.columns, ...columns],
  };
}
