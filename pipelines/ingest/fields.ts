import { formatDay, type Instant } from '../../features/index.ts';
import { nearest } from './nearest.ts';

/** A field understood, or the reason why not. */
export type Parsed<Value> = { value: Value } | { reason: string };

/** Turns the text of a field into a value; the text has been trimmed and is not empty. */
export type Parse<Value> = (text: string) => Parsed<Value>;

const LONGEST_TEXT = 10_000;
const LONGEST_ID_BYTES = 512;
/** Beyond this a double no longer counts single units. */
const LARGEST = 2 ** 53;
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const KIND = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

const refuse = (reason: string): { reason: string } => ({ reason });
const shown = (text: string) => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** Any text without control characters. */
export const text: Parse<string> = (field) => {
  if (field.length > LONGEST_TEXT) return refuse(`${field.length} characters, where ${LONGEST_TEXT} is the most`);
  if (!field.isWellFormed()) return refuse(`${shown(field)} holds half a character`);
  return CONTROL.test(field) ? refuse(`${shown(field)} holds a control character`) : { value: field };
};

/** A text that names something. */
export const id: Parse<string> = (field) =>
  field.length * 3 > LONGEST_ID_BYTES && Buffer.byteLength(field) > LONGEST_ID_BYTES
    ? refuse(`an id of ${Buffer.byteLength(field)} bytes, where ${LONGEST_ID_BYTES} is the most`)
    : text(field);

/** A dotted word such as `deal.registered`. */
export const kind: Parse<string> = (field) =>
  KIND.test(field)
    ? { value: field }
    : refuse(`${shown(field)} is no kind: write dotted lower-case words such as deal.registered, or map the values`);

/** One of a closed list of words. */
export function oneOf(words: readonly string[]): Parse<string> {
  return (field) => {
    const word = field.toLowerCase();
    return words.includes(word)
      ? { value: word }
      : refuse(`${shown(field)} is none of ${words.join(', ')}${nearest(word, words)}`);
  };
}

/** A decimal number with a point. */
export const number: Parse<number> = (field) => {
  if (!NUMBER.test(field)) return refuse(`${shown(field)} is not a number (write 1234.5)`);
  const value = Number(field);
  if (Math.abs(value) > LARGEST) return refuse(`${shown(field)} is too large to be exact`);
  return { value: value === 0 ? 0 : value };
};

/** A number without decimals, not below zero. */
export const count: Parse<number> = (field) => {
  const parsed = number(field);
  if ('reason' in parsed) return parsed;
  return Number.isInteger(parsed.value) && parsed.value >= 0 ? parsed : refuse(`${shown(field)} is not a whole number`);
};

/** A number above zero. */
export const positive: Parse<number> = (field) => {
  const parsed = number(field);
  return 'reason' in parsed || parsed.value > 0 ? parsed : refuse(`${shown(field)} is not above zero`);
};

/** An ISO 4217 code. */
export const currency: Parse<string> = (field) =>
  CURRENCIES.has(field) ? { value: field } : refuse(`${shown(field)} is not an ISO 4217 currency code such as EUR`);

/** A JSON object. */
export const json: Parse<string> = (field) => {
  try {
    const value: unknown = JSON.parse(field);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return storable(JSON.stringify(value));
  } catch {}
  return refuse(`${shown(field)} is not a JSON object`);
};

/** PostgreSQL's jsonb holds neither NUL nor half a character; `JSON.stringify` writes both as escapes. */
export function storable(json: string): Parsed<string> {
  return UNSTORABLE.test(json) ? refuse(`${shown(json)} holds a NUL or half a character`) : { value: json };
}

