import { z } from 'zod';

/**
 * The numbers of some plain data kept apart from the rest, as bytes: a version with fifty refits of trees is then a few
 * megabytes that load at once, and what is left is text that can be read. What is the same many times over, like the
 * trees of an ensemble, is turned into columns first, so that its numbers lie together.
 */
export interface Packed {
  /**
   * The data, with marks in it: `{"#": ["f8", n]}` for a list of n numbers, `{"#": ["lists", lengths, flat]}` for a list
   * of such lists, `{"#": ["rows", n, columns]}` for a list of n objects of the same keys.
   */
  plain: unknown;
  /** The lists one after the other, in the order in which they stand in the data; little-endian. */
  bytes: Uint8Array;
}

type Numbers = readonly (number | null)[];

/** How one number is written. */
interface Kind {
  bytes: number;
  /** Whether it comes back as it is. */
  holds(value: number | null): boolean;
  write(view: DataView, at: number, value: number | null): void;
  read(view: DataView, at: number): number | null;
}

const isInteger = (value: number | null): value is number => Number.isInteger(value) && !Object.is(value, -0);
/** The narrowest first. In a list of numbers null stands for what JSON cannot say; as a double it is NaN. */
const KINDS = {
  u1: {
    bytes: 1,
    holds: (value) => isInteger(value) && value >= 0 && value < 2 ** 8,
    write: (view, at, value) => view.setUint8(at, value as number),
    read: (view, at) => view.getUint8(at),
  },
  i4: {
    bytes: 4,
    holds: (value) => isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31,
    write: (view, at, value) => view.setInt32(at, value as number, true),
    read: (view, at) => view.getInt32(at, true),
  },
  f8: {
    bytes: 8,
    holds: () => true,
    write: (view, at, value) => view.setFloat64(at, value ?? Number.NaN, true),
    read: (view, at) => {
      const value = view.getFloat64(at, true);
      return Number.isNaN(value) ? null : value;
    },
  },
} satisfies Record<string, Kind>;
type KindName = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as KindName[];

const MARK = '#';
/** A shorter list says itself in less than its mark would take. */
const SHORTEST = 8;
const FEWEST_ROWS = 3;
/** What is saved is a few levels deep; more is an attempt to exhaust the stack. */
const DEEPEST = 32;
/** More rows than any version has; rows of no bytes could otherwise be made without end. */
const MOST_ROWS = 10_000_000;
/** Keys that reach past an object to what all objects share. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

const count = z.int().min(0).max(MOST_ROWS);
const mark = z.union([
  z.tuple([z.enum(KIND_NAMES), count]),
  z.tuple([z.literal('lists'), z.unknown(), z.unknown()]),
  z.tuple([z.literal('rows'), count, z.record(z.string(), z.unknown())]),
]);

/**
 * Takes the numbers out of some plain data, where many stand together.
 * @throws RangeError where the data has a key that is taken for a mark
 */
export function packNumbers(data: unknown): Packed {
  const lists: { kind: Kind; values: Numbers }[] = [];
  const packList = (values: Numbers): unknown => {
    if (values.length < SHORTEST) return values;
    const name = KIND_NAMES.find((each) => values.every(KINDS[each].holds)) as KindName;
    lists.push({ kind: KINDS[name], values });
    return { [MARK]: [name, values.length] };
  };
  const packArray = (values: readonly unknown[]): unknown => {
    if (isNumbers(values)) return packList(values);
    if (values.length >= FEWEST_ROWS && values.every(isNumbers)) {
      return { [MARK]: ['lists', packList(values.map((each) => each.length)), packList(values.flat())] };
    }
    const keys = sharedKeys(values);
    if (!keys) return values.map(pack);
    const columns = keys.map((key) => [key, pack(values.map((row) => (row as Record<string, unknown>)[key]))]);
    return { [MARK]: ['rows', values.length, Object.fromEntries(columns)] };
  };
  const pack = (value: unknown): unknown => {
    if (Array.isArray(value)) return packArray(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Object.hasOwn(value, MARK))
      throw new RangeError(`data with a key "${MARK}" cannot be packed: it marks numbers`);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, pack(each)]));
  };
  const plain = pack(data);
  return { plain, bytes: bytesOf(lists) };
}

