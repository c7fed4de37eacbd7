import { DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { type Account, drawAccount, STRANGERS } from './accounts.ts';
import { between, happens, oneOf, pick } from './chance.ts';
import type { Cell } from './files.ts';
import type { Partner } from './partner.ts';
import { stamp, type World } from './world.ts';

/** A line of the list that a partner shares, and which account it truly is; null when it is none of ours. */
interface Shared {
  name: string;
  website: string | null;
  country: string | null;
  relation: string;
  account: string | null;
}

const SHARES_A_LIST = 0.45;
const OWN_SHARE = 0.8;
const OTHERS = 6;
const RELATIONS = [
  { relation: 'customer', share: 0.5 },
  { relation: 'prospect', share: 0.3 },
  { relation: 'opportunity', share: 0.2 },
];
const SHORTER: readonly [whole: RegExp, short: string][] = [
  [/\bInternational\b/, 'Intl'],
  [/\bLogistics\b/, 'Log.'],
  [/\bManufacturing\b/, 'Mfg'],
  [/\bTechnologies\b/, 'Tech'],
  [/\bUniversity\b/, 'Univ.'],
  [/\bInsurance\b/, 'Ins.'],
  [/\bHospitals\b/, 'Hosp.'],
];

/** The list of accounts that a partner shares on some day: its own, some of its neighbours' and some of nobody's. */
export function sharedList(
  partner: Partner,
  own: readonly Account[],
  neighbours: readonly Account[],
  random: Random,
): Shared[] {
  if (!happens(SHARES_A_LIST, random)) return [];
  const { company } = partner.traits;
  const strangers = Array.from({ length: 6 }, (_, i) =>
    drawAccount(partner.n, STRANGERS + i, company.country, undefined, random),
  );
  const known = [
    ...own.filter(() => happens(OWN_SHARE, random)),
    ...neighbours.filter(() => happens(Math.min(1, OTHERS / neighbours.length), random)),
  ];
  const list = [
    ...known.map((account) => share(account, account.id, random)),
    ...strangers.map((account) => share(account, null, random)),
  ];
  // One line a name, as in any list that someone has looked over.
  return list.filter(({ name }, i) => list.findIndex((other) => other.name === name) === i);
}

function share(account: Account, id: string | null, random: Random): Shared {
  const website = account.website && happens(0.55, random) ? account.website : null;
  return {
    name: variantOf(account, random),
    website: website && oneOf([website, `www.${website}`, `https://www.${website}/`], random),
    country: happens(0.85, random) ? account.country.code : null,
    relation: pick(RELATIONS, ({ share: weight }) => weight, random).relation,
    account: id,
  };
}

/** A name as someone else would have typed it in: another legal form or none, shorter words, a slip, other case. */
function variantOf({ plainName, country }: Pick<Account, 'plainName' | 'country'>, random: Random): string {
  let name = plainName;
  if (happens(0.3, random)) for (const [whole, short] of SHORTER) name = name.replace(whole, short);
  if (happens(0.12, random)) name = slip(name, random);
  if (happens(0.6, random)) name = `${name}${oneOf([' ', ', '], random)}${oneOf(country.forms, random)}`;
  const writing = random();
  return writing < 0.12 ? name.toUpperCase() : writing < 0.2 ? name.toLowerCase() : name;
}

/** Two letters swapped, or one left out. */
function slip(name: string, random: Random): string {
  const at = 1 + Math.floor((name.length - 3) * random());
  const middle = happens(0.5, random) ? name[at + 1] + name[at] : name[at];
  return name.slice(0, at) + middle + name.slice(at + 2);
}

/** The day on which a partner shares its list. */
export function sharingDay({ traits }: Partner, { start, end }: World, random: Random): Instant {
  const from = Math.max(start, traits.signedOn);
  return from + Math.floor(between(0.1, 0.95, random) * ((end - from) / DAY)) * DAY + DAY / 2;
}

/** A row of `partner_accounts.csv`. */
export function sharedRow(partner: Partner, { name, website, country, relation }: Shared, knownAt: Instant): Cell[] {
  return [partner.traits.id, name, website, country, relation, stamp(knownAt)];
}

/** A row of `truth/account_matches.csv`. */
export function matchRow(partner: Partner, { name, account }: Shared): Cell[] {
  return [partner.traits.id, name, account];
}
