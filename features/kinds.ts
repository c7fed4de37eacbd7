/**
 * Event kinds are dotted words, an open set; features ask about the groups of kinds named here.
 * A new group is one entry in `GROUPS`.
 */
export type KindGroup = 'qualifying' | 'life' | 'portal' | 'learning' | 'support' | 'registered' | 'won';

type Belongs = (kind: string, qualifying: ReadonlySet<string>) => boolean;

/** What the vendor does to a partner is no sign of life of the partner. */
const DONE_BY_VENDOR = new Set(['survey.sent', 'deal.approved', 'deal.rejected', 'certification.expired']);

const GROUPS: Record<KindGroup, Belongs> = {
  qualifying: (kind, qualifying) => qualifying.has(kind),
  life: (kind) => !DONE_BY_VENDOR.has(kind),
  portal: (kind) => /^(portal|content)\./.test(kind),
  learning: (kind) => kind.startsWith('training.') || kind === 'certification.earned',
  support: (kind) => kind.startsWith('support.'),
  registered: (kind) => kind === 'deal.registered',
  won: (kind) => kind === 'deal.won',
};

/** The names of the groups; a group's place in this list is its bit in a mask. */
export const KIND_GROUPS = Object.keys(GROUPS) as KindGroup[];

/** What counts as doing business unless a program declares its own `qualifying_kinds`: logins alone do not. */
export const DEFAULT_QUALIFYING_KINDS: readonly string[] = [
  'deal.registered',
  'deal.won',
  'lead.accepted',
  'lead.converted',
  'referral.made',
  'order.placed',
  'contribution.made',
];

/** For each kind of a dictionary, the groups it belongs to, as a bit mask in the order of `KIND_GROUPS`. */
export function groupMasks(kinds: readonly string[], qualifying: ReadonlySet<string>): Uint8Array {
  const mask = (kind: string) =>
    KIND_GROUPS.reduce((bits, group, i) => bits | (GROUPS[group](kind, qualifying) ? 1 << i : 0), 0);
  return Uint8Array.from(kinds, mask);
}
