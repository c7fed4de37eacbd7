import {
  type Company,
  type FeatureTable,
  type FeatureView,
  type Instant,
  prospectView,
  traitsInUse,
} from '../features/index.ts';
import { type Database, type Prospect, prospectsKnown } from '../store/index.ts';

/** A table of prospects and the view it is a table of, which depends on the words in use. */
export interface ProspectTable {
  view: FeatureView<Company>;
  table: FeatureTable;
}

/** The traits of every prospect known before a day, in two passes: which words are in use, and who has them. */
export async function prospectFeatures(database: Database, cutoff: Instant): Promise<ProspectTable> {
  const traits = traitsInUse();
  for await (const page of prospectsKnown(database, cutoff))
    for (const prospect of page) traits.add(companyOf(prospect));
  const view = prospectView(traits.words());
  const entities: string[] = [];
  const values: number[][] = view.features.map(() => []);
  for await (const page of prospectsKnown(database, cutoff)) {
    for (const prospect of page) {
      const company = companyOf(prospect);
      entities.push(prospect.prospectId);
      view.features.forEach((feature, i) => {
        values[i].push(feature.compute(company) ?? Number.NaN);
      });
    }
  }
  const table: FeatureTable = {
    names: view.features.map(({ name }) => name),
    entities,
    cutoffs: new Float64Array(entities.length).fill(cutoff),
    columns: values.map((column) => Float32Array.from(column)),
    atRisk: new Uint8Array(entities.length).fill(1),
    peers: entities.map(() => ''),
  };
  return { view, table };
}

function companyOf(prospect: Prospect): Company {
  return {
    latest(attribute) {
      return Object.hasOwn(prospect, attribute) ? (prospect[attribute as keyof Prospect] ?? null) : null;
    },
  };
}