function isNumberOrNull(value: unknown): value is number | null {
  return typeof value === 'number' || value === null;
}

function isNumbers(value: unknown): value is Numbers {
  return Array.isArray(value) && value.every(isNumberOrNull);
}

/** The keys of the rows of a list, when it is one of objects that all have the same in the same order. */
function sharedKeys(list: readonly unknown[]): string[] | null {
  if (list.length < FEWEST_ROWS) return null;
  const keysOf = (value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const keys = keysOf(list[0]);
  const written = JSON.stringify(keys);
  return keys.length > 0 && list.every((each) => JSON.stringify(keysOf(each)) === written) ? keys : null;
}

function bytesOf(lists: readonly { kind: Kind; values: Numbers }[]): Uint8Array {
  const bytes = new Uint8Array(lists.reduce((sum, { kind, values }) => sum + kind.bytes * values.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { kind, values } of lists) {
    for (const value of values) {
      kind.write(view, at, value);
      at += kind.bytes;
    }
  }
  return bytes;
}

/**
 * Puts the numbers back where they were.
 * @throws RangeError when the data asks for other bytes than there are, or is not what `packNumbers` makes: a mark
 *   that says nothing, columns of different length, a key such as `__proto__`, levels without end
 */
export function unpackNumbers({ plain, bytes }: Packed): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const read = (name: KindName, values: number): Numbers => {
    const kind = KINDS[name];
    if (at + kind.bytes * values > bytes.length) {
      throw new RangeError(`it asks for more than the ${bytes.length} bytes of numbers there are`);
    }
    const from = at;
    at += kind.bytes * values;
    return Array.from({ length: values }, (_, i) => kind.read(view, from + kind.bytes * i));
  };
  const unmark = (found: unknown, depth: number): unknown => {
    const { data: marked } = mark.safeParse(found);
    if (!marked) throw new RangeError(`the mark ${JSON.stringify(found).slice(0, 100)} says nothing`);
    if (marked[0] === 'rows') return rowsOf(marked[1], unpack(marked[2], depth) as Record<string, unknown>);
    if (marked[0] === 'lists') return listsOf(unpack(marked[1], depth), unpack(marked[2], depth));
    return read(marked[0], marked[1]);
  };
  const unpack = (value: unknown, depth: number): unknown => {
    if (depth > DEEPEST) throw new RangeError(`it is more than ${DEEPEST} levels deep`);
    if (Array.isArray(value)) return value.map((each) => unpack(each, depth + 1));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    if (entries.length === 1 && entries[0][0] === MARK) return unmark(entries[0][1], depth + 1);
    const forbidden = entries.find(([key]) => FORBIDDEN.has(key));
    if (forbidden) throw new RangeError(`it has a key "${forbidden[0]}", which no version has`);
    return Object.fromEntries(entries.map(([key, each]) => [key, unpack(each, depth + 1)]));
  };
  const data = unpack(plain, 0);
  if (at !== bytes.length) throw new RangeError(`it asks for ${at} of the ${bytes.length} bytes of numbers there are`);
  return data;
}

function rowsOf(rows: number, columns: Record<string, unknown>): unknown[] {
  const entries = Object.entries(columns);
  if (entries.length === 0 || entries.some(([, values]) => !Array.isArray(values) || values.length !== rows)) {
    throw new RangeError(`its columns are not of ${rows} rows each`);
  }
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(entries.map(([key, values]) => [key, (values as unknown[])[row]])),
  );
}

function listsOf(lengths: unknown, flat: unknown): unknown[][] {
  const total = isNumbers(lengths) ? lengths.reduce<number>((sum, length) => sum + (length ?? Number.NaN), 0) : -1;
  if (!isNumbers(lengths) || !isNumbers(flat) || total !== flat.length || lengths.some((each) => (each ?? -1) < 0)) {
    throw new RangeError('its lists are not as long as they are said to be');
  }
  let at = 0;
  return lengths.map((length) => {
    const from = at;
    at += length as number;
    return flat.slice(from, at);
  });
}
