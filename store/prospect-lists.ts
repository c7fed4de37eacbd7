import type { ProspectCounts } from '../insights/index.ts';
import type { Instant, RankedProspect } from '../models/index.ts';
import type { Database } from './database.ts';
import type { ProspectAction } from './prospect-actions.ts';

/** A list of prospects as it was published. */
export interface ProspectList {
  asOf: Instant;
  /** Version of the profile it was made by. */
  profile: string;
  /** How well it can be known who would be a top partner, in a sentence. */
  says: string;
  counts: ProspectCounts;
  /** What was found of the models behind it. */
  card: unknown;
  publishedAt: Instant;
}

/** A prospect on a list, with what is known of it today and what was done with it. */
export interface ListedProspect extends Omit<RankedProspect, 'fit'> {
  /** As in `RankedProspect`; null where it cannot be predicted. */
  fit: number | null;
  name: string;
  website: string | null;
  country: string | null;
  industry: string | null;
  employees: number | null;
  technologies: string | null;
  /** What was done with it last; null while it is open. */
  action: Exclude<ProspectAction, 'reopened'> | null;
  actedAt: Instant | null;
}

/** Publishes the list of a day in the place of one that was there. @param ranked the best first */
export async function publishProspects(
  transaction: Database,
  list: ProspectList,
  ranked: readonly RankedProspect[],
): Promise<void> {
  const day = new Date(list.asOf);
  await transaction.query('delete from listed_prospect where as_of = $1', [day]);
  await transaction.query('delete from prospect_list where as_of = $1', [day]);
  await transaction.query(
    `insert into prospect_list (as_of, profile, says, counts, card, published_at)
     values ($1, $2, $3, $4::jsonb, $5::jsonb, $6)`,
    [
      day,
      list.profile,
      list.says,
      JSON.stringify(list.counts),
      JSON.stringify(list.card ?? null),
      new Date(list.publishedAt),
    ],
  );
  for (const [i, { prospectId, fit, accept, exploratory, ...told }] of ranked.entries()) {
    await transaction.query(
      `insert into listed_prospect (as_of, prospect_id, rank, fit, accept, exploratory, matched, against, nearest, reasons)
       values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9::jsonb, $10::jsonb)`,
      [
        day,
        prospectId,
        i + 1,
        Number.isNaN(fit) ? null : fit,
        accept,
        exploratory,
        ...[told.matched, told.against, told.nearest, told.reasons].map((each) => JSON.stringify(each)),
      ],
    );
  }
}

interface ListRow {
  as_of: Date;
  profile: string;
  says: string;
  counts: ProspectCounts;
  card: unknown;
  published_at: Date;
}

/** The latest list of a day not after a moment, and after another; null when there is none. */
export async function prospectList(
  database: Database,
  { upTo, after }: { upTo?: Instant | undefined; after?: Instant | undefined } = {},
): Promise<ProspectList | null> {
  const [row] = await database.query<ListRow>(
    `select * from prospect_list
     where ($1::timestamptz is null or as_of <= $1) and ($2::timestamptz is null or as_of > $2)
     order by as_of desc limit 1`,
    [upTo === undefined ? null : new Date(upTo), after === undefined ? null : new Date(after)],
  );
  if (!row) return null;
  const { as_of, published_at, ...list } = row;
  return { ...list, asOf: as_of.getTime(), publishedAt: published_at.getTime() };
}

/** The prospects of a list in their order. */
export async function listedProspects(database: Database, asOf: Instant): Promise<ListedProspect[]> {
  const rows = await database.query<
    Omit<ListedProspect, 'prospectId' | 'action' | 'actedAt'> & {
      prospect_id: string;
      action: ProspectAction | null;
      acted_at: Date | null;
    }
  >(
    `with listed as (select * from listed_prospect where as_of = $1),
       told as (
         select distinct on (prospect_id) prospect_id, name, website, country, industry, employees, technologies
         from prospect where prospect_id in (select prospect_id from listed) order by prospect_id, known_at desc),
       done as (
         select distinct on (prospect_id) prospect_id, action, acted_at
         from prospect_action where prospect_id in (select prospect_id from listed) order by prospect_id, action_id desc)
     select prospect_id, rank, fit, accept, exploratory, matched, against, nearest, reasons,
       coalesce(name, prospect_id) as name, website, country, industry, employees, technologies, action, acted_at
     from listed left join told using (prospect_id) left join done using (prospect_id) order by rank`,
    [new Date(asOf)],
  );
  return rows.map(({ prospect_id, action, acted_at, ...rest }) => {
    const isOpen = action === null || action === 'reopened';
    return {
      ...rest,
      prospectId: prospect_id,
      action: isOpen ? null : action,
      actedAt: isOpen ? null : (acted_at?.getTime() ?? null),
    };
  });
}
