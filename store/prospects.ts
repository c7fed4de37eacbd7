import type { Instant } from '../features/index.ts';
import type { Database } from './database.ts';

/** A prospect in the version known at a moment; attributes are text, null is unknown. */
export interface Prospect {
  prospectId: string;
  name: string;
  website: string | null;
  country: string | null;
  industry: string | null;
  employees: string | null;
  technologies: string | null;
}

/** Prospects read together: memory is bounded by them. */
const TOGETHER = 5000;

/** The prospects known before a moment, each once in its latest version by then, in the order of their ids, in pages. */
export async function* prospectsKnown(database: Database, knownBefore: Instant): AsyncGenerator<Prospect[]> {
  let after = '';
  for (;;) {
    const page: Prospect[] = await database.query<Prospect>(
      `select distinct on (prospect_id) prospect_id as "prospectId", name, website, country, industry,
         employees::text as employees, technologies
       from prospect where prospect_id > $1 and known_at < $2
       order by prospect_id, known_at desc limit ${TOGETHER}`,
      [after, new Date(knownBefore)],
    );
    if (page.length === 0) return;
    yield page;
    after = page[page.length - 1].prospectId;
  }
}
