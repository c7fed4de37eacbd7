import { type DealEvent, type DealVersion, dealEvents, type Instant } from '../features/index.ts';
import { ByteDictionary } from './byte-dictionary.ts';
import { type CopyRow, visitCopyRows } from './copy-binary.ts';
import { type Database, literal } from './database.ts';
import { type Known, loadedUpTo } from './known.ts';

/** What the deals of some partners say, by partner, each partner's ascending by the bytes of their ids. */
export async function readDealEvents(
  database: Database,
  partners: readonly string[],
  known: Known,
): Promise<Map<string, DealEvent[]>> {
  const ofPartners = `partner_id in (${partners.map(literal).join(', ')})`;
  const words = new ByteDictionary();
  const versions = await readVersions(database, ofPartners, words, known);
  const events = new Map<string, DealEvent[]>();
  const parts = `select min(case when lag_days is null then known_at else '-infinity' end), partner_id, deal_id
    from deal_partner where ${ofPartners} and ${loadedUpTo(known)}
    group by partner_id, deal_id order by partner_id, deal_id`;
  await visitCopyRows(database.copyOut(parts), 3, (row) => {
    const partnerId = row.text(1) ?? '';
    const ofPartner = events.get(partnerId);
    const said = dealEvents(row.instant(0), versions.get(codeOf(row, 2, words)) ?? []);
    if (ofPartner) ofPartner.push(...said);
    else events.set(partnerId, said);
  });
  for (const each of events.values()) sortByBytes(each);
  return events;
}

/** The versions of the deals that partners have a part in, by the code of their id, ascending by when they were known. */
async function readVersions(
  database: Database,
  ofPartners: string,
  words: ByteDictionary,
  known: Known,
): Promise<Map<number, DealVersion[]>> {
  const select = `select known_at, submitted_at, decided_at, closed_at, lag_days, amount,
      deal_id, decision, outcome, currency, account_id, product
    from deal where deal_id in (select deal_id from deal_partner where ${ofPartners}) and ${loadedUpTo(known)}`;
  const versions = new Map<number, DealVersion[]>();
  await visitCopyRows(database.copyOut(select), 12, (row) => {
    const code = codeOf(row, 6, words);
    const version = versionOf(row, words);
    const others = versions.get(code);
    if (others) others.push(version);
    else versions.set(code, [version]);
  });
  for (const each of versions.values()) each.sort((a, b) => a.knownAt - b.knownAt);
  return versions;
}

function versionOf(row: CopyRow, words: ByteDictionary): DealVersion {
  const word = (field: number) => words.word(codeOf(row, field, words));
  return {
    knownAt: row.instant(0),
    submittedAt: orNull(row.instant(1)),
    decidedAt: orNull(row.instant(2)),
    closedAt: orNull(row.instant(3)),
    lagDays: orNull(row.double(4)),
    amount: orNull(row.double(5)),
    dealId: word(6) ?? '',
    decision: word(7),
    outcome: word(8),
    currency: word(9),
    accountId: word(10),
    product: word(11),
  };
}

function codeOf({ bytes, from, length }: CopyRow, field: number, words: ByteDictionary): number {
  return words.code(bytes, from[field], length[field]);
}

function orNull(value: Instant): Instant | null {
  return Number.isNaN(value) ? null : value;
}

const SURROGATE = /[\ud800-\udfff]/;

/** Sorts by the bytes of ids in UTF-8; UTF-16, in which texts compare, has the same order but for its surrogates. */
function sortByBytes(events: DealEvent[]): void {
  if (events.some(({ id }) => SURROGATE.test(id))) {
    events.sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
  } else events.sort((a, b) => (a.id === b.id ? 0 : a.id < b.id ? -1 : 1));
}
