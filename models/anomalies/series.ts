import { formatDay, type Instant } from '../../features/index.ts';

/** Weekly or daily counts or amounts of several series on one calendar. NaN is unknown (not yet tracked, a gap); 0 is none. */
export interface SeriesSet {
  ids: readonly string[];
  /** When each period begins, ascending, `days` apart: periods are counted in UTC, so no clock change makes one longer. */
  periods: Float64Array;
  days: 7 | 1;
  /** Series by series: `values[series × periods.length + period]`. */
  values: Float64Array;
  /** Counts (the default) are whole numbers; amounts are any numbers ≥ 0. */
  law?: Law;
  /** The peers of each series, which it leans on while little is known of it. Without: all are peers. */
  groups?: readonly string[];
  /** Business days of each period: what there was time for. Without: every period is alike. */
  business?: Float64Array;
}

/** How values come about: as counts of events, or as sums of them. */
export type Law = 'counts' | 'amounts';

/** Per series and scored period, in the layout of the values. */
export interface Findings {
  /** What was expected before the value was seen, in the unit of the values; NaN during warm-up. */
  expected: Float64Array;
  /** The middle 90 % of what was expected. */
  low: Float64Array;
  high: Float64Array;
  /** Two-sided mid-p value, 0 to 1; NaN where nothing is told: warm-up, or an unknown value. */
  p: Float64Array;
  /** 1 above what was expected, −1 below, 0 as expected or not told. */
  direction: Int8Array;
}

/** Findings of so many values, nothing told of any. */
export function blankFindings(length: number): Findings {
  const unknown = () => new Float64Array(length).fill(Number.NaN);
  return { expected: unknown(), low: unknown(), high: unknown(), p: unknown(), direction: new Int8Array(length) };
}

/**
 * @throws RangeError naming the series and the period where a set has the wrong shape, or a value no history can have:
 * negative, infinite, or a count that is not whole
 */
export function requireSeries(set: SeriesSet): void {
  const { ids, periods, days, values, groups, business } = set;
  requireLength('values', values.length, ids.length * periods.length);
  if (groups) requireLength('groups', groups.length, ids.length);
  if (business) requireLength('business days', business.length, periods.length);
  const step = days * 86_400_000;
  for (let i = 1; i < periods.length; i++) {
    if (periods[i] - periods[i - 1] === step) continue;
    throw new RangeError(
      `periods must follow each other ${days} days apart, and ${formatDay(periods[i])} follows ${formatDay(periods[i - 1])}; ` +
        'a period that nothing is known of has unknown values, not none',
    );
  }
  const exposures = business ?? [];
  for (let i = 0; i < exposures.length; i++) requireBusinessDays(exposures[i], days, periods[i]);
  for (let s = 0; s < ids.length; s++) {
    for (let t = 0; t < periods.length; t++) requireValue(values[s * periods.length + t], set.law, ids[s], periods[t]);
  }
}

function requireLength(what: string, found: number, expected: number): void {
  if (found !== expected) throw new RangeError(`expected ${expected} ${what}, and found ${found}`);
}

/** @throws RangeError when a period cannot have so many business days */
export function requireBusinessDays(found: number, days: number, period: Instant): void {
  if (!(found >= 0 && found <= days)) {
    throw new RangeError(
      `a period of ${days} days has 0 to ${days} business days, not ${found} (${formatDay(period)})`,
    );
  }
}

/** @throws RangeError when a value is neither unknown nor what its law allows */
export function requireValue(value: number, law: Law | undefined, id: string, period: Instant): void {
  if (Number.isNaN(value)) return;
  const kind = law ?? 'counts';
  const fits = value >= 0 && Number.isFinite(value) && (kind === 'amounts' || Number.isInteger(value));
  if (fits) return;
  const accepted = kind === 'counts' ? 'whole numbers from 0 on' : 'finite numbers from 0 on';
  throw new RangeError(
    `series ${id} has ${value} in the period from ${formatDay(period)}; ${kind} are ${accepted}, or unknown (NaN)`,
  );
}
