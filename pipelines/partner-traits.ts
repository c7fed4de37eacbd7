import {
  type Company,
  DAY,
  type EventColumns,
  type FeatureView,
  formatDay,
  History,
  hasEnded,
  type Instant,
  KnownProfile,
  type Profile,
  traitsInUse,
  traitView,
} from '../features/index.ts';
import { type Performance, type TopPartners, tellTop } from '../models/index.ts';
import { type CompanyRow, companyTable } from './company-table.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { type ProspectSurvey, surveyProspects } from './prospect-survey.ts';

/** What is learnt of partners and asked of prospects. */
export interface PartnerTraits {
  partners: TopPartners;
  /** Partners that are still there, of `partners.today`: the places of their rows. */
  current: number[];
  /** What prospects are like: the traits that partners have too, and how the vendor came by them. */
  view: FeatureView<Company>;
  survey: ProspectSurvey;
  /** Partners whose traits are those they were first on record with, after they signed. */
  firstOnRecord: number;
}

/** What is entered within so many days belongs to the contract. */
const ENTERED_WITHIN = 31 * DAY;
const YEAR = 365;
/** Business longer ago says little of what a partner brings today. */
const LONGEST_YEARS = 3;
/** What companies are before anyone knows them; a program gives a partner all else. */
const OF_THE_COMPANY = new Set(['country', 'industry', 'employees', 'technologies']);
/** Attributes that name or place a partner, and say nothing of what it is like. */
const NO_TRAITS = new Set(['website', 'time_zone', 'region', 'type', 'parent_partner_id', 'owner', 'capacity']);
/** Fewer partners say nothing about a value, and an attribute of more values is no trait. */
const FEWEST_PARTNERS = 10;
const MOST_VALUES = 20;

/**
 * Every partner that has signed by a day, with its traits as known when it signed, as known on the day, and what it
 * brought: money won per year on record, or qualifying events where no won deal shows an amount. Events and traits are
 * read as known on the day.
 * @throws a problem `NOT_ENOUGH_DATA` when the store holds no events
 */
export async function partnerTraits(context: Context, asOf: Instant): Promise<PartnerTraits> {
  const { facts, program } = await programFacts(context);
  const found: Found[] = [];
  for await (const columns of facts.ranges(asOf))
    found.push(...signedPartners(columns, new History(columns, program), asOf));
  const words = traitsInUse();
  for (const { today } of found) words.add(today);
  const survey = await surveyProspects(context, asOf, words);
  const inUse = words.words();
  const view = traitView(inUse, furtherTraits(found));
  const rows = (of: 'whenSigned' | 'today', cutoff: (each: Found) => Instant): CompanyRow[] =>
    found.map((each) => ({ id: each.partnerId, cutoff: cutoff(each), company: each[of] }));
  return {
    partners: {
      view,
      whenSigned: companyTable(
        view,
        rows('whenSigned', ({ signedOn }) => signedOn),
      ),
      today: companyTable(
        view,
        rows('today', () => asOf),
      ),
      ...tellTop(performances(found)),
    },
    current: [...found.keys()].filter((row) => !found[row].hasEnded),
    view: { ...traitView(inUse, { source: survey.sources }), name: 'prospects', entity: 'prospect' },
    survey,
    firstOnRecord: found.filter(({ isLate }) => isLate).length,
  };
}

interface Found {
  partnerId: string;
  signedOn: Instant;
  whenSigned: Company;
  today: Company;
  /** Whether its traits when it signed are those it was first on record with later. */
  isLate: boolean;
  profile: Profile;
  hasEnded: boolean;
  type: string | null;
  tenureDays: number;
  /** Money won a year, in minor units; null where deals were won and none shows its amount. */
  won: number | null;
  /** Qualifying events a year. */
  business: number;
}

function signedPartners(columns: EventColumns, history: History, asOf: Instant): Found[] {
  return columns.partners.flatMap((partnerId, partner) => {
    history.moveTo(partner, asOf);
    const signedOn = history.signedOn ?? earliestStart(history);
    if (signedOn === null) return [];
    const profile = columns.profiles[partner];
    const tenureDays = (asOf - signedOn) / DAY;
    const { company, isLate } = whenSigned(profile, signedOn);
    const found = { partnerId, signedOn, whenSigned: company, today: knownAt(profile, asOf), isLate, profile };
    return [
      {
        ...found,
        hasEnded: hasEnded(history),
        type: history.latest('type'),
        tenureDays,
        ...brought(history, tenureDays),
      },
    ];
  });
}

