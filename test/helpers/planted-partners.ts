import { type Company, DAY, type FeatureTable, type FeatureView, parseDay, traitView } from '../../features/index.ts';
import { type Standings, seeded, seedFor, type TopPartners } from '../../models/index.ts';

/** Every attribute of a company by name. */
export type Attributes = Record<string, string>;

const SIGNED = parseDay('2023-01-01');
export const TODAY = parseDay('2026-01-01');
const TECHNOLOGIES = Array.from({ length: 12 }, (_, i) => `t${i}`);
const INDUSTRIES = ['health', 'retail', 'finance'];

/** What the made-up companies are told by. */
export const plantedView: FeatureView<Company> = traitView(
  { country: [], industry: INDUSTRIES, technologies: TECHNOLOGIES },
  { tier: ['gold', 'silver'], board: ['member'] },
);

/** So many companies, half of which use `t0`, a third of which are in health; `t1` to `t11` mean nothing. */
export function someCompanies(count: number, seed: number): Attributes[] {
  const random = seeded(seedFor(seed, 'companies'));
  return Array.from({ length: count }, () => ({
    industry: INDUSTRIES[Math.floor(INDUSTRIES.length * random())],
    employees: String(Math.round(10 + 500 * random())),
    technologies: TECHNOLOGIES.filter(() => random() < 0.5).join(';'),
  }));
}

/** Companies as a table. */
export function companyTable(companies: readonly Attributes[], prefix: string, cutoff = TODAY): FeatureTable {
  return {
    names: plantedView.features.map(({ name }) => name),
    entities: companies.map((_, i) => `${prefix}${i}`),
    cutoffs: new Float64Array(companies.length).fill(cutoff),
    columns: plantedView.features.map(({ compute }) =>
      Float32Array.from(companies, (company) => {
        return compute({ latest: (attribute) => company[attribute] ?? null }) ?? Number.NaN;
      }),
    ),
    atRisk: new Uint8Array(companies.length).fill(1),
    peers: companies.map(() => ''),
  };
}

/** The chance that a company is top as a partner: much higher with `t0`, and higher in health. */
export function chanceOfTop({ industry, technologies }: Attributes): number {
  return 0.08 + (technologies.split(';').includes('t0') ? 0.35 : 0) + (industry === 'health' ? 0.25 : 0);
}

/** Partners among which `t0` and health make top ones, unless chance alone does; top ones get gold and a board seat later. */
export function plantedPartners(count: number, seed: number, byChance = false): TopPartners {
  const random = seeded(seedFor(seed, 'top'));
  const companies = someCompanies(count, seed);
  const standing = Uint8Array.from(companies, (company) => Number(random() < (byChance ? 0.25 : chanceOfTop(company))));
  const standings: Standings = { verdict: 'found', says: 'planted', standing };
  const today = companies.map((company, i) => ({
    ...company,
    tier: standing[i] === 1 ? 'gold' : 'silver',
    ...(standing[i] === 1 && { board: 'member' }),
  }));
  return {
    view: plantedView,
    whenSigned: companyTable(
      companies.map((company) => ({ ...company, tier: 'silver' })),
      'p',
      SIGNED + DAY,
    ),
    today: companyTable(today, 'p'),
    ...standings,
  };
}
