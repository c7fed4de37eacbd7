import { createHash } from 'node:crypto';
import type { Agreement, AttributeVersion, DatedFact, EndReason, EventColumns, Profile } from './event-columns.ts';

/** Raised when the bytes mean something else than before. */
const VERSION = 1;
const MAGIC = new TextEncoder().encode('PCASTCOL');
/** Where the parts of a document begin: its mark, version, bytes of header and of everything, and SHA-256. */
const AT = { magic: 0, version: 8, header: 12, total: 16, digest: 24, json: 56 };

/**
 * The typed arrays, in the order they stand in. All columns are in the byte order of the machine, which is little
 * endian wherever it matters; on another, the version reads as a foreign one.
 */
const COLUMNS = [
  ['happenedAt', Float64Array],
  ['knownAt', Float64Array],
  ['replacedAt', Float64Array],
  ['value', Float64Array],
  ['contact', Int32Array],
  ['product', Int32Array],
  ['account', Int32Array],
  ['deal', Int32Array],
  ['kind', Uint16Array],
  ['currency', Int16Array],
] as const;

type Column = (typeof COLUMNS)[number][0];

/** Columns of codes, each with the list of its words and the least code it may have. */
const CODES = [
  ['kind', 'kinds', 0],
  ['contact', 'contacts', -1],
  ['product', 'products', -1],
  ['account', 'accounts', -1],
  ['deal', 'deals', -1],
  ['currency', 'currencies', -1],
] as const;

type Words = Pick<EventColumns, (typeof CODES)[number][1]>;

/** A number as JSON can hold it: what is not finite, and −0, as text. */
type Numeral = number | string;

/** Everything but the typed arrays. Profiles are tuples: there are many, and their names would be most of it. */
interface Header {
  rows: number;
  partners: readonly string[];
  words: Words;
  profiles: readonly ProfileTuple[];
}

type ProfileTuple = [
  signed: [at: Numeral, knownAt: Numeral][],
  agreements: [
    id: string,
    startsOn: Numeral,
    renewsOn: Numeral | null,
    noticeDays: Numeral | null,
    endedOn: Numeral | null,
    endReason: EndReason,
    knownAt: Numeral,
  ][],
  attributes: [attribute: string, value: string | null, validFrom: Numeral, knownAt: Numeral][],
];

/** Columns as one document: a head, a header in JSON, and the typed arrays at multiples of 8 bytes. */
export function encodeColumns(columns: EventColumns): Uint8Array<ArrayBuffer> {
  const rows = columns.happenedAt.length;
  const header: Header = {
    rows,
    partners: columns.partners,
    words: Object.fromEntries(CODES.map(([, words]) => [words, columns[words]])) as unknown as Words,
    profiles: columns.profiles.map(toTuple),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const layout = layOut(json.length, columns.partners.length, rows);
  const bytes = new Uint8Array(layout.total);
  const head = new DataView(bytes.buffer);
  bytes.set(MAGIC, AT.magic);
  new Uint32Array(bytes.buffer, AT.version, 1)[0] = VERSION;
  head.setUint32(AT.header, json.length, true);
  head.setFloat64(AT.total, layout.total, true);
  bytes.set(json, AT.json);
  new Int32Array(bytes.buffer, layout.offsets, columns.offsets.length).set(columns.offsets);
  COLUMNS.forEach(([name, Kind], i) => {
    new Kind(bytes.buffer, layout.columns[i], rows).set(columns[name]);
  });
  bytes.set(digestOf(bytes), AT.digest);
  return bytes;
}

/** The SHA-256 that a document carries, in hexadecimal: two documents that share it are the same. */
export function digestIn(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(AT.digest, AT.json)).toString('hex');
}

/**
 * Columns from a document: views of its one buffer, nothing is copied where it begins at a multiple of 8 bytes.
 * @throws RangeError saying what is wrong when it is not, to the bit, what `encodeColumns` of this version made
 */
export function decodeColumns(document: Uint8Array<ArrayBuffer>): EventColumns {
  const bytes = document.byteOffset % 8 === 0 ? document : document.slice();
  const { header, layout } = readHeader(bytes);
  const { rows } = header;
  const start = bytes.byteOffset;
  const column = Object.fromEntries(
    COLUMNS.map(([name, Kind], i) => [name, new Kind(bytes.buffer, start + layout.columns[i], rows)]),
  ) as unknown as Pick<EventColumns, Column>;
  const columns = {
    partners: header.partners,
    offsets: new Int32Array(bytes.buffer, start + layout.offsets, header.partners.length + 1),
    ...column,
    ...header.words,
    profiles: header.profiles.map(fromTuple),
  };
  requireSense(columns);
  return columns;
}

