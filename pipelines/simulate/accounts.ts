import type { Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { between, happens, logNormal, oneOf } from './chance.ts';
import { type Country, drawCountry } from './companies.ts';
import type { Cell } from './files.ts';
import { accountName, websiteOf } from './names.ts';
import type { Traits } from './traits.ts';
import { stamp } from './world.ts';

/** A company that buys, or might. */
export interface Account {
  id: string;
  /** With or without the legal form, as someone typed it in. */
  name: string;
  /** Its name without the legal form. */
  plainName: string;
  website: string | null;
  country: Country;
  industry: string;
  employees: number;
  parent: string | null;
}

/** Numbers set aside for the market of each partner; those from `STRANGERS` on are in nobody's accounts. */
const NUMBERS_PER_PARTNER = 32;
export const STRANGERS = 24;
const AT_HOME = 0.75;
const HAS_WEBSITE = 0.9;
const HAS_PARENT = 0.06;

/** The accounts of a partner's market, most in its own country. */
export function drawAccounts(n: number, { company, businessPerMonth }: Traits, random: Random): Account[] {
  const count = Math.min(STRANGERS - 3, Math.round(4 + between(2, 5, random) * Math.min(4, businessPerMonth)));
  const accounts: Account[] = [];
  for (let k = 0; k < count; k++) accounts.push(drawAccount(n, k, company.country, accounts[0]?.id, random));
  return accounts;
}

/** The accounts that the vendor serves by itself in the market of the n-th partner. */
export function drawDirectAccounts(n: number, { company }: Traits, random: Random): Account[] {
  return [1, 2, 3].map((k) => drawAccount(n, STRANGERS - k, company.country, undefined, random));
}

/** The k-th company of a partner's market: its name is that of no other. */
export function drawAccount(n: number, k: number, home: Country, parent: string | undefined, random: Random): Account {
  const number = n * NUMBERS_PER_PARTNER + k;
  const { name, industry } = accountName(number);
  const country = happens(AT_HOME, random) ? home : drawCountry(random);
  return {
    id: `A${String(number + 1).padStart(7, '0')}`,
    name: happens(0.75, random) ? `${name} ${oneOf(country.forms, random)}` : name,
    plainName: name,
    website: happens(HAS_WEBSITE, random) ? websiteOf(name) : null,
    country,
    industry,
    employees: Math.max(3, Math.round(400 * logNormal(1.2, random))),
    parent: parent !== undefined && happens(HAS_PARENT, random) ? parent : null,
  };
}

/** A row of `accounts.csv`. */
export function accountRow(
  { id, name, website, country, industry, employees, parent }: Account,
  knownAt: Instant,
): Cell[] {
  return [id, name, website && `https://${website}`, country.code, industry, employees, parent, stamp(knownAt)];
}
