import { z } from 'zod';
import { type Company, column, type Described, type FeatureTable, type FeatureView } from '../../features/index.ts';
import { quantile } from '../bootstrap.ts';

/** What makes a company have a trait: its value of a feature. */
export interface TraitTest {
  at: 'is' | 'at least' | 'at most';
  value: number;
}

/** A test as it is saved. */
export const traitTest = z.strictObject({ at: z.enum(['is', 'at least', 'at most']), value: z.number() });

/** Something a company has or has not. */
export interface Trait {
  /** `technologies=sap`, `employees>=120`. */
  trait: string;
  feature: string;
  test: TraitTest;
  /** In words, a clause with a capital. */
  says: string;
}

export const HAS_NOT = 0;
export const HAS = 1;
export const UNKNOWN = 2;

/** Per row of a table `HAS`, `HAS_NOT` or `UNKNOWN`; all unknown where the table has no such feature. */
export function holders({ feature, test }: Trait, table: FeatureTable): Uint8Array {
  if (!table.names.includes(feature)) return new Uint8Array(table.entities.length).fill(UNKNOWN);
  return Uint8Array.from(column(table, feature), (value) =>
    Number.isNaN(value) ? UNKNOWN : Number(holds(test, value)),
  );
}

function holds({ at, value }: TraitTest, found: number): boolean {
  if (at === 'is') return found === value;
  return at === 'at least' ? found >= value : found <= value;
}

/** What of a feature its traits are made from. */
export type TraitSource = Pick<Described, 'name' | 'unit' | 'description' | 'trait' | 'reason'>;

/** More digits of a cut nobody keeps in mind. */
const DIGITS = 3;

/** Where numbers are cut: at quarters that follow from how they lie, not from who is top, so that no cut is chosen. */
const CUTS: readonly [at: 'at most' | 'at least', q: number][] = [
  ['at most', 0.25],
  ['at least', 0.5],
  ['at least', 0.75],
];

/** The traits that a feature's column can make: one of a flag, up to three of a number. */
export function traitsOf(feature: TraitSource, values: Float32Array): Trait[] {
  const told = { feature: feature.name };
  if (feature.unit === 'flag') {
    const trait = feature.trait ?? feature.name;
    return [{ ...told, trait, test: { at: 'is', value: 1 }, says: feature.reason.high(TOLD) }];
  }
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const tests = CUTS.map(([at, q]) => ({ at, value: Number(quantile(sorted, q).toPrecision(DIGITS)) }));
  return tests
    .filter(
      ({ at, value }, i) => Number.isFinite(value) && tests.findIndex((t) => t.at === at && t.value === value) === i,
    )
    .map((test) => ({ ...told, ...named(feature, test), test }));
}

const TOLD = { value: '1', number: '1', peers: '0', usual: 'unknown' };

function named({ name, description }: TraitSource, { at, value }: TraitTest): Pick<Trait, 'trait' | 'says'> {
  const what = description.replace(/\.$/, '');
  return at === 'at most'
    ? { trait: `${name}<=${value}`, says: `${what}: ${value} at most` }
    : { trait: `${name}>=${value}`, says: `${what}: ${value} or more` };
}

/** A trait as it is written, `technologies=sap`, `employees>=120` or `employees<=30`, in the terms of a view. */
export function readTrait(text: string, view: FeatureView<Company>): Trait | null {
  const wanted = text.trim().toLowerCase();
  const flag = view.features.find((feature) => feature.unit === 'flag' && (feature.trait ?? feature.name) === wanted);
  if (flag) return traitsOf(flag, new Float32Array(0))[0];
  const parts = /^([a-z0-9_]+)\s*(>=|<=)\s*(\d+(?:\.\d+)?)$/.exec(wanted);
  const feature = parts && view.features.find(({ name, unit }) => name === parts[1] && unit !== 'flag');
  if (!parts || !feature) return null;
  const test: TraitTest = { at: parts[2] === '>=' ? 'at least' : 'at most', value: Number(parts[3]) };
  return { feature: feature.name, test, ...named(feature, test) };
}
