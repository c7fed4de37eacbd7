import type { Column } from './columns.ts';
import { detectDateFormat } from './date-formats.ts';
import { isFault } from './fields.ts';
import { ISO, instantFormatted } from './instants.ts';
import type { TableMapping } from './mapping.ts';

/** How many dates are looked at to find out how they are written. */
const SAMPLE = 1000;

/** Reads dates written in a format; of a month, its name alone as well. */
export function dateParser(type: 'instant' | 'day' | 'month', format: string): Column['parse'] {
  const dates = instantFormatted(format);
  return type === 'month' ? (field) => dates(/^\d{4}-\d{2}$/.test(field) ? `${field}-01` : field) : dates;
}

/** The format that a mapping declares for a column of ours. */
export function declaredFormat(name: string, { date_format }: TableMapping): string | undefined {
  return typeof date_format === 'object' ? date_format[name] : date_format;
}

/** Finds out how the dates of columns are written whose format is not declared, as soon as rows have some. */
export class DateFinder {
  #open: Column[];
  /** By our column, the format its dates are read in, where it is not ISO 8601. */
  readonly found: Record<string, string> = {};

  constructor(columns: readonly Column[], table: TableMapping) {
    const dated = columns.filter(({ type, theirs }) => typeof type === 'string' && theirs.length > 0);
    for (const { name } of dated) {
      const declared = declaredFormat(name, table);
      if (declared !== undefined && declared !== ISO) this.found[name] = declared;
    }
    this.#open = dated.filter(({ name }) => declaredFormat(name, table) === undefined);
  }

  /**
   * Looks at some rows.
   * @throws RangeError when dates can be read in two ways
   */
  look(rows: readonly (readonly string[])[]): void {
    if (this.#open.length > 0) this.#open = this.#open.filter((column) => !this.#settle(column, rows));
  }

  #settle(column: Column, rows: readonly (readonly string[])[]): boolean {
    const texts: string[] = [];
    for (const fields of rows) {
      const text = column.text(fields);
      if (text !== '') texts.push(text);
      if (texts.length === SAMPLE) break;
    }
    if (texts.length === 0) return false;
    const format = inColumn(column, () => detectDateFormat(texts));
    // Where nothing can be read, the dates are still to come.
    if (format === ISO && texts.every((text) => isFault(column.parse(text)))) return false;
    if (format !== ISO) {
      this.found[column.name] = format;
      column.parse = dateParser(column.type as 'instant' | 'day' | 'month', format);
    }
    return true;
  }
}

function inColumn<Result>({ theirs }: Column, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`${theirs.join(' + ')}: ${error.message}`) : error;
  }
}
