import { DAY, type Instant } from '../../features/index.ts';
import type { Random } from '../../models/index.ts';
import { between, exponential, happens, oneOf } from './chance.ts';
import type { Cell } from './files.ts';
import { FAMILY_NAMES, GIVEN_NAMES, websiteOf } from './names.ts';
import type { Traits } from './traits.ts';
import { stamp, stampOrNothing } from './world.ts';

/** A person in one of the seats of a partner's team; when one leaves, another takes the seat. */
export interface Contact {
  id: string;
  seat: number;
  role: string;
  email: string;
  from: Instant;
  to: Instant | null;
  optedOutAt: Instant | null;
}

const ROLES = ['sales', 'technical', 'marketing', 'executive'];
const STAYS_DAYS = 900;
const OPTS_OUT = 0.06;

/** Everyone who ever works for the partner, seat by seat. */
export function drawContacts(traits: Traits, end: Instant, random: Random): Contact[] {
  const contacts: Contact[] = [];
  for (let seat = 0; seat < traits.seats; seat++) {
    for (let from = traits.signedOn; from < end; ) {
      const left = from + Math.ceil(exponential(STAYS_DAYS, random) + 60) * DAY;
      contacts.push(drawContact(traits, contacts.length + 1, seat, from, left < end ? left : null, random));
      from = left;
    }
  }
  return contacts;
}

function drawContact(
  traits: Traits,
  number: number,
  seat: number,
  from: Instant,
  to: Instant | null,
  random: Random,
): Contact {
  const person = `${oneOf(GIVEN_NAMES, random)}.${oneOf(FAMILY_NAMES, random)}`.toLowerCase();
  const optedOutAt = from + Math.floor(between(20, 700, random)) * DAY + DAY / 2;
  return {
    id: `C-${traits.id}-${number}`,
    seat,
    role: ROLES[seat % ROLES.length],
    email: `${person}${number}@${websiteOf(traits.name)}`,
    from,
    to,
    optedOutAt: happens(OPTS_OUT, random) && optedOutAt < (to ?? Number.POSITIVE_INFINITY) ? optedOutAt : null,
  };
}

/** Who holds a seat at an instant. */
export function holderOf(contacts: readonly Contact[], seat: number, at: Instant): string | null {
  return contacts.find((one) => one.seat === seat && one.from <= at && (one.to === null || one.to > at))?.id ?? null;
}

/** The rows of `contacts.csv`: a version when a person comes, opts out and leaves, each as it is known. */
export function contactRows(traits: Traits, contacts: readonly Contact[], end: Instant): Cell[][] {
  return contacts.flatMap(({ id, role, email, from, to, optedOutAt }) => {
    const row = (until: Instant | null, optedOut: Instant | null, knownAt: Instant) => [
      id,
      traits.id,
      role,
      email,
      traits.company.country.zone,
      stamp(from),
      stampOrNothing(until),
      stampOrNothing(optedOut),
      stamp(knownAt),
    ];
    const rows = [row(null, null, from)];
    if (optedOutAt !== null && optedOutAt < end) rows.push(row(null, optedOutAt, optedOutAt));
    if (to !== null && to + DAY < end) rows.push(row(to, optedOutAt, to + DAY));
    return rows;
  });
}
