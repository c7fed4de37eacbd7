import { randomGamma, randomLogNormal } from 'd3-random';
import { addMonths, DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { companyName, ownerName } from './names.ts';

/** What a simulated partner is, before anything happens. */
export interface Traits {
  id: string;
  name: string;
  type: string;
  country: string;
  region: string;
  industry: string;
  employees: number;
  tier: string;
  owner: string;
  signedOn: Instant;
  /** How it works with the vendor. */
  habit: Habit;
  /** Expected qualifying events a month while engaged as usual, and portal visits. */
  businessPerMonth: number;
  portalPerMonth: number;
  /** Mean amount of a deal won, in minor units. */
  dealMinor: number;
  contacts: number;
  products: number;
  /** For seasonal partners, the month (0–11) at the middle of their quiet time. */
  quietMonth: number;
}

/** `off-portal` does business without logging in; `never-sells` looks around and no more. */
type Habit = 'steady' | 'seasonal' | 'off-portal' | 'never-sells';

const TYPES = [
  { type: 'reseller', share: 0.3, business: 1.6, deal: 2_000_000 },
  { type: 'referral', share: 0.15, business: 0.9, deal: 900_000 },
  { type: 'msp', share: 0.12, business: 2.2, deal: 1_200_000 },
  { type: 'si', share: 0.1, business: 0.8, deal: 6_000_000 },
  { type: 'isv', share: 0.1, business: 1.0, deal: 1_800_000 },
  { type: 'var', share: 0.12, business: 1.8, deal: 1_600_000 },
  { type: 'influence', share: 0.05, business: 0.6, deal: 700_000 },
  { type: 'distributor', share: 0.06, business: 3.5, deal: 2_500_000 },
];
const HABITS = [
  { habit: 'steady', share: 0.72 },
  { habit: 'seasonal', share: 0.1 },
  { habit: 'off-portal', share: 0.1 },
  { habit: 'never-sells', share: 0.08 },
] as const;
const COUNTRIES = [
  'DE EMEA',
  'FR EMEA',
  'GB EMEA',
  'NL EMEA',
  'ES EMEA',
  'US AMER',
  'US AMER',
  'CA AMER',
  'BR AMER',
  'JP APAC',
  'IN APAC',
  'AU APAC',
];
const INDUSTRIES = ['software', 'finance', 'health', 'retail', 'manufacturing', 'education', 'public', 'telecom'];
const OLDEST_MONTHS = 48;
const PARTNERS_PER_OWNER = 40;

/** Draws the n-th partner of a program that is watched from `start` for so many months. */
export function drawTraits(n: number, start: Instant, months: number, random: Random): Traits {
  const { type, business, deal } = pick(TYPES, random);
  const { habit } = pick(HABITS, random);
  const size = randomGamma.source(random)(1.6, 1 / 1.6)();
  const [country, region] = oneOf(COUNTRIES, random).split(' ');
  const signedMonths = random() < 0.7 ? -OLDEST_MONTHS * random() : months * 0.85 * random();
  const sells = habit !== 'never-sells';
  return {
    id: `P${String(n + 1).padStart(5, '0')}`,
    name: companyName(n),
    type,
    country,
    region,
    industry: oneOf(INDUSTRIES, random),
    employees: Math.max(2, Math.round(randomLogNormal.source(random)(3.8, 1.3)())),
    tier: size > 2 ? 'platinum' : size > 1.2 ? 'gold' : size > 0.5 ? 'silver' : 'registered',
    owner: ownerName(Math.floor(n / PARTNERS_PER_OWNER)),
    signedOn: addMonths(start, Math.floor(signedMonths)) + Math.floor(28 * random()) * DAY,
    habit,
    businessPerMonth: sells ? 0.25 + business * size : 0,
    portalPerMonth: habit === 'off-portal' ? 0 : 2 + 4 * size * random(),
    dealMinor: deal * (0.4 + 1.2 * random()),
    contacts: 1 + Math.floor(1 + 3 * size * random()),
    products: 1 + Math.floor(4 * random()),
    quietMonth: Math.floor(12 * random()),
  };
}

function pick<Choice extends { share: number }>(choices: readonly Choice[], random: Random): Choice {
  let left = random() * choices.reduce((sum, { share }) => sum + share, 0);
  for (const choice of choices) {
    left -= choice.share;
    if (left < 0) return choice;
  }
  return choices[choices.length - 1];
}

/** One of several, each as likely. */
export function oneOf<Choice>(choices: readonly Choice[], random: Random): Choice {
  return choices[Math.floor(choices.length * random())];
}
