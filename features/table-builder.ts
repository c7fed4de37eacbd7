import type { EventColumns } from './event-columns.ts';
import type { Feature, FeatureView } from './feature.ts';
import { type FeatureTable, rowsBetween } from './feature-table.ts';
import { History } from './history.ts';
import type { Program } from './program.ts';
import type { Instant } from './time.ts';
import type { Measure } from './windowed.ts';

/**
 * Takes every partner of a range through the cutoffs in order and shows each history of which anything was known.
 * Costs one pass over a partner's rows for all cutoffs, and for each late row what had happened since.
 * @param cutoffs ascending
 * @param visit called with the history turned to one partner and cutoff, and the partner's place in the columns
 */
export function visitHistories(
  columns: EventColumns,
  program: Program,
  cutoffs: readonly Instant[],
  visit: (history: History, partner: number) => void,
): void {
  const history = new History(columns, program);
  const { length } = columns.partners;
  for (let partner = 0; partner < length; partner++) visitPartner(history, partner, cutoffs, visit);
}

/** A function of its own, which is called often: the compiler is done with it sooner than with a loop that runs on. */
function visitPartner(
  history: History,
  partner: number,
  cutoffs: readonly Instant[],
  visit: (history: History, partner: number) => void,
): void {
  for (let i = 0; i < cutoffs.length; i++) {
    if (history.moveTo(partner, cutoffs[i]).isKnown) visit(history, partner);
  }
}

/** A feature that is computed alone, and its place among the columns. */
interface Single {
  compute: Feature['compute'];
  place: number;
}

/** Features of one measure that are computed at once. */
interface Together {
  measure: Measure;
  days: Int32Array;
  into: Float64Array;
  places: Int32Array;
}

function howComputed(features: readonly Feature[]): { single: Single[]; together: Together[] } {
  const single: Single[] = [];
  const measures = new Map<Measure, { days: number; place: number }[]>();
  features.forEach(({ compute, windowed }, place) => {
    if (!windowed) single.push({ compute, place });
    else measures.set(windowed.measure, [...(measures.get(windowed.measure) ?? []), { days: windowed.days, place }]);
  });
  // The same windows are one array, by which a history knows them again.
  const sets = new Map<string, Int32Array>();
  const together = Array.from(measures, ([measure, windows]) => ({
    measure,
    days: onceOf(sets, windows),
    into: new Float64Array(windows.length),
    places: Int32Array.from(windows, ({ place }) => place),
  }));
  return { single, together };
}

function onceOf(sets: Map<string, Int32Array>, windows: readonly { days: number }[]): Int32Array {
  const days = Int32Array.from(windows, (window) => window.days);
  const known = sets.get(days.join()) ?? days;
  sets.set(days.join(), known);
  return known;
}

/** Collects the rows of a feature table in the order they come, partner by partner; relative features are still to come. */
export class FeatureRows {
  readonly #view: FeatureView;
  readonly #single: readonly Single[];
  readonly #together: readonly Together[];
  readonly #entities: string[] = [];
  readonly #peers: string[] = [];
  #cutoffs: Float64Array;
  #atRisk: Uint8Array;
  /** Column after column, each with room for `#room` rows. */
  #values: Float32Array;
  #room: number;

  /** @param most about how many rows there will be at most; memory that no row is written to costs nothing */
  constructor(view: FeatureView, most: number) {
    this.#view = view;
    this.#room = Math.max(1, most);
    this.#cutoffs = new Float64Array(this.#room);
    this.#atRisk = new Uint8Array(this.#room);
    const { single, together } = howComputed(view.features);
    this.#single = single;
    this.#together = together;
    // One piece of memory: the fewer there are, the less often the garbage collector is called for them.
    this.#values = new Float32Array(this.#room * view.features.length);
  }

