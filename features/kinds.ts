/**
 * Event kinds are dotted words, an open set; features ask about a kind by its name, or about a group of kinds by one
 * of the words here. A new group is one entry in `GROUPS`.
 */
export type KindGroup = keyof typeof GROUPS | `${string}.${string}`;

type Belongs = (kind: string, qualifying: ReadonlySet<string>) => boolean;

/** What the vendor does to a partner is no sign of life of the partner. */
const DONE_BY_VENDOR = new Set([
  'survey.sent',
  'deal.approved',
  'deal.rejected',
  'certification.expired',
  'mdf.approved',
]);

/** What comes of something that a partner did weeks or months before. */
const CAME_OF_EARLIER = new Set(['deal.won', 'deal.lost', 'lead.converted']);

const GROUPS = {
  any: () => true,
  qualifying: (kind, qualifying) => qualifying.has(kind),
  life: (kind) => !DONE_BY_VENDOR.has(kind),
  initiative: (kind) => !DONE_BY_VENDOR.has(kind) && !CAME_OF_EARLIER.has(kind),
  portal: (kind) => /^(portal|content)\./.test(kind),
  learning: (kind) => kind.startsWith('training.') || kind === 'certification.earned',
  support: (kind) => kind.startsWith('support.'),
  leads: (kind) => kind.startsWith('lead.'),
  funds: (kind) => kind.startsWith('mdf.') && !DONE_BY_VENDOR.has(kind),
  marketing: (kind) => kind.startsWith('campaign.') || kind.startsWith('mdf.'),
  meetings: (kind) => kind === 'meeting.held' || kind === 'demo.requested',
  deals: (kind) => kind.startsWith('deal.'),
  registered: (kind) => kind === 'deal.registered',
  approved: (kind) => kind === 'deal.approved',
  rejected: (kind) => kind === 'deal.rejected',
  won: (kind) => kind === 'deal.won',
  lost: (kind) => kind === 'deal.lost',
} satisfies Record<string, Belongs>;

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

/**
 * For each kind of a dictionary, 1 where it belongs to a group, else 0.
 * @throws RangeError when the group is neither a word of ours nor a kind's name
 */
export function membersOf(group: KindGroup, kinds: readonly string[], qualifying: ReadonlySet<string>): Uint8Array {
  const belongs: Belongs | undefined = Object.hasOwn(GROUPS, group) ? GROUPS[group as keyof typeof GROUPS] : undefined;
  if (!belongs && !group.includes('.')) throw new RangeError(`"${group}" is neither a group of kinds nor a kind`);
  return Uint8Array.from(kinds, (kind) => Number(belongs ? belongs(kind, qualifying) : kind === group));
}