const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** An ISO 8601 date or date and time; without an offset it is UTC, a bare date is its midnight. */
const instant: Parse<Instant> = (field) => {
  const parts = INSTANT.exec(field);
  if (!parts)
    return refuse(
      `${shown(field)} is not a date: expected yyyy-MM-dd or yyyy-MM-ddTHH:mm:ssZ, or a date_format in the mapping`,
    );
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = parts;
  const clock = { year, month, day, hour, minute, second, milliseconds: fraction.slice(0, 3).padEnd(3, '0') };
  const offset = offsetMinutes(zone);
  return offset === null
    ? refuse(`${shown(field)} has an offset from UTC that no place has`)
    : assemble(field, clock, offset);
};

interface Clock {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
  milliseconds: string;
}

function assemble(field: string, clock: Clock, offset: number): Parsed<Instant> {
  const [year, month, day, hour, minute, second, ms] = [
    clock.year,
    clock.month,
    clock.day,
    clock.hour,
    clock.minute,
    clock.second,
    clock.milliseconds,
  ].map(Number);
  const midnight = Date.UTC(year, month - 1, day);
  // Years below 100 would be taken for those of the last century.
  const exists = year >= 100 && new Date(midnight).getUTCDate() === day && month >= 1 && month <= 12;
  if (!exists || hour > 23 || minute > 59 || second > 59)
    return refuse(`${shown(field)} is no day or time that exists`);
  const value = midnight + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms;
  return value >= EARLIEST && value < LATEST
    ? { value }
    : refuse(`${shown(field)} lies outside ${formatDay(EARLIEST)} to ${formatDay(LATEST)}`);
}

function offsetMinutes(zone: string): number | null {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (!parts) return 0;
  const [hours, minutes] = [Number(parts[2]), Number(parts[3] ?? 0)];
  if (hours > 14 || minutes > 59) return null;
  return (parts[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** Pieces of a date format and what each reads. */
const PIECES: Record<string, [part: keyof Clock, pattern: string]> = {
  yyyy: ['year', '(\\d{4})'],
  MM: ['month', '(\\d{2})'],
  M: ['month', '(\\d{1,2})'],
  dd: ['day', '(\\d{2})'],
  d: ['day', '(\\d{1,2})'],
  HH: ['hour', '(\\d{2})'],
  H: ['hour', '(\\d{1,2})'],
  mm: ['minute', '(\\d{2})'],
  ss: ['second', '(\\d{2})'],
  SSS: ['milliseconds', '(\\d{3})'],
};

/**
 * Reads instants of one declared format, in UTC.
 * @param format letters as in Unicode TR35: yyyy, MM or M, dd or d, HH or H, mm, ss, SSS; all else stands for itself.
 *   ISO 8601 is understood beside it
 * @throws RangeError when the format lacks year, month or day, or has a letter that means nothing here
 */
export function instantFormatted(format: string): Parse<Instant> {
  if (format === 'yyyy-MM-dd') return instant;
  const parts: (keyof Clock)[] = [];
  const pattern = (format.match(/([a-zA-Z])\1*|[^a-zA-Z]/g) ?? []).map((piece) => {
    if (!/[a-zA-Z]/.test(piece) || piece === 'T' || piece === 'Z') return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const known = PIECES[piece];
    if (!known)
      throw new RangeError(`date_format "${format}": "${piece}" is none of ${Object.keys(PIECES).join(', ')}`);
    parts.push(known[0]);
    return known[1];
  });
  for (const part of ['year', 'month', 'day'] as const) {
    if (!parts.includes(part))
      throw new RangeError(`date_format "${format}" has no ${part}; write for example dd.MM.yyyy`);
  }
  const expression = new RegExp(`^${pattern.join('')}$`);
  return (field) => {
    const found = expression.exec(field);
    // An ISO date means one thing only, whatever the rest of the file looks like.
    if (!found)
      return INSTANT.test(field) ? instant(field) : refuse(`${shown(field)} is not a date of the format ${format}`);
    const clock: Clock = { year: '', month: '', day: '', hour: '0', minute: '0', second: '0', milliseconds: '0' };
    parts.forEach((part, i) => {
      clock[part] = found[i + 1];
    });
    return assemble(field, clock, 0);
  };
}
