import type { AttributeVersion, Instant } from '../features/index.ts';
import type { Database } from './database.ts';
import { type Known, loadedUpTo } from './known.ts';

/** A version of an attribute and whose it is. */
interface OfPartner extends AttributeVersion {
  partnerId: string;
}

/** What exports of the partners themselves say of each; name and signature are no history of what it is like. */
const EXPORTED = [
  'type',
  'country',
  'region',
  'time_zone',
  'industry',
  'employees',
  'technologies',
  'capacity',
  'website',
  'parent_partner_id',
  'owner',
  'tier',
] as const;

/**
 * What some partners were like, by when it was known and then by attribute: from inputs that say so, and from exports
 * of the partners, of which only those after the first are history. The view `partner_attribute_history` says the same
 * of all but website and time zone.
 */
export async function readAttributes(
  database: Database,
  partners: readonly string[],
  known: Known,
): Promise<OfPartner[]> {
  const versions = [
    ...(await readDeclared(database, partners, known)),
    ...(await readExported(database, partners, known)),
  ];
  return versions
    .filter(({ knownAt }) => knownAt < known.knownBefore)
    .sort((a, b) => a.knownAt - b.knownAt || (a.attribute < b.attribute ? -1 : Number(a.attribute > b.attribute)));
}

async function readDeclared(database: Database, partners: readonly string[], known: Known): Promise<OfPartner[]> {
  const rows = await database.query<{
    partner_id: string;
    attribute: string;
    value: string;
    valid_from: Date;
    known_at: Date;
  }>(
    `select partner_id, attribute, value, valid_from,
       case when lag_days is null then known_at else least(known_at, valid_from + lag_days * interval '1 day') end as known_at
     from partner_attribute where partner_id = any($1) and ${loadedUpTo(known)}
     order by partner_id, valid_from, attribute_id`,
    [partners],
  );
  return rows.map(({ partner_id, attribute, value, valid_from, known_at }) => ({
    partnerId: partner_id,
    attribute,
    value,
    validFrom: valid_from.getTime(),
    knownAt: known_at.getTime(),
  }));
}

type Export = { partner_id: string; seen_at: Date } & Record<(typeof EXPORTED)[number], string | null>;

async function readExported(database: Database, partners: readonly string[], known: Known): Promise<OfPartner[]> {
  const rows = await database.query<Export>(
    `select partner_id, case when partner.lag_days is null then known_at else loaded_at end as seen_at,
       ${EXPORTED.map((attribute) => `${attribute}::text as ${attribute}`).join(', ')}
     from partner join load using (load_id) where partner_id = any($1) and ${loadedUpTo(known)}
     order by partner_id, seen_at, known_at`,
    [partners],
  );
  return rows.flatMap((row, i) => {
    const before = rows[i - 1]?.partner_id === row.partner_id ? rows[i - 1] : undefined;
    return EXPORTED.filter((attribute) => row[attribute] !== (before?.[attribute] ?? null)).map((attribute) =>
      exported(row, attribute, row.seen_at.getTime()),
    );
  });
}

/** What an export shows is true from when it was seen: since when, it does not say. */
function exported(row: Export, attribute: (typeof EXPORTED)[number], seenAt: Instant): OfPartner {
  return { partnerId: row.partner_id, attribute, value: row[attribute], validFrom: seenAt, knownAt: seenAt };
}
