import type { Feature } from '../feature.ts';
import { counted, recent } from '../measures.ts';

const accepted = {
  topic: 'leads',
  group: 'lead.accepted',
  words: 'Leads accepted',
  clears: 'one lead accepted',
} as const;
const converted = {
  topic: 'leads',
  group: 'lead.converted',
  words: 'Leads converted',
  clears: 'one lead converted',
} as const;

/** What a partner makes of the leads it is given. */
export const leads: readonly Feature[] = [
  counted('leads_accepted', 90, accepted),
  counted('leads_accepted', 365, accepted),
  recent('lead_accepted', accepted),
  counted('leads_converted', 365, converted),
];
