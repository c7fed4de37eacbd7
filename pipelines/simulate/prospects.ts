import { addMonths, DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { between, happens } from './chance.ts';
import { approachChance, type Company, drawCompany, trueAcceptance, trueFit } from './companies.ts';
import type { Cell } from './files.ts';
import { companyName, prospectName, websiteOf } from './names.ts';
import { drawSigning, partnerId } from './traits.ts';
import { stamp, stampOrNothing, type World } from './world.ts';

/** A company that the vendor has looked at. */
export interface Prospect {
  id: string;
  name: string;
  company: Company;
  listedAt: Instant;
  approachedAt: Instant | null;
  signed: { partner: string; on: Instant } | null;
}

/** How a partner was won: the company that signed, and all that were looked at before it did. */
export interface Recruitment {
  company: Company;
  signedOn: Instant;
  /** None for partners from before the records begin. */
  prospects: Prospect[];
}

const MOST_TRIES = 40;

/**
 * Looks for the n-th partner: company after company is approached or not, and accepts or not, until one signs. So
 * among those approached the share that signs is the true acceptance, trait by trait (but for a rare last try).
 */
export function recruit(n: number, world: World): Recruitment {
  const random = world.random(`recruitment ${n}`);
  const signedOn = drawSigning(world.start, world.months, random);
  const isOnRecord = signedOn >= addMonths(world.start, 4);
  const prospects: Prospect[] = [];
  for (let tries = 1; ; tries++) {
    const company = drawCompany(random);
    const isApproached = happens(approachChance(company), random);
    const signs = isApproached && happens(trueAcceptance(company), random);
    const isLast = signs || tries === MOST_TRIES;
    if (isOnRecord) {
      const k = prospects.length;
      prospects.push(drawProspect(n, k, company, isApproached || isLast, isLast ? signedOn : null, world, random));
    }
    if (isLast) return { company, signedOn, prospects };
  }
}

function drawProspect(
  n: number,
  k: number,
  company: Company,
  isApproached: boolean,
  signedOn: Instant | null,
  world: World,
  random: Random,
): Prospect {
  const approachedAt = signedOn
    ? signedOn - Math.floor(between(15, 100, random)) * DAY
    : world.start + Math.floor(between(0.02, 1, random) * ((world.end - world.start) / DAY)) * DAY;
  return {
    id: `Q${String(n + 1).padStart(5, '0')}-${k + 1}`,
    name: signedOn ? companyName(n) : prospectName(n * MOST_TRIES + k),
    company,
    listedAt: approachedAt - Math.floor(between(5, 60, random)) * DAY,
    approachedAt: isApproached ? approachedAt + DAY / 2 : null,
    signed: signedOn ? { partner: partnerId(n), on: signedOn } : null,
  };
}

/** The rows of `prospects.csv`: a version when a company is listed, approached and signed. */
export function prospectRows({ id, name, company, listedAt, approachedAt, signed }: Prospect, end: Instant): Cell[][] {
  const row = (approached: Instant | null, partner: string | null, knownAt: Instant): Cell[] => [
    id,
    name,
    `https://${websiteOf(name)}`,
    company.country.code,
    company.industry,
    company.employees,
    company.technologies.join(';'),
    company.source,
    stampOrNothing(approached),
    partner,
    stamp(knownAt),
  ];
  const rows = [row(null, null, listedAt)];
  if (approachedAt !== null && approachedAt < end) rows.push(row(approachedAt, null, approachedAt));
  if (signed && signed.on + DAY < end) rows.push(row(approachedAt, signed.partner, signed.on + DAY));
  return rows;
}

/** A row of `truth/prospects.csv`. */
export function prospectTruthRow({ id, company }: Prospect): Cell[] {
  return [id, trueFit(company).toFixed(6), trueAcceptance(company).toFixed(6)];
}
