import { type LateColumns, noColumn, spelled } from './records.ts';

/** Finds the place of a column of theirs. */
export class Header {
  readonly names: readonly string[];
  /** Columns that were looked for, may be missing and are; shorter when they come late. */
  readonly missing: string[];
  readonly #optional: ReadonlySet<string>;
  readonly #absent: LateColumns | undefined;

  /**
   * @param optional columns that may be missing
   * @param absent columns that stand in the header though no record so far has them
   * @throws RangeError when the header has a column twice
   */
  constructor(names: readonly string[], optional: readonly string[], absent?: LateColumns) {
    const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
    if (twice !== undefined) throw new RangeError(`the header has the column "${twice}" twice`);
    this.names = names;
    this.missing = absent?.missing ?? [];
    this.#optional = new Set(optional);
    this.#absent = absent;
  }

  /**
   * Where a column is, by its exact name or else without regard to case; −1 when it is missing and may be. One that may
   * come late counts as missing until then, and has its place already.
   * @throws RangeError when it is missing and must not be
   */
  find(name: string): number {
    const present = spelled(name, this.#present());
    if (present !== undefined) return this.names.indexOf(present);
    const mayCome = this.#absent?.has(name) === true;
    if (!mayCome && !this.#mayLack(name)) throw noColumn(name, this.#present());
    if (!this.#optional.has('*') && !this.missing.includes(name)) this.missing.push(name);
    return mayCome ? this.names.indexOf(name) : -1;
  }

  /** @throws RangeError when the column is missing, even where it may be; now, or later when it has not come */
  mustFind(name: string): number {
    const at = this.find(name);
    if (at < 0) throw noColumn(name, this.#present());
    this.#absent?.require(this.names[at]);
    return at;
  }

  #mayLack(name: string): boolean {
    return this.#optional.has('*') || this.#optional.has(name);
  }

  #present(): string[] {
    return this.names.filter((each) => !this.#absent?.has(each));
  }
}
