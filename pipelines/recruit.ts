import { DAY, formatDay, type Instant, selectRows } from '../features/index.ts';
import { type ProspectCounts, tellLeftOut } from '../insights/index.ts';
import {
  fitOfProfile,
  learnProfile,
  logOddsOf,
  type Profile,
  type Propensity,
  type RankedProspect,
  rankProspects,
  seeded,
  seedFor,
  trainPropensity,
} from '../models/index.ts';
import {
  type Claim,
  hasProspects,
  keepProfile,
  type Prospect,
  prospectList,
  prospectsKnown,
  publishProspects,
  requireClaim,
} from '../store/index.ts';
import { approachedCompanies } from './approached.ts';
import type { Context } from './context.ts';
import { inLedger, type LedgerOutcome } from './ledger.ts';
import type { NudgeRun } from './nudge.ts';
import { type PartnerTraits, partnerTraits, tellFirstOnRecord } from './partner-traits.ts';
import { prospectTable } from './prospect-features.ts';
import { nudgeAbout } from './prospect-nudges.ts';
import { beginScreening, type KnownAlready } from './screening.ts';
import { shortlist } from './shortlist.ts';

/** What recruiting came to in a week. */
export interface Recruiting {
  asOf: Instant;
  profile: Profile;
  /** Whether this version of the profile is new. */
  isNewProfile: boolean;
  card: Propensity['card'];
  /** The list of the week; null where there is no prospect to list. */
  list: RankedProspect[] | null;
  counts: ProspectCounts;
  known: KnownAlready[];
  nudges: NudgeRun;
}

const PIPELINE = 'recruit';
const WEEK = 7 * DAY;
/** The epoch was a Thursday: weeks begin with their Monday. */
const FIRST_MONDAY = 4 * DAY;
/** One place in ten is for whom the profile would not have chosen. */
const EXPLORE_SHARE = 0.1;
/** Repeats are found among so many more of the best than there are places. */
const SPARE = 5;
/** Whom an exploring place is drawn from. */
const DRAWN_FROM = 500;

/**
 * The recruiting of a week, once a week by the run ledger: learns what top partners are like and who signs, and
 * publishes the list. A week in which there was nobody to list is tried again; what was decided dry about a list that
 * stands is sent once it may be.
 */
export async function recruitWeekly(
  context: Context,
  asOf: Instant,
  send: boolean,
): Promise<LedgerOutcome<Recruiting>> {
  const start = Math.floor((asOf - FIRST_MONDAY) / WEEK) * WEEK + FIRST_MONDAY;
  const list = await prospectList(context.database, { upTo: start + WEEK - 1, after: start - 1 });
  if (list !== null && send) await sendAbout(context, list.asOf);
  const interval = { pipeline: PIPELINE, start: new Date(start), end: new Date(start + WEEK) };
  return inLedger(
    context,
    interval,
    list === null && (await hasProspects(context.database)),
    (claim) => recruit(context, asOf, { send, claim }),
    ({ list }) => list?.length ?? 0,
  );
}

/**
 * Learns the Ideal Partner Profile and the propensities from what was known before a day, and publishes at most
 * `prospects_per_week` prospects: each company once, none that is a partner or an account, was approached or archived.
 * @param send whether nudges about them are put into the outbox, or only listed
 * @param claim when given, the list is published only while the claim is held
 */
export async function recruit(
  context: Context,
  asOf: Instant,
  { send, claim }: { send: boolean; claim?: Claim } = { send: false },
): Promise<Recruiting> {
  const { settings, step, say } = context;
  const traits = await step('read what partners are like', () => partnerTraits(context, asOf));
  const clocks = tellFirstOnRecord(traits, asOf);
  if (clocks !== null) say(clocks);
  const profile = await step('learn the Ideal Partner Profile', async () =>
    learnProfile(traits.partners, { learntUntil: asOf, seed: settings.seed }),
  );
  say(profile.says);
  const propensity = await step('learn who would be a top partner, and who would sign', async () =>
    trainPropensity(
      {
        partners: traits.partners,
        profile,
        prospects: prospectTable(traits.view, traits.survey.sample, asOf),
        approached: await approachedCompanies(context, traits.view, asOf),
      },
      { learntUntil: asOf, seed: settings.seed, threads: settings.threads },
    ),
  );
  if (propensity.card.fit.says !== profile.says) say(propensity.card.fit.says);
  const listed = await step(`look through ${traits.survey.prospects} prospects`, () =>
    listOf(context, asOf, traits, profile, propensity),
  );
  const { isNew, nudges } = await publish(context, asOf, profile, propensity, listed, { send, claim });
  return { asOf, profile, isNewProfile: isNew, card: propensity.card, ...listed, nudges };
}

