import { nearest } from './nearest.ts';

/** Why a field is not understood. */
export interface Fault {
  reason: string;
}

/** Turns the text of a field into a value, or says why not; the text has been trimmed and is not empty. */
export type Parse<Value extends string | number> = (text: string) => Value | Fault;

const LONGEST_TEXT = 10_000;
const LONGEST_ID_BYTES = 512;
/** Beyond this a double no longer counts single units. */
const LARGEST = 2 ** 53;
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const KIND = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** Whether a field was not understood. */
export function isFault(parsed: string | number | Fault): parsed is Fault {
  return typeof parsed === 'object';
}

/** A refusal with its reason. */
export const refuse = (reason: string): Fault => ({ reason });
/** A text as it is shown in a reason. */
export const shown = (text: string) => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** Any text without control characters. */
export const text: Parse<string> = (field) => {
  if (field.length > LONGEST_TEXT) return refuse(`${field.length} characters, where ${LONGEST_TEXT} is the most`);
  if (!field.isWellFormed()) return refuse(`${shown(field)} holds half a character`);
  return CONTROL.test(field) ? refuse(`${shown(field)} holds a control character`) : field;
};

/** A text that names something. */
export const id: Parse<string> = (field) =>
  field.length * 3 > LONGEST_ID_BYTES && Buffer.byteLength(field) > LONGEST_ID_BYTES
    ? refuse(`an id of ${Buffer.byteLength(field)} bytes, where ${LONGEST_ID_BYTES} is the most`)
    : text(field);

/** A dotted word such as `deal.registered`. */
export const kind: Parse<string> = (field) =>
  KIND.test(field)
    ? field
    : refuse(`${shown(field)} is no kind: write dotted lower-case words such as deal.registered, or map the values`);

/** One of a closed list of words. */
export function oneOf(words: readonly string[]): Parse<string> {
  return (field) => {
    const word = field.toLowerCase();
    return words.includes(word)
      ? word
      : refuse(`${shown(field)} is none of ${words.join(', ')}${nearest(word, words)}`);
  };
}

/** A decimal number with a point. */
export const number: Parse<number> = (field) => {
  if (!NUMBER.test(field)) return refuse(`${shown(field)} is not a number (write 1234.5${comma(field)})`);
  const value = Number(field);
  if (Math.abs(value) > LARGEST) return refuse(`${shown(field)} is too large to be exact`);
  return value === 0 ? 0 : value;
};

function comma(field: string): string {
  return field.includes(',') ? ', or declare "decimal" in a mapping: "," or "."' : '';
}

/** Digits in groups of three, as people write large numbers. */
const GROUPED = {
  '.': /^[+-]?\d{1,3}(?:[,' \u00a0\u202f]\d{3})+(?!\d)/,
  ',': /^[+-]?\d{1,3}(?:[.' \u00a0\u202f]\d{3})+(?!\d)/,
};

/**
 * The text of a number as programs write it.
 * @param decimal what stands before the decimals; thousands may then be grouped by the other one, by blanks or apostrophes
 */
export function plainNumber(field: string, decimal: '.' | ','): string {
  const grouped = GROUPED[decimal].exec(field)?.[0] ?? '';
  const plain = grouped.replace(/[^\d+-]/g, '') + field.slice(grouped.length);
  return decimal === ',' ? plain.replace('.', '?').replace(',', '.') : plain;
}

/** A number without decimals, not below zero. */
export const count: Parse<number> = (field) => {
  const value = number(field);
  if (isFault(value)) return value;
  return Number.isInteger(value) && value >= 0 ? value : refuse(`${shown(field)} is not a whole number`);
};

/** A number above zero. */
export const positive: Parse<number> = (field) => {
  const value = number(field);
  return isFault(value) || value > 0 ? value : refuse(`${shown(field)} is not above zero`);
};

/** An ISO 4217 code. */
export const currency: Parse<string> = (field) =>
  CURRENCIES.has(field) ? field : refuse(`${shown(field)} is not an ISO 4217 currency code such as EUR`);

/** A JSON object. */
export const json: Parse<string> = (field) => {
  try {
    const value: unknown = JSON.parse(field);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return storable(JSON.stringify(value));
  } catch {}
  return refuse(`${shown(field)} is not a JSON object`);
};

/** PostgreSQL's jsonb holds neither NUL nor half a character; `JSON.stringify` writes both as escapes. */
export function storable(json: string): string | Fault {
  return UNSTORABLE.test(json) ? refuse(`${shown(json)} holds a NUL or half a character`) : json;
}

const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i;
