import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  BLANK,
  type EventColumns,
  type FactSource,
  type Instant,
  type Profile,
  type Program,
  parseDay,
} from '../../features/index.ts';

/*
 * The events of the workload on disk, a file per range of partners: features are measured without a database, and
 * fifty million events are never held together. It reads what workload.py writes, and nothing else.
 */

/** Partners read together, as many as the store does. */
const PARTNERS_PER_FILE = 1000;
/** What is kept of an event: second since 1970, partner, kind, contact (−1 for none), value (−1 for none). */
const FIELDS = 5;
const ROWS_HELD = 8192;
/** Contacts of a partner are numbered with two digits. */
const CONTACTS = 100;
const [COMMA, NEWLINE] = [44, 10];

/** Partners of the workload in the order of their ids, with the day they signed. */
interface Partners {
  ids: string[];
  signedOn: Instant[];
}

/**
 * Sorts a stream of the workload's events.csv into files below a directory.
 * @returns how many events there were
 */
export async function writeEventFiles(events: AsyncIterable<Buffer>, into: string, partners: number): Promise<number> {
  mkdirSync(into, { recursive: true });
  const files = Array.from({ length: Math.ceil(partners / PARTNERS_PER_FILE) }, (_, i) => new RowFile(fileOf(into, i)));
  const kinds = new Map<string, number>();
  let rows = 0;
  let rest: Buffer = Buffer.alloc(0);
  let begun = false;
  for await (const chunk of events) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = begun ? 0 : bytes.indexOf(NEWLINE) + 1;
    begun = true;
    for (let end = bytes.indexOf(NEWLINE, at); end >= 0; end = bytes.indexOf(NEWLINE, at)) {
      addRow(files, kinds, bytes, at, end);
      at = end + 1;
      rows++;
    }
    rest = bytes.subarray(at);
  }
  for (const file of files) file.close();
  writeFileSync(join(into, 'kinds.json'), JSON.stringify([...kinds.keys()]));
  return rows;
}

/** `e000000001,p003121,survey.answered,2023-01-01T06:30:16Z,c003121-00,0` */
function addRow(files: readonly RowFile[], kinds: Map<string, number>, bytes: Buffer, from: number, end: number): void {
  const partner = bytes.indexOf(COMMA, from) + 1;
  const kind = bytes.indexOf(COMMA, partner) + 1;
  const stamp = bytes.indexOf(COMMA, kind) + 1;
  const contact = bytes.indexOf(COMMA, stamp) + 1;
  const value = bytes.indexOf(COMMA, contact) + 1;
  const number = digits(bytes, partner + 1, kind - 1);
  const word = bytes.toString('latin1', kind, stamp - 1);
  let code = kinds.get(word);
  if (code === undefined) {
    code = kinds.size;
    kinds.set(word, code);
  }
  files[Math.floor(number / PARTNERS_PER_FILE)].add(
    secondOf(bytes, stamp),
    number,
    code,
    contact === value - 1 ? -1 : digits(bytes, value - 3, value - 1),
    value === end ? -1 : digits(bytes, value, end),
  );
}

function digits(bytes: Buffer, from: number, to: number): number {
  let number = 0;
  for (let i = from; i < to; i++) number = number * 10 + bytes[i] - 48;
  return number;
}

function secondOf(bytes: Buffer, at: number): number {
  const part = (from: number, length: number) => digits(bytes, at + from, at + from + length);
  return Date.UTC(part(0, 4), part(5, 2) - 1, part(8, 2), part(11, 2), part(14, 2), part(17, 2)) / 1000;
}

