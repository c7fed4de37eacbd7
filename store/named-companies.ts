import type { Instant } from '../features/index.ts';
import type { NamedCompany } from '../insights/index.ts';
import type { Database } from './database.ts';

/** Who a company is to the program. */
export interface KnownCompany extends NamedCompany {
  who: { kind: 'partner' | 'account'; id: string };
}

/** Companies read together: memory is bounded by them. */
const TOGETHER = 5000;

/** Every partner and account known before a moment by its latest name, in pages. */
export async function* companiesKnown(database: Database, knownBefore: Instant): AsyncGenerator<KnownCompany[]> {
  for (const kind of ['partner', 'account'] as const) {
    for (let after = ''; ; ) {
      // What was loaded as history has a known_at that says nothing of when the company was there.
      const rows = await database.query<NamedCompany & { id: string }>(
        `select distinct on (${kind}_id) ${kind}_id as id, name, website, country from ${kind}
         where ${kind}_id > $1 and (lag_days is not null or known_at < $2)
         order by ${kind}_id, known_at desc limit ${TOGETHER}`,
        [after, new Date(knownBefore)],
      );
      if (rows.length === 0) break;
      yield rows.map(({ id, ...named }) => ({ ...named, who: { kind, id } }));
      after = rows[rows.length - 1].id;
    }
  }
}
