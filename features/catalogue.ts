import type { Described, FeatureView, Told, Unit } from './feature.ts';
import { views } from './views/index.ts';
import { prospectView } from './views/prospects.ts';

/** A feature as people read of it; every word comes from its definition. */
export interface CatalogueEntry {
  name: string;
  unit: Unit;
  topic: string;
  description: string;
  /** When it is unknown, as a clause. */
  unknown: string;
  /** The reason with made-up numbers, where a partner's is above its peers'. */
  high: string;
  /** The same below them. */
  low: string;
  /** What would make the reason go away; null where nothing is said. */
  clears: string | null;
  /** Whether it is measured among everyone of the same cutoff, not on one past alone. */
  relative: boolean;
}

/** The part of a view that words are in. */
export interface WordedView {
  name: string;
  entity: FeatureView['entity'];
  features: readonly Described[];
  relative: readonly Described[];
}

/** All views as they can be told of without data: the words in use, each a trait of prospects, are still to come. */
export const wordedViews: readonly WordedView[] = [
  ...views,
  prospectView({ country: [], industry: [], technologies: [] }),
];

/** Every feature of a view in the order of its columns. */
export function catalogueOf({ features, relative }: Pick<WordedView, 'features' | 'relative'>): CatalogueEntry[] {
  return [...features.map((feature) => entryOf(feature, false)), ...relative.map((feature) => entryOf(feature, true))];
}

function entryOf({ name, unit, topic, description, unknown, reason, clears }: Described, relative: boolean) {
  const { high, low, ...others } = EXAMPLES[unit];
  const told = ([value, number = value]: Example): Told => ({ value, number, ...others });
  return {
    name,
    unit,
    topic,
    description,
    unknown: unknown ?? (WINDOWED.test(name) ? SHORT_RECORDS : NOTHING_TELLS),
    high: sentence(reason.high(told(high))),
    low: sentence(reason.low(told(low))),
    clears: clears ?? null,
    relative,
  };
}

const WINDOWED = /_\d+d$/;
const SHORT_RECORDS = 'while the records do not reach back as far as it looks';
const NOTHING_TELLS = 'when nothing on record tells it';

/** As reasons begin: with a capital. */
function sentence(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

/** A value with what it counts, and the bare number where that is another text. */
type Example = [value: string, number?: string];

const EXAMPLES: Record<Unit, { high: Example; low: Example; peers: string; usual: string }> = {
  days: { high: ['27 days', '27'], low: ['3 days', '3'], peers: '12', usual: '10' },
  events: { high: ['9'], low: ['1'], peers: '4', usual: '5' },
  weeks: { high: ['8 weeks', '8'], low: ['1 week', '1'], peers: '4', usual: '5' },
  people: { high: ['5 contacts', '5'], low: ['1 contact', '1'], peers: '2', usual: '3' },
  accounts: { high: ['9 accounts', '9'], low: ['1 account', '1'], peers: '3', usual: '4' },
  kinds: { high: ['6 kinds', '6'], low: ['1 kind', '1'], peers: '3', usual: '3' },
  technologies: { high: ['8 technologies', '8'], low: ['1 technology', '1'], peers: '3', usual: '3' },
  changes: { high: ['2 changes', '2'], low: ['no changes', '0'], peers: '0', usual: '0' },
  flag: { high: ['1'], low: ['0'], peers: '0', usual: '0' },
  score: { high: ['9'], low: ['3'], peers: '7', usual: '8' },
  products: { high: ['4 products', '4'], low: ['1 product', '1'], peers: '2', usual: '3' },
  ratio: { high: ['2.4'], low: ['0.3'], peers: '1', usual: '1' },
  share: { high: ['78 %'], low: ['12 %'], peers: '40 %', usual: '45 %' },
  probability: { high: ['78 %'], low: ['12 %'], peers: '40 %', usual: '45 %' },
  money: { high: ['250,000'], low: ['10,000'], peers: '80,000', usual: '90,000' },
};
