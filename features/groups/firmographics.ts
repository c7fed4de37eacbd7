import { type Company, numberIn, wordsIn } from '../company.ts';
import type { Feature } from '../feature.ts';

/** What sort of company it is; the same for partners and prospects. */
export const firmographics: readonly Feature<Company>[] = [
  {
    name: 'employees',
    unit: 'people',
    topic: 'company',
    description: 'People it employs.',
    reason: {
      high: ({ number, peers }) => `A large company: ${number} employees (peers ${peers})`,
      low: ({ number, peers }) => `A small company: ${number} employees (peers ${peers})`,
    },
    compute: (company) => numberIn(company, 'employees'),
  },
  {
    name: 'technologies',
    unit: 'technologies',
    topic: 'company',
    description: 'Technologies it is known to use.',
    reason: {
      high: ({ value, peers }) => `Known to use ${value} (peers ${peers})`,
      low: ({ value, peers }) => `Known to use ${value} (peers ${peers})`,
    },
    compute(company) {
      const words = wordsIn(company, 'technologies');
      return words && new Set(words).size;
    },
  },
];

/** What only partners have: how much they can do, and how steadily they are looked after. */
export const standing: readonly Feature[] = [
  {
    name: 'capacity',
    unit: 'score',
    topic: 'company',
    description: 'What it can take on, in the units in which the program states capacity.',
    reason: {
      high: ({ value, peers }) => `Can take on much: capacity ${value} (peers ${peers})`,
      low: ({ value, peers }) => `Can take on little: capacity ${value} (peers ${peers})`,
    },
    compute: (history) => numberIn(history, 'capacity'),
  },
  changed('owner', 'channel manager', 'the new channel manager getting in touch'),
  changed('tier', 'tier'),
];

function changed(attribute: string, words: string, clears?: string): Feature {
  return {
    name: `${attribute}_changes_365d`,
    unit: 'changes',
    topic: 'standing',
    description: `How often its ${words} changed in the last 365 days.`,
    reason: {
      high: ({ value, peers }) => `Its ${words} changed: ${value} in a year (peers ${peers})`,
      low: ({ value, peers }) => `Its ${words} changed: ${value} in a year (peers ${peers})`,
    },
    ...(clears !== undefined && { clears }),
    compute: (history) => history.changes(attribute, 365),
  };
}
