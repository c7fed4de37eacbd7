import { addMonths, DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { between, gammaOfTwo, happens, normal, pick } from './chance.ts';
import { type Company, promise } from './companies.ts';
import { companyName, ownerName, websiteOf } from './names.ts';

/** What a simulated partner is, before anything happens. */
export interface Traits {
  id: string;
  name: string;
  type: string;
  company: Company;
  region: string;
  website: string;
  owner: string;
  signedOn: Instant;
  /** How it works with the vendor. */
  habit: Habit;
  /** Engagement in the long run, as a logarithm; 0 is usual. */
  drive: number;
  /** Registrations and leads expected a month while engaged as usual, and portal visits. */
  businessPerMonth: number;
  portalPerMonth: number;
  /** Mean amount of a deal won, in minor units of the dollar. */
  dealMinor: number;
  /** People in touch with the vendor, and those who sell and deliver its products. */
  seats: number;
  capacity: number;
  products: number;
  /** For seasonal partners, the month (0–11) at the middle of their quiet time. */
  quietMonth: number;
}

/** `off-portal` does business without logging in; `never-sells` looks around and no more. */
type Habit = 'steady' | 'seasonal' | 'off-portal' | 'never-sells';

export const TYPES = [
  { type: 'reseller', share: 0.3, business: 1.5, deal: 2_000_000 },
  { type: 'referral', share: 0.15, business: 0.8, deal: 900_000 },
  { type: 'msp', share: 0.12, business: 2.0, deal: 1_200_000 },
  { type: 'si', share: 0.1, business: 0.8, deal: 6_000_000 },
  { type: 'isv', share: 0.1, business: 1.0, deal: 1_800_000 },
  { type: 'var', share: 0.12, business: 1.6, deal: 1_600_000 },
  { type: 'influence', share: 0.05, business: 0.6, deal: 700_000 },
  { type: 'distributor', share: 0.06, business: 3.2, deal: 2_500_000 },
] as const;
export const HABITS = [
  { habit: 'steady', share: 0.72 },
  { habit: 'seasonal', share: 0.1 },
  { habit: 'off-portal', share: 0.1 },
  { habit: 'never-sells', share: 0.08 },
] as const;
const SIGNED_BEFORE_SHARE = 0.7;
const OLDEST_MONTHS = 48;
export const DRIVE_DEVIATION = 0.35;
export const PORTAL_PER_MONTH = 6;
/** So many partners have the same channel manager and work in the same market. */
export const PARTNERS_PER_MANAGER = 40;

/** The place of the n-th partner in time: most were signed before the program is watched from `start`. */
export function drawSigning(start: Instant, months: number, random: Random): Instant {
  const signed = happens(SIGNED_BEFORE_SHARE, random) ? -OLDEST_MONTHS * random() : months * 0.85 * random();
  return addMonths(start, Math.floor(signed)) + Math.floor(28 * random()) * DAY;
}

/** Draws the n-th partner, which is this company and was signed then. */
export function drawTraits(n: number, company: Company, signedOn: Instant, random: Random): Traits {
  const { type, business, deal } = pick(TYPES, ({ share }) => share, random);
  const { habit } = pick(HABITS, ({ share }) => share, random);
  const size = promise(company) * gammaOfTwo(random);
  return {
    id: partnerId(n),
    name: companyName(n),
    type,
    company,
    region: company.country.region,
    website: `https://${websiteOf(companyName(n))}`,
    owner: ownerName(Math.floor(n / PARTNERS_PER_MANAGER)),
    signedOn,
    habit,
    drive: normal(DRIVE_DEVIATION, random),
    businessPerMonth: habit === 'never-sells' ? 0 : business * size,
    portalPerMonth: habit === 'off-portal' ? 0 : PORTAL_PER_MONTH * gammaOfTwo(random),
    dealMinor: deal * between(0.4, 1.6, random),
    seats: 1 + Math.floor(1 + 3 * Math.min(size, 3) * random()),
    capacity: Math.max(1, Math.round(3 * size * between(0.6, 1.4, random))),
    products: 1 + Math.floor(4 * random()),
    quietMonth: Math.floor(12 * random()),
  };
}

/** The id of the n-th partner, counted from 0. */
export function partnerId(n: number): string {
  return `P${String(n + 1).padStart(5, '0')}`;
}
