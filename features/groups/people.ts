import type { Feature } from '../feature.ts';
import { type Measure, perWindow } from '../windowed.ts';
import { WINDOWS } from '../windows.ts';

const active: Measure = (history, days, into) => history.distinctEach('contact', 'life', days, into);

const contacts = perWindow(WINDOWS, active, (days) => ({
  name: `contacts_${days}d`,
  unit: 'people',
  topic: 'people',
  description: `Distinct contacts active in the last ${days} days.`,
  reason: {
    high: ({ value, peers }) => `${value} active in ${days} days (peers ${peers})`,
    low: ({ value, usual, peers }) => `${value} active in ${days} days (${usual} over a year, peers ${peers})`,
  },
  clears: 'more active contacts',
  usual: (history) => history.contacts('life', 365),
}));

function lost(days: number): Feature {
  return {
    name: `contacts_lost_${days}d`,
    unit: 'people',
    topic: 'people',
    description: `Contacts active in the ${days} days before the last ${days}, and not since.`,
    reason: {
      high: ({ value, peers }) => `${value} stopped in the last ${days} days (peers ${peers})`,
      low: ({ value, peers }) => `${value} stopped in the last ${days} days (peers ${peers})`,
    },
    clears: 'one of them coming back',
    compute: (history) => history.contactsLost('life', days),
  };
}

function gained(days: number): Feature {
  return {
    name: `contacts_new_${days}d`,
    unit: 'people',
    topic: 'people',
    description: `Contacts active in the last ${days} days who had not been in the ${days} before.`,
    reason: {
      high: ({ value, peers }) => `${value} newly active in ${days} days (peers ${peers})`,
      low: ({ value, peers }) => `${value} newly active in ${days} days (peers ${peers})`,
    },
    compute: (history) => history.contactsNew('life', days),
  };
}

function kept(days: number): Feature {
  return {
    name: `contacts_kept_${days}d`,
    unit: 'people',
    topic: 'people',
    description: `Contacts active both in the last ${days} days and in the ${days} before.`,
    reason: {
      high: ({ value, peers }) => `${value} active in both halves of the last ${2 * days} days (peers ${peers})`,
      low: ({ value, peers }) => `${value} active in both halves of the last ${2 * days} days (peers ${peers})`,
    },
    compute(history) {
      const now = history.contacts('life', days);
      const fresh = history.contactsNew('life', days);
      return now === null || fresh === null ? null : now - fresh;
    },
  };
}

/** Who at the partner is active: how many, who stopped, who began, and how much hangs on one person. */
export const people: readonly Feature[] = [
  ...contacts,
  lost(90),
  lost(180),
  gained(90),
  gained(180),
  kept(90),
  kept(180),
  {
    name: 'top_contact_share_180d',
    unit: 'share',
    topic: 'people',
    description: "The busiest contact's share of the activity of the last 180 days that names a contact.",
    reason: {
      high: ({ value, peers }) => `${value} of its activity hangs on one person (peers ${peers})`,
      low: ({ value, peers }) => `Spread over its people: the busiest has ${value} of the activity (peers ${peers})`,
    },
    clears: 'more active contacts',
    compute: (history) => history.topContactShare('life', 180),
  },
];