  /** Adds the row of the partner and cutoff that a history is turned to; returns whether it is at risk. */
  add(history: History, atRisk = this.#view.atRisk(history)): boolean {
    const row = this.#entities.length;
    if (row === this.#room) this.#grow();
    this.#entities.push(history.partnerId);
    this.#peers.push(peersOf(history));
    this.#cutoffs[row] = history.cutoff;
    this.#atRisk[row] = atRisk ? 1 : 0;
    this.#compute(history, row);
    return atRisk;
  }

  #grow(): void {
    const [rows, { length }] = [this.#room, this.#view.features];
    const [cutoffs, atRisk, values] = [this.#cutoffs, this.#atRisk, this.#values];
    this.#room = 2 * rows;
    this.#cutoffs = new Float64Array(this.#room);
    this.#atRisk = new Uint8Array(this.#room);
    this.#values = new Float32Array(this.#room * length);
    this.#cutoffs.set(cutoffs);
    this.#atRisk.set(atRisk);
    for (let i = 0; i < length; i++) this.#values.set(values.subarray(i * rows, (i + 1) * rows), i * this.#room);
  }

  #compute(history: History, row: number): void {
    const values = this.#values;
    const room = this.#room;
    const together = this.#together;
    for (let i = 0; i < together.length; i++) {
      const { measure, days, into, places } = together[i];
      measure(history, days, into);
      for (let j = 0; j < places.length; j++) values[places[j] * room + row] = into[j];
    }
    const single = this.#single;
    for (let i = 0; i < single.length; i++) {
      const { compute, place } = single[i];
      const value = compute(history);
      values[place * room + row] = value === null ? Number.NaN : value;
    }
  }

  /** What has been added. */
  taken(): FeatureTable {
    const rows = this.#entities.length;
    return {
      names: this.#view.features.map((feature) => feature.name),
      entities: this.#entities,
      cutoffs: this.#cutoffs.subarray(0, rows),
      columns: this.#view.features.map((_, i) => this.#values.subarray(i * this.#room, i * this.#room + rows)),
      atRisk: this.#atRisk.subarray(0, rows),
      peers: this.#peers,
    };
  }
}

/** A partner's peers are those of its type and region, as known. */
function peersOf(history: History): string {
  const [type, region] = [history.latest('type'), history.latest('region')];
  return type === null || region === null ? (type ?? region ?? '') : `${type} · ${region}`;
}

/** A table, and for each row that was added to it, part after part, where it stands. */
export interface CompleteTable {
  table: FeatureTable;
  places: Int32Array;
}

/**
 * One table of the rows of many parts, ordered by cutoff and then as they came, with the view's relative features.
 * @param parts what `FeatureRows` of the view took, in order; of a single one the memory becomes the table's
 */
export function completeTable(view: FeatureView, parts: readonly FeatureTable[]): CompleteTable {
  const places = placesByCutoff(parts);
  const rows = places.length;
  const scratch = new Float32Array(parts.length === 1 ? rows : 0);
  const own: FeatureTable = {
    names: view.features.map((feature) => feature.name),
    entities: scatter(
      parts.map(({ entities }) => entities),
      places,
      new Array<string>(rows),
    ),
    cutoffs: scatter(
      parts.map(({ cutoffs }) => cutoffs),
      places,
      new Float64Array(rows),
    ),
    columns: view.features.map((_, i) =>
      parts.length === 1
        ? scatterInPlace(parts[0].columns[i], places, scratch)
        : scatterFloats(
            parts.map(({ columns }) => columns[i]),
            places,
            new Float32Array(rows),
          ),
    ),
    atRisk: scatter(
      parts.map(({ atRisk }) => atRisk),
      places,
      new Uint8Array(rows),
    ),
    peers: scatter(
      parts.map(({ peers }) => peers),
      places,
      new Array<string>(rows),
    ),
  };
  return { table: withRelative(view, own), places };
}

/** Where each row goes when rows are ordered by cutoff and otherwise stay as they are: a counting sort. */
function placesByCutoff(parts: readonly FeatureTable[]): Int32Array {
  const distinct = new Set<Instant>();
  for (const { cutoffs } of parts) for (let i = 0; i < cutoffs.length; i++) distinct.add(cutoffs[i]);
  const ascending = Float64Array.from(distinct).sort();
  const next = new Int32Array(ascending.length + 1);
  const turns = parts.map(({ cutoffs }) => turnsOf(cutoffs, ascending));
  for (const part of turns) for (let i = 0; i < part.length; i++) next[part[i] + 1]++;
  for (let turn = 1; turn < next.length; turn++) next[turn] += next[turn - 1];
  const places = new Int32Array(next[ascending.length]);
  let row = 0;
  for (const part of turns) for (let i = 0; i < part.length; i++) places[row++] = next[part[i]]++;
  return places;
}

/** Of each cutoff, which of the ascending ones it is; most follow the one before. */
function turnsOf(cutoffs: Float64Array, ascending: Float64Array): Int32Array {
  const turns = new Int32Array(cutoffs.length);
  let turn = 0;
  for (let i = 0; i < cutoffs.length; i++) {
    if (cutoffs[i] < ascending[turn]) turn = 0;
    while (ascending[turn] < cutoffs[i]) turn++;
    turns[i] = turn;
  }
  return turns;
}

function scatter<Value, Column extends { [index: number]: Value }>(
  parts: readonly ArrayLike<Value>[],
  places: Int32Array,
  into: Column,
): Column {
  let row = 0;
  for (const values of parts) for (let i = 0; i < values.length; i++) into[places[row++]] = values[i];
  return into;
}

/** The same for the column of a feature, of which there are many: one kind of array is three times as fast. */
function scatterFloats(parts: readonly Float32Array[], places: Int32Array, into: Float32Array): Float32Array {
  let row = 0;
  for (const values of parts) {
    const { length } = values;
    for (let i = 0; i < length; i++) into[places[row + i]] = values[i];
    row += length;
  }
  return into;
}

function scatterInPlace(values: Float32Array, places: Int32Array, scratch: Float32Array): Float32Array {
  scratch.set(values);
  return scatterFloats([scratch], places, values);
}

/** The table with the view's relative features beside the others, each computed cutoff by cutoff. */
function withRelative(view: FeatureView, own: FeatureTable): FeatureTable {
  const columns = view.relative.map(() => new Float32Array(own.cutoffs.length));
  if (view.relative.length > 0) {
    for (const [from, to] of stretches(own.cutoffs)) {
      const ofCutoff = rowsBetween(own, from, to);
      view.relative.forEach((feature, i) => {
        columns[i].set(feature.compute(ofCutoff), from);
      });
    }
  }
  return {
    ...own,
    names: [...own.names, ...view.relative.map((feature) => feature.name)],
    columns: [...own.columns, ...columns],
  };
}

/** From where to where the rows of each cutoff stand, in a table ordered by cutoff. */
function* stretches(cutoffs: Float64Array): Generator<[from: number, to: number]> {
  let from = 0;
  for (let to = 1; to <= cutoffs.length; to++) {
    if (to < cutoffs.length && cutoffs[to] === cutoffs[from]) continue;
    yield [from, to];
    from = to;
  }
}
