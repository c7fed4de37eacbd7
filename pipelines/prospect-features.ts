import {
  type Company,
  type FeatureTable,
  type FeatureView,
  type Instant,
  joinTables,
  prospectView,
  traitsInUse,
} from '../features/index.ts';
import { type Database, type Prospect, prospectsKnown } from '../store/index.ts';
import { companyTable } from './company-table.ts';

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
  const tables: FeatureTable[] = [companyTable(view, [])];
  for await (const page of prospectsKnown(database, cutoff)) tables.push(prospectTable(view, page, cutoff));
  return { view, table: joinTables(tables) };
}

/** The traits of some prospects. */
export function prospectTable(
  view: FeatureView<Company>,
  prospects: readonly Prospect[],
  cutoff: Instant,
): FeatureTable {
  return companyTable(
    view,
    prospects.map((prospect) => ({ id: prospect.prospectId, cutoff, company: companyOf(prospect) })),
  );
}

/** A prospect as a company with attributes, all of them text. */
export function companyOf(prospect: Prospect): Company {
  return {
    latest(attribute) {
      const value = Object.hasOwn(prospect, attribute) ? prospect[attribute as keyof Prospect] : null;
      return typeof value === 'string' ? value : null;
    },
  };
}
