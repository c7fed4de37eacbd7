import type { Instant } from '../../features/index.ts';
import { SLOTS } from './calendar.ts';
import type { Law, SeriesSet } from './series.ts';

/** What the detector goes by; every default was chosen on the odd-numbered series of the exam. */
export interface DetectorSettings {
  /** Known periods of a series before anything is told of it. */
  warmUp: number;
  /** Known periods after which a value counts half for the level. */
  halfLife: number;
  /** And for how much a series scatters. */
  spreadHalfLife: number;
  /** Whether seasons are learnt from peers. */
  season: boolean;
  /** Whether what all peers do in a period is taken out of what is expected of each. */
  movement: boolean;
}

/** For weeks; of days seven times as many. */
const WEEKLY: DetectorSettings = {
  warmUp: 26,
  halfLife: 8,
  spreadHalfLife: 39,
  season: true,
  movement: true,
};

/** The defaults for periods of so many days. */
export function usualSettings(days: 7 | 1): DetectorSettings {
  if (days === 7) return WEEKLY;
  const { warmUp, halfLife, spreadHalfLife } = WEEKLY;
  return { ...WEEKLY, warmUp: 2 * warmUp, halfLife: 4 * halfLife, spreadHalfLife: 4 * spreadHalfLife };
}

/** Of each series: how many periods are known; fading sums of values and of exposure; … */
const OF_SERIES = [
  /** Periods known so far. */
  'known',
  /** Values and exposure, fading. */
  'sum',
  'weight',
  /** Squared distances over what was expected, fading, and how many they are. */
  'spread',
  'spreadWeight',
  /** Values and exposure from the beginning. */
  'all',
  'time',
  /** Values other than 0, and how many. */
  'busySum',
  'busy',
  /** Periods in a row beyond the cap, negative below. */
  'run',
] as const;

/** Of each group of peers. */
const OF_GROUPS = [
  /** The mean level of its series, and how many periods of one's own it is worth. */
  'level',
  'levelWeight',
  /** Dispersions, fading, and how many. */
  'spread',
  'spreadWeight',
  /** By how much its series move together: squared relative movements beyond chance, and how many. */
  'movement',
  'movementWeight',
] as const;

/** Of each slot of the calendar, group by group. */
const OF_SLOTS = [
  /** Seen and expected, weighted by what each is worth, and in how many periods. */
  'seen',
  'expected',
  'times',
] as const;

/** Columns of numbers by name. */
export type Columns<Name extends string> = Record<Name, Float64Array>;

/** All that a detector has to remember: as large however long the series are. Plain data, saved as it is. */
export interface DetectorState {
  settings: DetectorSettings;
  days: 7 | 1;
  law: Law;
  ids: readonly string[];
  /** The names of the groups, and which one each series is of. */
  groups: readonly string[];
  groupOf: Int32Array;
  /** When the next period begins. */
  next: Instant;
  series: Columns<(typeof OF_SERIES)[number]>;
  pools: Columns<(typeof OF_GROUPS)[number]>;
  /** `slots.seen[group × SLOTS + slot]`. */
  slots: Columns<(typeof OF_SLOTS)[number]>;
}

/** A detector that has seen nothing. */
export function blankState(
  { ids, groups, periods, days, law = 'counts' }: Omit<SeriesSet, 'values'>,
  settings: DetectorSettings,
): DetectorState {
  const names = [...new Set(groups ?? [''])];
  const codes = new Map(names.map((name, code) => [name, code]));
  return {
    settings,
    days,
    law,
    ids,
    groups: names,
    groupOf: Int32Array.from(ids, (_, s) => codes.get(groups?.[s] ?? '') ?? 0),
    next: periods[0] ?? 0,
    series: blank(OF_SERIES, ids.length),
    pools: blank(OF_GROUPS, names.length),
    slots: blank(OF_SLOTS, names.length * SLOTS),
  };
}

/** The same state in memory of its own. */
export function copyState(state: DetectorState): DetectorState {
  return { ...state, series: copy(state.series), pools: copy(state.pools), slots: copy(state.slots) };
}

/**
 * The state with series it has not seen yet, in the order of `ids`; those left out are forgotten.
 * @param groups the peers of each of `ids`
 */
export function withSeries(state: DetectorState, ids: readonly string[], groups?: readonly string[]): DetectorState {
  const blankOne = blankState(
    { ids, days: state.days, law: state.law, periods: Float64Array.of(state.next), ...(groups && { groups }) },
    state.settings,
  );
  const places = new Map(state.ids.map((id, s) => [id, s]));
  const codes = new Map(state.groups.map((name, code) => [name, code]));
  const from = Int32Array.from(ids, (id) => places.get(id) ?? -1);
  const fromGroup = Int32Array.from(blankOne.groups, (name) => codes.get(name) ?? -1);
  const fromSlot = Int32Array.from({ length: fromGroup.length * SLOTS }, (_, i) => {
    const group = fromGroup[Math.floor(i / SLOTS)];
    return group < 0 ? -1 : group * SLOTS + (i % SLOTS);
  });
  return {
    ...blankOne,
    series: picked(state.series, from),
    pools: picked(state.pools, fromGroup),
    slots: picked(state.slots, fromSlot),
  };
}

function blank<Name extends string>(names: readonly Name[], length: number): Columns<Name> {
  return Object.fromEntries(names.map((name) => [name, new Float64Array(length)])) as Columns<Name>;
}

function copy<Name extends string>(columns: Columns<Name>): Columns<Name> {
  return mapped(columns, (values) => values.slice());
}

function picked<Name extends string>(columns: Columns<Name>, from: Int32Array): Columns<Name> {
  return mapped(columns, (values) => Float64Array.from(from, (place) => (place < 0 ? 0 : values[place])));
}

function mapped<Name extends string>(columns: Columns<Name>, change: (values: Float64Array) => Float64Array) {
  const entries = Object.entries<Float64Array>(columns).map(([name, values]) => [name, change(values)]);
  return Object.fromEntries(entries) as Columns<Name>;
}
