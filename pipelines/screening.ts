import type { Instant } from '../features/index.ts';
import { type CompanyIndex, companyIndex, type ProspectCounts } from '../insights/index.ts';
import { companiesKnown, type Prospect, prospectStates, prospectsKnown } from '../store/index.ts';
import type { Context } from './context.ts';

/** Who a company is to the program already. */
type Who = { kind: 'partner' | 'account' | 'prospect'; id: string };

/** A prospect that another spelling hid. */
export interface KnownAlready {
  prospectId: string;
  name: string;
  is: Who & { name: string };
  by: 'website' | 'name' | 'spelling';
}

/** Tells which prospects may be listed, and counts the others. */
export interface Screening {
  /** Whether nothing stands against listing a prospect: not approached, archived, signed; no partner, no account. */
  isOpen(prospect: Prospect): boolean;
  /** The same for those about to be listed, the best first: each company once. */
  once(prospects: readonly Prospect[]): Prospect[];
  counts: ProspectCounts;
  /** Examples of prospects that are somebody known under another spelling. */
  known: KnownAlready[];
}

const MOST_EXAMPLES = 20;

/**
 * Begins to screen prospects for a day. Memory is bounded by partners, accounts and the prospects that something was
 * done with: those never return, under another spelling neither. What was done here counts up to now, for a list is read today.
 */
export async function beginScreening({ database, clock }: Context, asOf: Instant): Promise<Screening> {
  const index = companyIndex<Who>();
  for await (const page of companiesKnown(database, asOf)) for (const company of page) index.add(company);
  const states = await prospectStates(database, clock());
  const isDone = ({ prospectId, approachedAt, signedPartnerId }: Prospect) =>
    states.has(prospectId) || signedPartnerId !== null || (approachedAt !== null && approachedAt.getTime() < asOf);
  const done = companyIndex<Who>();
  for await (const page of prospectsKnown(database, asOf)) {
    for (const prospect of page.filter(isDone)) done.add(inIndex(prospect));
  }
  const counts: ProspectCounts = { prospects: 0, open: 0, partners: 0, accounts: 0, repeated: 0, done: 0 };
  const known: KnownAlready[] = [];
  const isAnother = (prospect: Prospect, among: CompanyIndex<Who>) => {
    const same = among.find(prospect);
    if (!same || (same.is.who.kind === 'prospect' && same.is.who.id === prospect.prospectId)) return null;
    if (known.length < MOST_EXAMPLES) {
      const { name, who } = same.is;
      known.push({ prospectId: prospect.prospectId, name: prospect.name, is: { ...who, name }, by: same.by });
    }
    return same.is.who.kind;
  };
  return {
    counts,
    known,
    isOpen(prospect) {
      counts.prospects++;
      if (isDone(prospect)) {
        counts.done++;
        return false;
      }
      const kind = isAnother(prospect, index) ?? isAnother(prospect, done);
      if (kind === 'partner') counts.partners++;
      else if (kind === 'account') counts.accounts++;
      else if (kind === 'prospect') counts.repeated++;
      else counts.open++;
      return kind === null;
    },
    once(prospects) {
      const listed = companyIndex<Who>();
      return prospects.filter((prospect) => {
        if (isAnother(prospect, listed) !== null) {
          counts.repeated++;
          counts.open--;
          return false;
        }
        listed.add(inIndex(prospect));
        return true;
      });
    },
  };
}

function inIndex({ prospectId, name, website, country }: Prospect) {
  return { name, website, country, who: { kind: 'prospect' as const, id: prospectId } };
}
