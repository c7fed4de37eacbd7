import { DAY, formatDay, type Instant } from '../../features/index.ts';
import { type Fault, type Parse, refuse, shown } from './fields.ts';

const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);
const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** ISO 8601, as messages call it. */
export const ISO = 'yyyy-MM-dd';

/** Whether a text is written as ISO 8601 writes dates; the day may not exist. */
export function isIso(text: string): boolean {
  return INSTANT.test(text);
}

/** An ISO 8601 date or date and time; without an offset it is UTC, a bare date is its midnight. */
const instant: Parse<Instant> = (field) => plainInstant(field) ?? anyInstant(field);

/** `yyyy-MM-ddTHH:mm:ssZ`, as most programs write; undefined for all else, right or wrong. */
function plainInstant(field: string): Instant | undefined {
  if (field.length !== 20 || field[4] !== '-' || field[7] !== '-' || field[10] !== 'T') return undefined;
  if (field[13] !== ':' || field[16] !== ':' || field[19] !== 'Z') return undefined;
  const [year, month, day] = [digits(field, 0) * 100 + digits(field, 2), digits(field, 5), digits(field, 8)];
  const [hour, minute, second] = [digits(field, 11), digits(field, 14), digits(field, 17)];
  if (!(year >= 1900 && year < 2200 && hour < 24 && minute < 60 && second < 60)) return undefined;
  const value = midnight(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1000;
  return Number.isNaN(value) ? undefined : value;
}

/** The number that two digits are; NaN when they are none. */
function digits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

const anyInstant: Parse<Instant> = (field) => {
  const parts = INSTANT.exec(field);
  if (!parts)
    return refuse(
      `${shown(field)} is not a date: expected yyyy-MM-dd or yyyy-MM-ddTHH:mm:ssZ, or a date_format in the mapping`,
    );
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const offset = zone === undefined ? 0 : offsetMinutes(zone);
  if (offset === null) return refuse(`${shown(field)} has an offset from UTC that no place has`);
  const milliseconds = fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
  const clock = ((Number(hour ?? 0) * 60 + Number(minute ?? 0) - offset) * 60 + Number(second ?? 0)) * 1000;
  const exists = Number(hour ?? 0) < 24 && Number(minute ?? 0) < 60 && Number(second ?? 0) < 60;
  return within(field, exists ? midnight(Number(year), Number(month), Number(day)) : Number.NaN, clock + milliseconds);
};

/** The UTC midnight of a day; NaN when it does not exist. Years below 100 would be taken for those of the last century. */
function midnight(year: number, month: number, day: number): number {
  if (year < 100 || month < 1 || month > 12 || day < 1 || day > 31) return Number.NaN;
  const midnight = Date.UTC(year, month - 1, day);
  return day <= 28 || new Date(midnight).getUTCDate() === day ? midnight : Number.NaN;
}

function within(field: string, day: number, sinceMidnight: number): Instant | Fault {
  if (Number.isNaN(day)) return refuse(`${shown(field)} is no day or time that exists`);
  const value = day + sinceMidnight;
  return value >= EARLIEST && value < LATEST
    ? value
    : refuse(`${shown(field)} lies outside ${formatDay(EARLIEST)} to ${formatDay(LATEST)}`);
}

function offsetMinutes(zone: string): number | null {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (!parts) return 0;
  const [hours, minutes] = [Number(parts[2]), Number(parts[3] ?? 0)];
  if (hours > 14 || minutes > 59) return null;
  return (parts[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
type Part = 'year' | 'century' | 'month' | 'monthName' | 'day' | 'hour' | 'half' | 'minute' | 'second' | 'milliseconds';

/** Pieces of a date format (Unicode TR35) and what each reads. */
const PIECES: Record<string, [part: Part, pattern: string]> = {
  yyyy: ['year', '(\\d{4})'],
  yy: ['century', '(\\d{2})'],
  MMM: ['monthName', `(${MONTHS.join('|')})[a-z]*\\.?`],
  MM: ['month', '(\\d{2})'],
  M: ['month', '(\\d{1,2})'],
  dd: ['day', '(\\d{2})'],
  d: ['day', '(\\d{1,2})'],
  HH: ['hour', '(\\d{2})'],
  H: ['hour', '(\\d{1,2})'],
  hh: ['hour', '(\\d{2})'],
  h: ['hour', '(\\d{1,2})'],
  a: ['half', '([ap])\\.?m\\.?'],
  mm: ['minute', '(\\d{2})'],
  ss: ['second', '(\\d{2})'],
  SSS: ['milliseconds', '(\\d{3})'],
};
/** Counts since 1970, of 1973 to 2286: no pattern of letters describes them, and their length tells them apart. */
const EPOCHS: Record<string, [pattern: RegExp, milliseconds: number]> = {
  epoch_s: [/^\d{9,10}$/, 1000],
  epoch_ms: [/^\d{12,13}$/, 1],
};

/**
 * Reads instants of one declared format, in UTC.
 * @param format letters as in Unicode TR35: yyyy or yy, MMM, MM or M, dd or d, HH, H, hh or h with a (AM, PM), mm, ss, SSS;
 *   all else stands for itself. Or epoch_s, epoch_ms. ISO 8601 is understood beside it
 * @throws RangeError when the format lacks year, month or day, or has a letter that means nothing here
 */
export function instantFormatted(format: string): Parse<Instant> {
  if (format === ISO) return instant;
  const read = Object.hasOwn(EPOCHS, format) ? epoch(...EPOCHS[format]) : patterned(format);
  // An ISO date means one thing only, whatever the rest of the file looks like.
  return (field) =>
    read(field) ?? (isIso(field) ? instant(field) : refuse(`${shown(field)} is not a date of the format ${format}`));
}

type Reader = (field: string) => Instant | Fault | undefined;

function epoch(pattern: RegExp, milliseconds: number): Reader {
  return (field) => (pattern.test(field) ? within(field, 0, Number(field) * milliseconds) : undefined);
}

function patterned(format: string): Reader {
  const parts: Part[] = [];
  const pattern = (format.match(/([a-zA-Z])\1*|[^a-zA-Z]/g) ?? []).map((piece) => {
    if (!/[a-zA-Z]/.test(piece) || piece === 'T' || piece === 'Z') return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const known = PIECES[piece];
    if (!known)
      throw new RangeError(`date_format "${format}": "${piece}" is none of ${Object.keys(PIECES).join(', ')}`);
    parts.push(known[0]);
    return known[1];
  });
  const lacking = [
    ['year', 'century'],
    ['month', 'monthName'],
    ['day', 'day'],
  ].find((names) => !parts.some((part) => names.includes(part)));
  if (lacking) throw new RangeError(`date_format "${format}" has no ${lacking[0]}; write for example dd.MM.yyyy`);
  const expression = new RegExp(`^${pattern.join('')}$`, 'i');
  return (field) => {
    const found = expression.exec(field);
    return found ? assemble(field, parts, found) : undefined;
  };
}

/** A year of two digits is of 1969 to 2068, as POSIX strptime has it. */
const CENTURY_TURNS = 69;

function assemble(field: string, parts: readonly Part[], found: readonly string[]): Instant | Fault {
  const numbers: Partial<Record<Part, number>> = {};
  let half: string | undefined;
  parts.forEach((part, i) => {
    const text = found[i + 1].toLowerCase();
    if (part === 'half') half = text;
    else if (part === 'monthName') numbers.month = MONTHS.indexOf(text.slice(0, 3)) + 1;
    else if (part === 'century') numbers.year = Number(text) + (Number(text) < CENTURY_TURNS ? 2000 : 1900);
    else numbers[part] = Number(text);
  });
  const { year = 0, month = 0, day = 0, minute = 0, second = 0, milliseconds = 0 } = numbers;
  const hour = hourOf(numbers.hour ?? 0, half);
  const exists = hour < 24 && minute < 60 && second < 60;
  const clock = ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds;
  return within(field, exists ? midnight(year, month, day) : Number.NaN, clock);
}

/** 12 AM is midnight, 12 PM is noon; what no clock shows becomes 24. */
function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return 24;
  return (hour % 12) + (half === 'p' ? 12 : 0);
}

const days = new Map<number, string>();
const two = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0'));
/** Days remembered as text; facts lie on far fewer. */
const DAYS_MOST = 100_000;

/** An instant as ISO 8601 in UTC, what `Date.toISOString` gives; several times as fast. */
export function writeInstant(instant: Instant): string {
  const day = Math.floor(instant / DAY);
  let date = days.get(day);
  if (date === undefined) {
    if (days.size >= DAYS_MOST) days.clear();
    date = formatDay(instant);
    days.set(day, date);
  }
  const clock = instant - day * DAY;
  const second = Math.floor(clock / 1000);
  const milliseconds = clock % 1000;
  return `${date}T${two[Math.floor(second / 3600)]}:${two[Math.floor(second / 60) % 60]}:${two[second % 60]}.${
    milliseconds === 0 ? '000' : String(milliseconds).padStart(3, '0')
  }Z`;
}
