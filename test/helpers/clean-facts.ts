import {
  type Agreement,
  completeTable,
  FeatureRows,
  type FeatureTable,
  type FeatureView,
  type Instant,
  type Profile,
  type Program,
  parseDay,
  visitHistories,
} from '../../features/index.ts';
import { knownAt, type Line } from './export-files.ts';
import { columnsOf, type SomeEvent } from './facts.ts';
import { grouped } from './records.ts';

/**
 * What a careful clerk makes of untidy exports, by definition and without a store: a row that can be read is believed
 * unless another has said something else of the same thing for the same moment before.
 */
export interface Books {
  believed: readonly Line[];
  refused: readonly Line[];
}

/** What the program of the clerk declares. */
export const DECLARED = {
  qualifyingKinds: new Set(['deal.registered', 'deal.won', 'lead.accepted']),
  reportingCurrency: 'USD',
};

/** Goes through the lines in the order of reading. */
export function keepBooks(lines: readonly Line[]): Books {
  const first = new Map<string, Line>();
  const refused: Line[] = [];
  for (const line of lines) {
    const key = `${line.thing} ${line.fields['known_at']}`;
    const before = first.get(key);
    if (line.fault !== null || (before && JSON.stringify(before.fields) !== JSON.stringify(line.fields)))
      refused.push(line);
    else if (!before) first.set(key, line);
  }
  return { believed: [...first.values()], refused };
}

/**
 * Rows without an id, known when they happened: what files of several loads say in the same words is the same, and
 * each row counts as often as the file that repeats it most.
 */
export function keepTallies(files: readonly (readonly Line[])[]): Books {
  const most = new Map<string, Line[]>();
  const refused = files.flat().filter(({ fault }) => fault !== null);
  for (const lines of files) {
    const own = grouped(
      lines.filter(({ fault }) => fault === null),
      ({ thing }) => thing,
    );
    for (const [thing, rows] of own) if (rows.length > (most.get(thing)?.length ?? 0)) most.set(thing, rows);
  }
  const believed = [...most.values()].flatMap((rows) =>
    rows.map((line, i) => ({
      ...line,
      thing: `${line.thing} ${i}`,
      fields: { ...line.fields, known_at: line.fields['happened_at'] },
    })),
  );
  return { believed, refused };
}

/** Of each thing the latest version that was known before a day. */
export function standingAt({ believed }: Books, cutoff: Instant): Line[] {
  const latest = new Map<string, Line>();
  for (const line of believed.filter((each) => knownAt(each) < cutoff)) {
    const held = latest.get(line.thing);
    if (!held || knownAt(held) < knownAt(line)) latest.set(line.thing, line);
  }
  return [...latest.values()];
}

/** A kind is tracked since the earliest event of it that was on record before the day, whatever became of it since. */
export function programAt({ believed }: Books, cutoff: Instant): Program {
  const since = new Map<string, Instant>();
  for (const line of believed.filter((each) => each.input === 'events' && knownAt(each) < cutoff)) {
    const { kind } = line.fields;
    since.set(kind, Math.min(since.get(kind) ?? Number.POSITIVE_INFINITY, happenedAt(line)));
  }
  return { ...DECLARED, tracking: [...since].map(([kind, from]) => ({ kind, knownBy: cutoff - 1, since: from })) };
}

/** The features as of a day of nothing but the versions that stood then; events that were still to come left out. */
export function featuresAt(books: Books, cutoff: Instant, view: FeatureView): FeatureTable {
  const standing = standingAt(books, cutoff).filter((line) => line.input !== 'events' || happenedAt(line) < cutoff);
  const partners = [...new Set(standing.map(({ fields }) => fields['partner_id']))].sort();
  const each = <Fact>(input: Line['input'], partner: string, read: (line: Line) => Fact) =>
    standing.filter((line) => line.input === input && line.fields['partner_id'] === partner).map(read);
  const events = partners.map((partner) => [partner, each('events', partner, eventOf)]);
  const profiles = partners.map((partner): [string, Profile] => [
    partner,
    {
      signed: each('partners', partner, signatureOf),
      agreements: each('agreements', partner, agreementOf),
      attributes: [],
    },
  ]);
  const columns = columnsOf(Object.fromEntries(events), Object.fromEntries(profiles));
  const rows = new FeatureRows(view, columns.partners.length);
  visitHistories(columns, programAt(books, cutoff), [cutoff], (history) => rows.add(history));
  return completeTable(view, [rows.taken()]).table;
}

const happenedAt = ({ fields }: Line) => Date.parse(fields['happened_at']);
const orNull = <Value>(text: string | undefined, read: (text: string) => Value) => (text ? read(text) : null);

function eventOf(line: Line): SomeEvent {
  const { kind, contact_id, product, value, currency } = line.fields;
  return {
    at: happenedAt(line),
    known: knownAt(line),
    kind,
    contactId: orNull(contact_id, String),
    product: orNull(product, String),
    // No rate is loaded: other money is unknown.
    value: currency && currency !== DECLARED.reportingCurrency ? null : orNull(value, Number),
    currency: orNull(currency, String),
  };
}

function signatureOf(line: Line): Profile['signed'][number] {
  return { at: parseDay(line.fields['signed_on']), knownAt: knownAt(line) };
}

function agreementOf(line: Line): Agreement {
  const { agreement_id, starts_on, renews_on, ended_on, end_reason } = line.fields;
  return {
    id: agreement_id,
    knownAt: knownAt(line),
    startsOn: parseDay(starts_on),
    renewsOn: orNull(renews_on, parseDay),
    noticeDays: null,
    endedOn: orNull(ended_on, parseDay),
    endReason: orNull(end_reason, (reason) => reason as Agreement['endReason']),
  };
}
