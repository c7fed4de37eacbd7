import { type Instant, minorDigits, type Unit } from '../features/index.ts';

const NOUNS: Partial<Record<Unit, [one: string, many: string]>> = {
  days: ['day', 'days'],
  weeks: ['week', 'weeks'],
  people: ['contact', 'contacts'],
  products: ['product', 'products'],
  accounts: ['account', 'accounts'],
  kinds: ['kind', 'kinds'],
  technologies: ['technology', 'technologies'],
  changes: ['change', 'changes'],
};

/** By digits behind the point; made once, for making one takes longer than writing a thousand numbers. */
const NUMBERS = [0, 1].map((digits) => new Intl.NumberFormat('en-US', { maximumFractionDigits: digits }));

/** A number as a person would write it: `41`, `0.4`, `63 %`. */
export function writeNumber(value: number, unit: Unit): string {
  if (unit === 'share' || unit === 'probability') return writePercent(value);
  const digits = Math.abs(value) >= 10 || Number.isInteger(value) ? 0 : 1;
  return NUMBERS[digits].format(value);
}

/** A number with what it counts: `41 days`, `1 contact`, `no contacts`; as `writeNumber` where it counts nothing. */
export function writeCount(value: number, unit: Unit): string {
  const text = writeNumber(value, unit);
  const noun = NOUNS[unit];
  if (!noun) return text;
  return text === '0' ? `no ${noun[1]}` : `${text} ${text === '1' ? noun[0] : noun[1]}`;
}

const DAYS = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A day as people write it, UTC: `21 Nov 2026`. */
export function writeDay(instant: Instant): string {
  return DAYS.format(instant);
}

/** A probability or share as a whole percentage: `39 %`. */
export function writePercent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** An amount in minor units, short: `$436k`. */
export function writeMoneyShort(minor: number, currency: string): string {
  const short = moneyFormat(currency, { notation: 'compact', maximumSignificantDigits: 3 });
  return short.format(major(minor, currency)).replace('K', 'k');
}

/** An amount in minor units, in full: `$436,120.50`. */
export function writeMoney(minor: number, currency: string): string {
  const digits = minorDigits(currency);
  const full = moneyFormat(currency, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return full.format(major(minor, currency));
}

function major(minor: number, currency: string): number {
  return minor / 10 ** minorDigits(currency);
}

const formats = new Map<string, Intl.NumberFormat>();

function moneyFormat(currency: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${currency} ${options.notation ?? ''}`;
  const format = formats.get(key) ?? new Intl.NumberFormat('en-US', { style: 'currency', currency, ...options });
  formats.set(key, format);
  return format;
}
