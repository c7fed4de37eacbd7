import type { Feature } from '../feature.ts';
import { counted, recent, shareOf } from '../measures.ts';

const taken = {
  topic: 'learning',
  group: 'learning',
  words: 'Trainings and certificates',
  clears: 'a training taken up',
} as const;
const earned = { topic: 'learning', group: 'certification.earned', words: 'Certificates earned' } as const;
const expired = {
  topic: 'learning',
  group: 'certification.expired',
  words: 'Certificates expired',
  clears: 'a certificate renewed',
} as const;
/** How long a certificate is taken to stand for what a person can do. */
const CERTIFIED_DAYS = 365;

/** Training and certification, where they are tracked. */
export const learning: readonly Feature[] = [
  counted('learning_events', 90, taken),
  counted('learning_events', 365, taken),
  recent('learning', taken),
  counted('certificates', 365, earned),
  counted('certificates_expired', 180, expired),
  {
    name: 'certified_share_180d',
    unit: 'share',
    topic: 'learning',
    description: `Share of the contacts active in the last 180 days that earned a certificate in the last ${CERTIFIED_DAYS}.`,
    reason: {
      high: ({ value, peers }) => `${value} of its active people are certified (peers ${peers})`,
      low: ({ value, peers }) => `Only ${value} of its active people are certified (peers ${peers})`,
    },
    clears: 'a certificate earned',
    compute: (history) =>
      shareOf(history.contactsAlso('life', 180, 'certification.earned', CERTIFIED_DAYS), history.contacts('life', 180)),
  },
];
