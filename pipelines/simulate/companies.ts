import type { Random } from '../../models/index.ts';
import { happens, logistic, logNormal, oneOf, pick } from './chance.ts';
import type { Cell } from './files.ts';

/** What a company is before it becomes a partner, as anyone could find out. */
export interface Company {
  country: Country;
  industry: string;
  employees: number;
  /** In alphabetical order. */
  technologies: readonly string[];
  /** How the vendor came by it. */
  source: string;
}

export interface Country {
  code: string;
  region: string;
  zone: string;
  currency: 'USD' | 'EUR' | 'GBP';
  /** How companies there write their legal form. */
  forms: readonly string[];
}

const COUNTRIES: readonly Country[] = [
  { code: 'DE', region: 'EMEA', zone: 'Europe/Berlin', currency: 'EUR', forms: ['GmbH', 'AG', 'GmbH & Co. KG'] },
  { code: 'FR', region: 'EMEA', zone: 'Europe/Paris', currency: 'EUR', forms: ['SAS', 'SA', 'SARL'] },
  { code: 'GB', region: 'EMEA', zone: 'Europe/London', currency: 'GBP', forms: ['Ltd', 'plc', 'Limited'] },
  { code: 'NL', region: 'EMEA', zone: 'Europe/Amsterdam', currency: 'EUR', forms: ['B.V.', 'N.V.'] },
  { code: 'ES', region: 'EMEA', zone: 'Europe/Madrid', currency: 'EUR', forms: ['S.L.', 'S.A.'] },
  { code: 'US', region: 'AMER', zone: 'America/New_York', currency: 'USD', forms: ['Inc.', 'LLC', 'Corp.'] },
  { code: 'US', region: 'AMER', zone: 'America/Los_Angeles', currency: 'USD', forms: ['Inc.', 'LLC', 'Corp.'] },
  { code: 'CA', region: 'AMER', zone: 'America/Toronto', currency: 'USD', forms: ['Inc.', 'Ltd.'] },
  { code: 'BR', region: 'AMER', zone: 'America/Sao_Paulo', currency: 'USD', forms: ['Ltda.', 'S.A.'] },
  { code: 'JP', region: 'APAC', zone: 'Asia/Tokyo', currency: 'USD', forms: ['K.K.', 'Co., Ltd.'] },
  { code: 'IN', region: 'APAC', zone: 'Asia/Kolkata', currency: 'USD', forms: ['Pvt. Ltd.', 'Ltd.'] },
  { code: 'AU', region: 'APAC', zone: 'Australia/Sydney', currency: 'USD', forms: ['Pty Ltd'] },
];
export const REGIONS = ['EMEA', 'AMER', 'APAC'] as const;
export const INDUSTRIES = [
  'software',
  'finance',
  'health',
  'retail',
  'manufacturing',
  'education',
  'public',
  'telecom',
] as const;
const SOURCES = ['inbound', 'event', 'referral', 'list'];

/** The three traits that make a good partner: how common each is and how many times the business it brings. */
const TRUE_TECHNOLOGIES = [
  { name: 'kubernetes', share: 0.25 },
  { name: 'snowflake', share: 0.25 },
];
const TRUE_INDUSTRY = 'health';
export const TRUE_TRAIT_TIMES = 1.7;
/** Technologies that mean nothing; the n-th is found at a share between 0.08 and 0.46. */
const NOISE_TECHNOLOGIES = (
  'ansible docker elastic figma grafana hadoop jenkins jira kafka laravel magento mongodb mysql odoo php redis sap ' +
  'tableau wordpress zendesk'
).split(' ');
/** What comes to a partner only after it is a top partner. */
export const CONSEQUENCES = [
  { attribute: 'advisory_board', value: 'member' },
  { attribute: 'dedicated_engineer', value: 'yes' },
] as const;

const ALL_TECHNOLOGIES = [
  ...TRUE_TECHNOLOGIES,
  ...NOISE_TECHNOLOGIES.map((name, i) => ({ name, share: 0.08 + 0.02 * i })),
].sort((a, b) => (a.name < b.name ? -1 : 1));

/** Some company of the market. */
export function drawCompany(random: Random): Company {
  return {
    country: drawCountry(random),
    industry: pick(INDUSTRIES, (name) => (name === TRUE_INDUSTRY ? 2 : 1), random),
    employees: Math.max(2, Math.round(90 * logNormal(1.3, random))),
    technologies: ALL_TECHNOLOGIES.filter(({ share }) => happens(share, random)).map(({ name }) => name),
    source: oneOf(SOURCES, random),
  };
}

/** Where a company sits. */
export function drawCountry(random: Random): Country {
  return oneOf(COUNTRIES, random);
}

/** How many times the business of an average partner a company would bring, by its traits. */
export function promise({ technologies, industry }: Company): number {
  const matched = TRUE_TECHNOLOGIES.filter(({ name }) => technologies.includes(name)).length;
  return 0.7 * TRUE_TRAIT_TIMES ** (matched + (industry === TRUE_INDUSTRY ? 1 : 0));
}

/** From this size on (a multiple of the average partner) a partner counts as a top one. */
const TOP_SIZE = 2;

/** The chance that a company, as a partner, would be a top one: its size is its promise times a Gamma of shape 2. */
export function trueFit(company: Company): number {
  const needed = (2 * TOP_SIZE) / promise(company);
  return Math.exp(-needed) * (1 + needed);
}

const SOURCE_PULL: Record<string, number> = { inbound: 0.9, referral: 0.5, event: 0, list: -0.8 };

/** The chance that a company signs when it is approached; it has nothing to do with its fit. */
export function trueAcceptance({ source, employees, country }: Company): number {
  const size = employees < 50 ? 0.4 : employees > 500 ? -0.6 : 0;
  return logistic(-0.9 + SOURCE_PULL[source] + size + (country.region === 'AMER' ? 0.3 : 0));
}

/** The chance that the sales people approach a company: they like large ones. */
export function approachChance({ employees }: Company): number {
  return employees > 500 ? 0.75 : employees > 100 ? 0.5 : 0.3;
}

/** The rows of `truth/ipp.csv`: each trait as `column=value`, its role, and how many times the business it brings. */
export function traitRows(): Cell[][] {
  const consequences = CONSEQUENCES.map(({ attribute, value }) => [`${attribute}=${value}`, 'consequence', 1]);
  return [
    ...TRUE_TECHNOLOGIES.map(({ name }) => [`technologies=${name}`, 'true', TRUE_TRAIT_TIMES]),
    [`industry=${TRUE_INDUSTRY}`, 'true', TRUE_TRAIT_TIMES],
    ...NOISE_TECHNOLOGIES.map((name) => [`technologies=${name}`, 'noise', 1]),
    ...consequences,
  ];
}
