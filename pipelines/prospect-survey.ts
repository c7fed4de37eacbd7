import type { Instant, traitsInUse } from '../features/index.ts';
import { seeded, seedFor } from '../models/index.ts';
import { type Prospect, prospectsKnown } from '../store/index.ts';
import type { Context } from './context.ts';
import { companyOf } from './prospect-features.ts';

/** What one pass over all prospects finds, however many there are. */
export interface ProspectSurvey {
  prospects: number;
  /** Some of them, drawn by lot. */
  sample: Prospect[];
  /** The ways the vendor came by them that enough have in common, the most frequent first. */
  sources: string[];
}

/** A sample of so many says what prospects are like. */
const SAMPLE = 20_000;
const FEWEST_OF_SOURCE = 10;
const MOST_SOURCES = 20;

/** Looks at every prospect known before a day. @param words counts the words in use among them too */
export async function surveyProspects(
  { database, settings }: Context,
  asOf: Instant,
  words: ReturnType<typeof traitsInUse>,
): Promise<ProspectSurvey> {
  const random = seeded(seedFor(settings.seed, 'sample of prospects'));
  const sample = reservoir<Prospect>(SAMPLE, random);
  const sources = new Map<string, number>();
  let prospects = 0;
  for await (const page of prospectsKnown(database, asOf)) {
    prospects += page.length;
    for (const prospect of page) {
      words.add(companyOf(prospect));
      sample.add(prospect);
      const source = prospect.source?.trim().toLowerCase();
      if (source) sources.set(source, (sources.get(source) ?? 0) + 1);
    }
  }
  const frequent = [...sources]
    .filter(([, times]) => times >= FEWEST_OF_SOURCE)
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  return { prospects, sample: sample.drawn, sources: frequent.slice(0, MOST_SOURCES).map(([source]) => source) };
}

/**
 * A sample of things that come one by one, each with the same chance, in memory for the sample alone.
 * Source: algorithm R, Vitter 1985.
 */
export function reservoir<Thing>(size: number, random: () => number): { add(thing: Thing): void; drawn: Thing[] } {
  const drawn: Thing[] = [];
  let seen = 0;
  return {
    drawn,
    add(thing) {
      seen++;
      if (drawn.length < size) drawn.push(thing);
      else {
        const place = Math.floor(random() * seen);
        if (place < size) drawn[place] = thing;
      }
    },
  };
}