function readHeader(bytes: Uint8Array<ArrayBuffer>): { header: Header; layout: Layout } {
  if (bytes.length < AT.json || MAGIC.some((byte, i) => bytes[i] !== byte)) throw wrong('no such document');
  const head = new DataView(bytes.buffer, bytes.byteOffset, AT.json);
  const [version] = new Uint32Array(bytes.buffer, bytes.byteOffset + AT.version, 1);
  if (version !== VERSION) throw wrong(`one of version ${version}, and this is ${VERSION}`);
  const total = head.getFloat64(AT.total, true);
  if (bytes.length !== total) throw wrong(`${bytes.length} bytes long, and ${total} were written`);
  if (!digestOf(bytes).equals(bytes.subarray(AT.digest, AT.json))) throw wrong('not what its checksum says');
  const length = head.getUint32(AT.header, true);
  if (AT.json + length > total) throw wrong('shorter than its header');
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(AT.json, AT.json + length))) as Header;
  const { partners, profiles, words, rows } = header;
  const lists = [partners, profiles, ...CODES.map(([, name]) => words?.[name])];
  if (!lists.every(Array.isArray) || !Number.isSafeInteger(rows) || rows < 0) throw wrong('without its lists');
  const layout = layOut(length, partners.length, rows);
  if (layout.total !== total) throw wrong('not as long as its columns');
  return { header, layout };
}

/** What codes and offsets point at must be there: a reader does not look. */
function requireSense(columns: EventColumns): void {
  const { partners, profiles, offsets, kind } = columns;
  if (profiles.length !== partners.length) throw wrong('without a profile for each partner');
  if (offsets[0] !== 0 || offsets[partners.length] !== kind.length) throw wrong('without a partner for each row');
  if (offsets.some((offset, i) => i > 0 && offset < offsets[i - 1])) throw wrong('out of order');
  for (const [codes, words, least] of CODES) {
    const most = columns[words].length;
    for (const code of columns[codes])
      if (code < least || code >= most) throw wrong(`without the words of its ${words}`);
  }
}

function wrong(what: string): RangeError {
  return new RangeError(`The columns cannot be read: the document is ${what}.`);
}

interface Layout {
  offsets: number;
  columns: number[];
  total: number;
}

function layOut(headerBytes: number, partners: number, rows: number): Layout {
  const offsets = aligned(AT.json + headerBytes);
  let end = aligned(offsets + Int32Array.BYTES_PER_ELEMENT * (partners + 1));
  const columns = COLUMNS.map(([, { BYTES_PER_ELEMENT }]) => {
    const at = end;
    end = aligned(at + BYTES_PER_ELEMENT * rows);
    return at;
  });
  return { offsets, columns, total: end };
}

function aligned(position: number): number {
  return Math.ceil(position / 8) * 8;
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes.subarray(0, AT.digest)).update(bytes.subarray(AT.json)).digest();
}

function toTuple({ signed, agreements, attributes }: Profile): ProfileTuple {
  return [
    signed.map(({ at, knownAt }) => [toNumeral(at), toNumeral(knownAt)]),
    agreements.map(({ id, startsOn, renewsOn, noticeDays, endedOn, endReason, knownAt }) => [
      id,
      toNumeral(startsOn),
      orNull(renewsOn, toNumeral),
      orNull(noticeDays, toNumeral),
      orNull(endedOn, toNumeral),
      endReason,
      toNumeral(knownAt),
    ]),
    attributes.map(({ attribute, value, validFrom, knownAt }) => [
      attribute,
      value,
      toNumeral(validFrom),
      toNumeral(knownAt),
    ]),
  ];
}

function fromTuple([signed, agreements, attributes]: ProfileTuple): Profile {
  return {
    signed: signed.map(([at, knownAt]): DatedFact => ({ at: Number(at), knownAt: Number(knownAt) })),
    agreements: agreements.map(
      ([id, startsOn, renewsOn, noticeDays, endedOn, endReason, knownAt]): Agreement => ({
        id,
        startsOn: Number(startsOn),
        renewsOn: orNull(renewsOn, Number),
        noticeDays: orNull(noticeDays, Number),
        endedOn: orNull(endedOn, Number),
        endReason,
        knownAt: Number(knownAt),
      }),
    ),
    attributes: attributes.map(
      ([attribute, value, validFrom, knownAt]): AttributeVersion => ({
        attribute,
        value,
        validFrom: Number(validFrom),
        knownAt: Number(knownAt),
      }),
    ),
  };
}

function toNumeral(value: number): Numeral {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

function orNull<From, To>(value: From | null, as: (value: From) => To): To | null {
  return value === null ? null : as(value);
}
