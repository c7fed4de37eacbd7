import { column, type FeatureTable } from '../../features/index.ts';
import type { PropensityInput } from './propensity.ts';
import { scaleOf } from './rivals.ts';

/** Columns whose means lie this many deviations apart tell two groups of companies apart (Cohen 1988: small is 0.2). */
const APART = 0.25;
const NAMED = 3;

/**
 * What the choice of whom to approach has done to the learning: whom it has seen, and in what prospects differ most
 * from the companies that became partners. Standardised mean differences as in Austin 2009.
 */
export function tellSelection({ partners, prospects, approached }: PropensityInput): string {
  const seen =
    'Fit is learnt from companies that were approached and signed, accept from those that were approached; of companies ' +
    'unlike them either may be wrong, and nothing here would show it.';
  const apart = differences(partners.whenSigned, prospects);
  const unlike =
    apart.length > 0
      ? ` Prospects differ from partners most in ${apart.map(({ name, by }) => `${name} (${by > 0 ? '+' : '−'}${Math.abs(by).toFixed(1)} deviations)`).join(', ')}.`
      : ' In none of the traits that both have do prospects differ much from partners.';
  const chosen = approached ? differences(prospects, approached.table) : [];
  const approach =
    chosen.length > 0
      ? ` Whom to approach was chosen: those approached differ from all prospects in ${chosen.map(({ name, by }) => `${name} (${by > 0 ? '+' : '−'}${Math.abs(by).toFixed(1)})`).join(', ')}.`
      : '';
  return `${seen}${unlike}${approach}`;
}

/** In which columns the second table's mean lies most deviations above (+) or below (−) the first's. */
function differences(from: FeatureTable, to: FeatureTable): { name: string; by: number }[] {
  return from.names
    .filter((name) => to.names.includes(name) && isKnown(column(from, name)) && isKnown(column(to, name)))
    .map((name) => {
      const [a, b] = [scaleOf(column(from, name)), scaleOf(column(to, name))];
      const spread = Math.sqrt((a.deviation ** 2 + b.deviation ** 2) / 2);
      return { name, by: spread > 0 ? (b.mean - a.mean) / spread : 0 };
    })
    .filter(({ by }) => Math.abs(by) >= APART)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by))
    .slice(0, NAMED);
}

/** Whether most rows have it: what one side never records sets nobody apart. */
function isKnown(values: Float32Array): boolean {
  return values.filter((value) => !Number.isNaN(value)).length > values.length / 2;
}