function earliestStart(history: History): Instant | null {
  const starts = history.agreements().map(({ startsOn }) => startsOn);
  return starts.length === 0 ? null : Math.min(...starts);
}

/** What a partner brought a year, over the time that it was there and on record, three years at most. */
function brought(history: History, tenureDays: number): Pick<Found, 'won' | 'business'> {
  const perYear = (days: number) => YEAR / Math.max(1, Math.min(days, tenureDays, LONGEST_YEARS * YEAR));
  const since = history.cutoff - LONGEST_YEARS * YEAR * DAY;
  const won = history.deals().filter(({ wonAt }) => wonAt !== null && wonAt >= since);
  const amounts = won.flatMap(({ amount }) => (amount === null ? [] : [amount]));
  const days = Math.floor(Math.min(tenureDays, LONGEST_YEARS * YEAR, history.trackedDays('qualifying')));
  return {
    // Deals that show no amount are not worth nothing.
    won:
      won.length > 0 && amounts.length === 0
        ? null
        : amounts.reduce((sum, amount) => sum + amount, 0) * perYear(history.trackedDays('won')),
    business: (history.count('qualifying', days) ?? 0) * perYear(history.trackedDays('qualifying')),
  };
}

/** In one unit for all: money where anybody's is known, events where nobody's is. */
function performances(found: readonly Found[]): Performance[] {
  const isMoney = found.some(({ won }) => won !== null && won > 0);
  return found.map(({ partnerId, tenureDays, won, business, type }) => ({
    partnerId,
    tenureDays,
    value: isMoney ? won : business,
    ...(type !== null && { group: type }),
  }));
}

function knownAt(profile: Profile, cutoff: Instant): Company {
  const known = new KnownProfile();
  known.moveTo(profile, cutoff);
  return known;
}

/**
 * A partner as it was known when it signed. Where its records begin later, what a company is by itself counts as it was
 * first on record; what a program gives stays unknown.
 */
function whenSigned(profile: Profile, signedOn: Instant): { company: Company; isLate: boolean } {
  const cutoff = signedOn + ENTERED_WITHIN;
  const known = knownAt(profile, cutoff);
  const isLate = !profile.attributes.some(
    (version) => OF_THE_COMPANY.has(version.attribute) && version.knownAt < cutoff,
  );
  if (!isLate) return { company: known, isLate };
  const first = new Map<string, string | null>();
  for (const { attribute, value } of [...profile.attributes].sort((a, b) => a.knownAt - b.knownAt)) {
    if (OF_THE_COMPANY.has(attribute) && !first.has(attribute)) first.set(attribute, value);
  }
  return { company: { latest: (attribute) => known.latest(attribute) ?? first.get(attribute) ?? null }, isLate };
}

/** The values of attributes that partners alone have, each that enough of them have today. */
function furtherTraits(found: readonly Found[]): Record<string, string[]> {
  const attributes = new Set(found.flatMap(({ profile }) => profile.attributes.map(({ attribute }) => attribute)));
  const further: Record<string, string[]> = {};
  for (const attribute of [...attributes].sort()) {
    if (OF_THE_COMPANY.has(attribute) || NO_TRAITS.has(attribute)) continue;
    const holders = new Map<string, number>();
    for (const { today } of found) {
      const value = today.latest(attribute)?.trim().toLowerCase();
      if (value) holders.set(value, (holders.get(value) ?? 0) + 1);
    }
    const usual = [...holders].filter(([, partners]) => partners >= FEWEST_PARTNERS).map(([value]) => value);
    if (holders.size <= MOST_VALUES && usual.length > 0) further[attribute] = usual.sort();
  }
  return further;
}

/** What is to be known of the traits' clocks; null where all were known when partners signed. */
export function tellFirstOnRecord({ firstOnRecord, partners }: PartnerTraits, asOf: Instant): string | null {
  if (firstOnRecord === 0) return null;
  return (
    `Of ${partners.whenSigned.entities.length} partners as of ${formatDay(asOf)}, ${firstOnRecord} were first on record after ` +
    'they signed; their country, industry, size and technologies count as first recorded.'
  );
}
