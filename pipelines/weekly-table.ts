import { DAY, formatDay, type Instant, parseDay } from '../features/index.ts';
import type { SeriesSet } from '../models/index.ts';
import { problem } from '../store/index.ts';
import { readCsv } from './ingest/csv.ts';
import { nearest } from './ingest/nearest.ts';
import type { RawRow } from './ingest/raw-rows.ts';

/** A table of weekly series: each row's week as it is written, and where its value is in the set. */
export interface WeeklyTable {
  set: SeriesSet;
  rows: readonly { series: string; week: string; place: number }[];
}

const COLUMNS = ['series', 'week', 'count'] as const;
const WEEK = 7 * DAY;
/** Numbered weeks are counted from this Monday: which one does not matter, that a year has 52 of them and a day does. */
const WEEK_ZERO = parseDay('1970-01-05');
/** Two centuries: a week farther from the others is a slip of the pen. */
const MOST_WEEKS = 10_436;
const MOST_CELLS = 100_000_000;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const ISO_WEEK = /^(\d{4})-?W(\d{2})$/;

/**
 * Reads a CSV of weekly counts: `series`, `week` (a number, a date or an ISO week such as 2026-W07) and `count`, in any
 * order, among other columns. An empty count, and a week that a series has no row of, is unknown.
 * @param law whether counts must be whole
 * @throws a problem `DATA_REFUSED` naming the line, what it has and what is accepted
 */
export async function readWeeklyTable(
  bytes: AsyncIterable<Uint8Array>,
  law: 'counts' | 'amounts',
): Promise<WeeklyTable> {
  const cells: Cell[] = [];
  let places: number[] | null = null;
  try {
    for await (const batch of readCsv(bytes)) {
      for (const row of batch) {
        if (places === null) places = placesOf(row);
        else cells.push(cellOf(row, places, law));
      }
    }
  } catch (error) {
    throw error instanceof RangeError ? refused(`The file cannot be read: ${error.message}.`) : error;
  }
  if (places === null) throw refused('The file is empty; its first line should be series,week,count.');
  if (cells.length === 0) throw refused('The file has a header and no rows.');
  return laidOut(cells, law);
}

interface Cell {
  line: number;
  series: string;
  week: string;
  period: Instant;
  value: number;
}

function refused(message: string): Error {
  return problem('DATA_REFUSED', message);
}

function placesOf({ fields }: RawRow): number[] {
  const header = (fields ?? []).map((name) => name.trim().toLowerCase());
  return COLUMNS.map((column) => {
    const place = header.indexOf(column);
    if (place >= 0 && header.indexOf(column, place + 1) >= 0) throw refused(`The header names "${column}" twice.`);
    if (place >= 0) return place;
    throw refused(
      `The header has no column "${column}"; it has ${header.map((name) => `"${name}"${nearest(name, [column])}`).join(', ')}. ` +
        'Give the file the columns series, week and count.',
    );
  });
}

function cellOf({ line, fields, fault }: RawRow, places: readonly number[], law: 'counts' | 'amounts'): Cell {
  if (fields === null) throw refused(`Line ${line}: ${fault}.`);
  const [series, week, count] = places.map((place) => fields[place]?.trim() ?? '');
  if (series === '') throw refused(`Line ${line} names no series.`);
  return { line, series, week, period: periodOf(week, line), value: countOf(count, line, law) };
}

function countOf(text: string, line: number, law: 'counts' | 'amounts'): number {
  if (text === '') return Number.NaN;
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && Number.isFinite(value) && (law === 'amounts' || Number.isInteger(value))) return value;
  throw refused(
    law === 'counts'
      ? `Line ${line} has the count "${text}"; counts are whole numbers from 0 on, and an unknown one is left empty. For amounts: --amounts.`
      : `Line ${line} has the amount "${text}"; amounts are numbers from 0 on, and an unknown one is left empty.`,
  );
}

function periodOf(text: string, line: number): Instant {
  const begins = isoWeek(text) ?? numberedWeek(text) ?? dayOf(text);
  if (begins !== null) return begins;
  throw refused(
    `Line ${line} has the week "${text}"; write a whole number (12), the day it begins (2026-02-09) or its ISO name (2026-W07).`,
  );
}

function numberedWeek(text: string): Instant | null {
  return /^[+-]?\d{1,6}$/.test(text) ? WEEK_ZERO + Number(text) * WEEK : null;
}

function dayOf(text: string): Instant | null {
  try {
    return parseDay(text);
  } catch {
    return null;
  }
}

/** The Monday of an ISO week: week 1 holds January 4; only long years have a week 53. */
function isoWeek(text: string): Instant | null {
  const [, year, week] = ISO_WEEK.exec(text) ?? [];
  if (!year) return null;
  const first = mondayOf(Date.UTC(Number(year), 0, 4));
  const begins = first + (Number(week) - 1) * WEEK;
  return Number(week) >= 1 && begins < mondayOf(Date.UTC(Number(year) + 1, 0, 4)) ? begins : null;
}

function mondayOf(instant: Instant): Instant {
  return instant - ((new Date(instant).getUTCDay() + 6) % 7) * DAY;
}

function laidOut(cells: readonly Cell[], law: 'counts' | 'amounts'): WeeklyTable {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { period } of cells) [first, last] = [Math.min(first, period), Math.max(last, period)];
  requireOneGrid(cells);
  const weeks = (last - first) / WEEK + 1;
  const numbers = new Map<string, number>();
  for (const { series } of cells) if (!numbers.has(series)) numbers.set(series, numbers.size);
  if (weeks > MOST_WEEKS || weeks * numbers.size > MOST_CELLS) {
    throw refused(
      `The file has ${numbers.size} series over ${weeks} weeks (${formatDay(first)} to ${formatDay(last)}); ` +
        `${MOST_WEEKS} weeks and ${MOST_CELLS} values are the most. Is a week mistyped?`,
    );
  }
  const values = new Float64Array(numbers.size * weeks).fill(Number.NaN);
  const lines = new Int32Array(values.length);
  const rows = cells.map(({ series, week, period, value, line }) => {
    const place = (numbers.get(series) ?? 0) * weeks + (period - first) / WEEK;
    if (lines[place] > 0) {
      throw refused(`Line ${line} has week ${week} of series ${series} again; line ${lines[place]} has it already.`);
    }
    lines[place] = line;
    values[place] = value;
    return { series, week, place };
  });
  const periods = Float64Array.from({ length: weeks }, (_, t) => first + t * WEEK);
  return { set: { ids: [...numbers.keys()], periods, days: 7, values, law }, rows };
}

/** Weeks that begin on different days of the week, or some numbered and some dated, are not of one calendar. */
function requireOneGrid(cells: readonly Cell[]): void {
  const isNumbered = ({ week }: Cell) => numberedWeek(week) !== null;
  for (const cell of cells) {
    if (isNumbered(cell) !== isNumbered(cells[0])) {
      throw refused(
        `Line ${cell.line} has the week "${cell.week}" and line ${cells[0].line} "${cells[0].week}"; number all weeks or date all.`,
      );
    }
    if ((cell.period - cells[0].period) % WEEK === 0) continue;
    throw refused(
      `Line ${cell.line} has a week from ${cell.week} and line ${cells[0].line} one from ${cells[0].week}; ` +
        'all weeks must begin on the same day of the week.',
    );
  }
}
