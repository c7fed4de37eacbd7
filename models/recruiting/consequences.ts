import { column, type FeatureTable } from '../../features/index.ts';
import type { TopPartners } from './top-partners.ts';
import { HAS, holders, traitsOf } from './traits.ts';

/** A trait that came with the partnership. */
export interface Consequence {
  trait: string;
  why: string;
}

/** A trait that more than this share of those who have it got only after signing tells nothing of a prospect. */
const MOST_LATE = 0.2;

interface FlagRows {
  trait: string;
  topic: string;
  /** Partners that have it today, and how many of them were not known to when they signed. */
  holders: number;
  late: number;
}

/**
 * Flags that are consequences by their clock: many of the partners that have one today were not known to have it when
 * they signed. What takes one value at a time, such as a tier, is left out with all its values when one is.
 */
export function consequencesIn(partners: TopPartners, rows: readonly number[]): Consequence[] {
  const flags = flagsOf(partners, rows);
  const isLate = ({ holders: having, late }: FlagRows) => late > MOST_LATE * having;
  const moving = new Set(
    flags.filter((flag) => isLate(flag) && isSingleValued(flag.topic, partners)).map(({ topic }) => topic),
  );
  return flags.flatMap((flag) => {
    if (isLate(flag)) {
      const { trait, holders: having, late } = flag;
      return [{ trait, why: `first known after signing of ${late} of the ${having} partners that have it` }];
    }
    return moving.has(flag.topic) ? [{ trait: flag.trait, why: `${flag.topic} takes other values after signing` }] : [];
  });
}

function flagsOf({ view, whenSigned, today }: TopPartners, rows: readonly number[]): FlagRows[] {
  return view.features
    .filter(({ unit }) => unit === 'flag')
    .flatMap((feature) => {
      const [trait] = traitsOf(feature, new Float32Array(0));
      const [then, now] = [holders(trait, whenSigned), holders(trait, today)];
      const having = rows.filter((row) => now[row] === HAS);
      const late = having.filter((row) => then[row] !== HAS).length;
      return [{ trait: trait.trait, topic: feature.topic, holders: having.length, late }];
    });
}

/** Whether no partner has two values of a topic at once. */
function isSingleValued(topic: string, { view, today }: TopPartners): boolean {
  const columns = view.features
    .filter((feature) => feature.topic === topic && feature.unit === 'flag')
    .map(({ name }) => column(today, name));
  return today.entities.every((_, row) => columns.filter((values) => values[row] === 1).length <= 1);
}

/** The features of a table that no consequence is told by, and that other companies have too. */
export function featuresBothHave(
  { view, whenSigned }: Pick<TopPartners, 'view' | 'whenSigned'>,
  excluded: ReadonlySet<string>,
  others: FeatureTable,
): string[] {
  return view.features
    .filter((feature) => !excluded.has(feature.trait ?? '') && others.names.includes(feature.name))
    .map(({ name }) => name)
    .filter((name) => whenSigned.names.includes(name));
}