type Listed = Pick<Recruiting, 'list' | 'counts' | 'known'>;

async function listOf(
  context: Context,
  asOf: Instant,
  { view, partners, current }: PartnerTraits,
  profile: Profile,
  propensity: Propensity,
): Promise<Listed> {
  const { prospects_per_week: places, seed } = context.settings;
  const screening = await beginScreening(context, asOf);
  const collected = shortlist(places + SPARE * places, DRAWN_FROM, seeded(seedFor(seed + asOf / DAY, 'exploring')));
  for await (const page of prospectsKnown(context.database, asOf)) {
    const open = page.filter((prospect) => screening.isOpen(prospect));
    if (open.length > 0) collected.add(open, scoresOf(open));
  }
  const { counts, known } = screening;
  // The best first, so that of two spellings the better placed stays.
  const best = collected.best();
  const once = screening.once(best);
  const looked = new Set(best.map(({ prospectId }) => prospectId));
  const others = collected.sample().filter(({ prospectId }) => !looked.has(prospectId));
  const candidates = screening.once([...once, ...others]);
  if (candidates.length === 0) return { list: null, counts, known };
  const input = {
    view,
    prospects: prospectTable(view, candidates, asOf),
    partners: selectRows(partners.today, current),
  };
  const settings = { n: places, exploreShare: EXPLORE_SHARE, seed: seed + asOf / DAY };
  return { list: rankProspects(propensity, profile, input, settings), counts, known };

  function scoresOf(prospects: readonly Prospect[]): Float64Array | null {
    const table = prospectTable(view, prospects, asOf);
    if (propensity.fit) return logOddsOf(propensity.fit, table);
    return profile.traits.length > 0 ? fitOfProfile(profile, table) : null;
  }
}

/** Stores the version of the profile, the list and the nudges about it together. */
function publish(
  { database, clock, settings }: Context,
  asOf: Instant,
  profile: Profile,
  { card }: Propensity,
  { list, counts }: Listed,
  { send, claim }: { send: boolean; claim: Claim | undefined },
): Promise<{ isNew: boolean; nudges: NudgeRun }> {
  const now = clock();
  return database.transaction(async (transaction) => {
    if (claim) await requireClaim(transaction, claim);
    const isNew = await keepProfile(transaction, profile, new Date(now));
    if (list !== null) {
      const published = { asOf, profile: profile.version, says: card.fit.says, counts, card, publishedAt: now };
      await publishProspects(transaction, published, list);
    }
    const endpoint = send ? settings.webhook_url : null;
    if (list === null) return { isNew, nudges: { decisions: [], enqueued: 0 } };
    return { isNew, nudges: await nudgeAbout(transaction, asOf, settings.nudge_hold_out, endpoint, now) };
  });
}

/** Puts the messages about a list that stands into the outbox, where they are not there yet. */
async function sendAbout({ database, clock, settings }: Context, asOf: Instant): Promise<void> {
  await database.transaction((transaction) =>
    nudgeAbout(transaction, asOf, settings.nudge_hold_out, settings.webhook_url, clock()),
  );
}

/** What recruiting came to, in sentences. */
export function tellRecruiting({ asOf, list, counts }: Recruiting): string {
  const left = tellLeftOut(counts);
  const because = left === '' ? '' : ` (of ${counts.prospects} on record ${left})`;
  if (list === null) return `As of ${formatDay(asOf)}: no prospect to list${because}.`;
  return `As of ${formatDay(asOf)}: ${list.length} prospects on the list${because}.`;
}
