import type { Instant } from '../../features/index.ts';
import { happens } from './chance.ts';
import type { Company } from './companies.ts';
import { type Contact, drawContacts } from './contacts.ts';
import { concerns, drawPartnerIncidents, type Incident } from './incidents.ts';
import { live, type Month } from './life.ts';
import { drawTraining, type Training } from './training.ts';
import { drawTraits, PARTNERS_PER_MANAGER, partnerId, type Traits } from './traits.ts';
import type { World } from './world.ts';

const HAS_PARENT = 0.04;

/** A partner with all that is hidden about it, and nothing yet that it leaves on record. */
export interface Partner {
  /** Its place among all, from 0. */
  n: number;
  traits: Traits;
  /** The partner it belongs to, as a few do. */
  parent: string | null;
  life: readonly Month[];
  contacts: readonly Contact[];
  training: Training | null;
  /** Its own incidents and those of many partners that touch it. */
  incidents: readonly Incident[];
  ownIncidents: readonly Incident[];
}

/** Makes the n-th partner, which is this company and was signed then. Every partner has its own streams of chance. */
export function makePartner(n: number, company: Company, signedOn: Instant, world: World): Partner {
  const random = world.random(`partner ${n}`);
  const traits = drawTraits(n, company, signedOn, random);
  const life = live(traits, world.calendar, random);
  // Drawn in any case: what is drawn after it must not depend on it.
  const drawn = drawPartnerIncidents(traits, life, world, random);
  const ownIncidents = world.drawsIncidents ? drawn : [];
  // Of its own territory, so that it came before.
  const sibling = n - 1 - Math.floor(3 * random());
  const hasParent = happens(HAS_PARENT, random) && sibling >= n - (n % PARTNERS_PER_MANAGER);
  return {
    n,
    traits,
    parent: hasParent ? partnerId(sibling) : null,
    life,
    contacts: drawContacts(traits, world.end, random),
    training: drawTraining(traits, life, world.start, random),
    incidents: [...world.incidents, ...ownIncidents].filter((incident) => concerns(incident, traits)),
    ownIncidents,
  };
}
