import type { Company, FeatureTable, FeatureView, Instant } from '../features/index.ts';

/** A company to be put into a table, as it was known at a cutoff. */
export interface CompanyRow {
  id: string;
  cutoff: Instant;
  company: Company;
}

/** The features of companies, a row each, in the order they come. */
export function companyTable(view: FeatureView<Company>, rows: readonly CompanyRow[]): FeatureTable {
  const columns = view.features.map(({ compute }) => {
    const values = new Float32Array(rows.length);
    rows.forEach(({ company }, row) => {
      values[row] = compute(company) ?? Number.NaN;
    });
    return values;
  });
  return {
    names: view.features.map(({ name }) => name),
    entities: rows.map(({ id }) => id),
    cutoffs: Float64Array.from(rows, ({ cutoff }) => cutoff),
    columns,
    atRisk: new Uint8Array(rows.length).fill(1),
    peers: rows.map(() => ''),
  };
}
