import { type Company, wordsIn } from '../company.ts';
import type { Feature, FeatureView } from '../feature.ts';
import { firmographics } from '../groups/firmographics.ts';

/** What companies are told apart by in words; each word that many have is a feature of its own. */
const WORDED = { country: 'Is in', industry: 'Its industry is', technologies: 'Is known to use' } as const;
type Worded = keyof typeof WORDED;
const ATTRIBUTES = Object.keys(WORDED) as Worded[];

/** Fewer companies say nothing about a word, and more words than this are a dictionary, not a profile. */
const FEWEST_COMPANIES = 10;
const MOST_WORDS = 100;

/** By attribute, the words that are features. */
export type TraitWords = Readonly<Record<Worded, readonly string[]>>;

/** Counts the words that companies are told apart by. */
export interface TraitCount {
  add(company: Company): void;
  /** Those that enough companies have, the most frequent first, ties by the alphabet. */
  words(): TraitWords;
}

/** Begins to count. */
export function traitsInUse(): TraitCount {
  const counts = new Map(ATTRIBUTES.map((attribute) => [attribute, new Map<string, number>()]));
  const frequent = (attribute: Worded) =>
    [...(counts.get(attribute) ?? [])]
      .filter(([, companies]) => companies >= FEWEST_COMPANIES)
      .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
      .slice(0, MOST_WORDS)
      .map(([word]) => word);
  return {
    add(company) {
      for (const [attribute, words] of counts) {
        for (const word of new Set(wordsIn(company, attribute))) words.set(word, (words.get(word) ?? 0) + 1);
      }
    },
    words: () => ({
      country: frequent('country'),
      industry: frequent('industry'),
      technologies: frequent('technologies'),
    }),
  };
}

/**
 * What a prospect is like: firmographic and technographic traits, each word in use a feature of 0 or 1. Partners have
 * the same traits, so that what is learnt of partners can be asked of prospects.
 */
export function prospectView(words: TraitWords): FeatureView<Company> {
  return traitView(words, {});
}

/** By attribute other than those of `TraitWords`, the values that are features. */
export type FurtherTraits = Readonly<Record<string, readonly string[]>>;

/**
 * The traits of prospects and, behind them, what else is on record of partners, such as their tier, or of prospects,
 * such as where the vendor came by them. What is learnt of partners may look at all of it, and tells by the clock what
 * came only with the partnership.
 */
export function traitView(words: TraitWords, further: FurtherTraits): FeatureView<Company> {
  const worded = ATTRIBUTES.flatMap((attribute) =>
    words[attribute].map((word) => trait(attribute, word, `${WORDED[attribute]} ${word}`)),
  );
  const others = Object.entries(further).flatMap(([attribute, values]) =>
    values
      .map((value) => value.trim().toLowerCase())
      .map((value) => trait(attribute, value, `Its ${attribute.replaceAll('_', ' ')} is ${value}`)),
  );
  return {
    name: 'prospects',
    entity: 'prospect',
    features: distinct([...firmographics, ...worded, ...others]),
    relative: [],
    atRisk: () => true,
  };
}

function trait(attribute: string, word: string, words: string): Feature<Company> {
  return {
    name: `${attribute}_${word.replace(/[^a-z0-9]+/g, '_')}`,
    unit: 'flag',
    topic: attribute,
    trait: `${attribute}=${word}`,
    description: `1 where it is known that: ${words.toLowerCase()}; else 0.`,
    unknown: `where its ${attribute} is not on record`,
    reason: { high: () => words, low: () => `Not so: ${words.toLowerCase()}` },
    compute(company) {
      const known = wordsIn(company, attribute);
      return known && Number(known.includes(word));
    },
  };
}

/** Words that differ in what a name cannot hold are numbered. */
function distinct(features: readonly Feature<Company>[]): Feature<Company>[] {
  const seen = new Map<string, number>();
  return features.map((feature) => {
    const times = (seen.get(feature.name) ?? 0) + 1;
    seen.set(feature.name, times);
    return times === 1 ? feature : { ...feature, name: `${feature.name}_${times}` };
  });
}