/** Rows of whole numbers on their way to a file. */
class RowFile {
  readonly #file: number;
  readonly #held = new Int32Array(ROWS_HELD * FIELDS);
  #length = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  add(second: number, partner: number, kind: number, contact: number, value: number): void {
    const [held, at] = [this.#held, this.#length];
    held[at] = second;
    held[at + 1] = partner;
    held[at + 2] = kind;
    held[at + 3] = contact;
    held[at + 4] = value;
    this.#length += FIELDS;
    if (this.#length === held.length) this.#write();
  }

  #write(): void {
    writeSync(this.#file, new Uint8Array(this.#held.buffer, 0, this.#length * Int32Array.BYTES_PER_ELEMENT));
    this.#length = 0;
  }

  close(): void {
    this.#write();
    closeSync(this.#file);
  }
}

function fileOf(directory: string, range: number): string {
  return join(directory, `${String(range).padStart(3, '0')}.events`);
}

/** The partners of a directory of the workload. */
export function readPartners(files: string): Partners {
  const [header, ...rows] = readFileSync(join(files, 'partners.csv'), 'utf8').trimEnd().split('\n');
  const signed = header.split(',').indexOf('signed_on');
  const fields = rows.map((row) => row.split(','));
  return { ids: fields.map(([id]) => id), signedOn: fields.map((row) => parseDay(row[signed])) };
}

/** The kinds of the events that were written into a directory, in the peer's order. */
export function kindsIn(directory: string): string[] {
  return writtenKinds(directory).sort();
}

function writtenKinds(directory: string): string[] {
  return JSON.parse(readFileSync(join(directory, 'kinds.json'), 'utf8')) as string[];
}

/**
 * What the bench's program declares: every kind is business, so that features of business read every event, and all
 * of them were tracked long before; the peer calls a window small that began before there were any records.
 */
export function programOf(directory: string): Program {
  const kinds = kindsIn(directory);
  const since = parseDay('2000-01-01');
  return {
    qualifyingKinds: new Set(kinds),
    reportingCurrency: 'USD',
    tracking: kinds.map((kind) => ({ kind, knownBy: since, since })),
  };
}

/** The facts of a directory of event files, and the CPU seconds that reading them has taken so far. */
export function factsOf(directory: string, partners: Partners): FactSource & { readonly seconds: number } {
  const kinds = writtenKinds(directory);
  let seconds = 0;
  return {
    get seconds() {
      return seconds;
    },
    tracking: async () => [...programOf(directory).tracking],
    watermark: async () => null,
    partners: async () => partners.ids.length,
    async *ranges() {
      for (let first = 0; first < partners.ids.length; first += PARTNERS_PER_FILE) {
        const from = cpuSeconds();
        const columns = readRange(directory, kinds, partners, first);
        seconds += cpuSeconds() - from;
        yield columns;
      }
    },
  };
}

/** CPU seconds of this process so far, all its threads together. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function readRange(directory: string, kinds: string[], { ids, signedOn }: Partners, first: number): EventColumns {
  const rows = rowsIn(fileOf(directory, first / PARTNERS_PER_FILE));
  const partners = ids.slice(first, first + PARTNERS_PER_FILE);
  const count = rows.length / FIELDS;
  const offsets = offsetsOf(rows, first, partners.length);
  const columns = {
    partners,
    offsets,
    happenedAt: new Float64Array(count),
    knownAt: new Float64Array(count),
    replacedAt: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    kind: new Uint16Array(count),
    kinds,
    contact: new Int32Array(count),
    product: new Int32Array(count).fill(-1),
    account: new Int32Array(count).fill(-1),
    deal: new Int32Array(count).fill(-1),
    value: new Float64Array(count),
    currency: new Int16Array(count).fill(-1),
    currencies: [],
    profiles: signedOn.slice(first, first + PARTNERS_PER_FILE).map(profileOf),
    // Features ask for codes only.
    contacts: [],
    products: [],
    accounts: [],
    deals: [],
  };
  const next = offsets.slice();
  for (let at = 0; at < rows.length; at += FIELDS) {
    const partner = rows[at + 1] - first;
    const row = next[partner]++;
    columns.happenedAt[row] = rows[at] * 1000;
    columns.knownAt[row] = rows[at] * 1000;
    columns.kind[row] = rows[at + 2];
    columns.contact[row] = rows[at + 3] < 0 ? -1 : partner * CONTACTS + rows[at + 3];
    columns.value[row] = rows[at + 4] < 0 ? Number.NaN : rows[at + 4];
  }
  return columns;
}

function rowsIn(path: string): Int32Array {
  const bytes = readFileSync(path);
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / Int32Array.BYTES_PER_ELEMENT);
}

/** Where the rows of each partner begin, when they are put in the partners' order. */
function offsetsOf(rows: Int32Array, first: number, partners: number): Int32Array {
  const offsets = new Int32Array(partners + 1);
  for (let at = 1; at < rows.length; at += FIELDS) offsets[rows[at] - first + 1]++;
  for (let i = 0; i < partners; i++) offsets[i + 1] += offsets[i];
  return offsets;
}

function profileOf(signedOn: Instant): Profile {
  return { ...BLANK, signed: [{ at: signedOn, knownAt: signedOn }] };
}
