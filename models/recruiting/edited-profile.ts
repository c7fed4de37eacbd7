import { z } from 'zod';
import { selectRows } from '../../features/index.ts';
import { drawPartners, interval, type Measured } from '../bootstrap.ts';
import { metricNamed, rank } from '../metrics.ts';
import { seeded, seedFor } from '../random.ts';
import { fourfoldOf, liftOf } from './count-traits.ts';
import { fitOfProfile } from './fit-of-profile.ts';
import { learnProfile, outcomesOf, type ProfileSettings, settledRows } from './learn-profile.ts';
import { type Profile, type ProfileTrait, withVersion } from './profile.ts';
import { TOP, type TopPartners } from './top-partners.ts';
import { holders, readTrait, type Trait } from './traits.ts';

/** A profile as people write it: of what `ipp show --json` prints, only this is read. */
export const editedProfile = z.object({
  traits: z
    .array(z.object({ trait: z.string().min(1).max(500), direction: z.enum(['for', 'against']) }))
    .min(1)
    .max(50)
    .refine((traits) => new Set(traits.map(({ trait }) => trait.trim().toLowerCase())).size === traits.length, {
      message: 'holds a trait twice',
    }),
});
export type EditedProfile = z.infer<typeof editedProfile>;

const DRAWS = 300;
const MOST_TOLD = 12;

/**
 * A profile that was written by hand, its traits measured on the partners there are.
 * @throws RangeError naming the traits that no company can have, and some that it can
 */
export function measureEdited(edited: EditedProfile, partners: TopPartners, settings: ProfileSettings): Profile {
  const read = edited.traits.map(({ trait, direction }) => ({
    text: trait,
    direction,
    trait: readTrait(trait, partners.view),
  }));
  const unknown = read.filter(({ trait }) => trait === null).map(({ text }) => JSON.stringify(text));
  if (unknown.length > 0) throw new RangeError(`no such trait: ${unknown.join(', ')}. ${traitsThereAre(partners)}`);
  const known = read.map(({ trait, direction }) => ({ ...(trait as Trait), direction }));
  return withVersion({ ...measured(known, partners, settings), source: 'edited' });
}

type Written = Trait & { direction: ProfileTrait['direction'] };

function measured(
  traits: readonly Written[],
  partners: TopPartners,
  { learntUntil, seed }: ProfileSettings,
): Omit<Profile, 'version' | 'source'> {
  const rows = settledRows(partners);
  const top = rows.map((row) => partners.standing[row] === TOP);
  const counts = { top, traits: traits.map((trait) => ({ ...trait, held: heldBy(trait, partners, rows) })) };
  const lifts = traits.map((): number[] => []);
  const entities = rows.map((row) => partners.whenSigned.entities[row]);
  if (rows.length > 0) {
    for (const weights of drawPartners(entities, seeded(seedFor(seed, 'edited profile')), DRAWS)) {
      lifts.forEach((each, place) => {
        each.push(liftOf(fourfoldOf(counts, place, weights)));
      });
    }
  }
  const once = new Float64Array(rows.length).fill(1);
  const tops = top.filter(Boolean).length;
  return {
    learntUntil,
    partners: rows.length,
    top: tops,
    baseRate: tops / rows.length,
    traits: traits.map((trait, place) => {
      const found = fourfoldOf(counts, place, once);
      const lift = interval(liftOf(found), lifts[place]);
      const support = { partners: found.holders, top: found.topHolders };
      return { ...trait, lift, support, stability: Number.NaN, q: Number.NaN };
    }),
    considered: traits.length,
    falseDiscoveryRate: 1,
    excluded: [],
    repeats: [],
    verdict: 'usable',
    says: `Written by hand: ${traits.length} traits, none of them chosen by the data.`,
  };
}

function heldBy(trait: Trait, { whenSigned }: TopPartners, rows: readonly number[]): Uint8Array {
  const held = holders(trait, whenSigned);
  return Uint8Array.from(rows, (row) => held[row]);
}

function traitsThereAre({ view }: TopPartners): string {
  const flags = view.features.flatMap(({ trait }) => (trait === undefined ? [] : [trait]));
  const some = flags.slice(0, MOST_TOLD).join(', ');
  return `Write a trait as employees>=120 or employees<=30, or as one of the ${flags.length} there are: ${some}${flags.length > MOST_TOLD ? ' …' : ''}`;
}

/** How well two profiles would have ranked partners that signed later than those they were measured on. */
export interface ProfileContest {
  /** Partners that signed earlier, later, and how many of these are top. */
  earlier: number;
  later: number;
  laterTop: number;
  /** AUC of each on the later partners with its 95 % interval: 0.5 is a coin. Null where there are too few. */
  edited: Measured | null;
  learnt: Measured | null;
  /** The edited one's AUC minus the learnt one's. */
  difference: Measured | null;
  says: string;
}

/** With fewer later partners of either kind nothing can be said. */
const FEWEST = 10;

/**
 * Holds a hand-written profile against the learnt one: what the earlier half of the partners teaches, learnt or measured
 * on the written traits, ranks the later half. Who wrote it may have known the later ones; the learnt one has not.
 */
export function contestProfiles(edited: Profile, partners: TopPartners, settings: ProfileSettings): ProfileContest {
  const rows = settledRows(partners).sort((a, b) => partners.whenSigned.cutoffs[a] - partners.whenSigned.cutoffs[b]);
  const half = rows.length >> 1;
  const [before, after] = [rows.slice(0, half), rows.slice(half)];
  const outcomes = outcomesOf(partners, after);
  const laterTop = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  const sizes = { earlier: before.length, later: after.length, laterTop };
  if (Math.min(laterTop, after.length - laterTop) < FEWEST) {
    const says = `Too few partners signed late to compare: ${laterTop} top and ${after.length - laterTop} others; ${FEWEST} of each are the least.`;
    return { ...sizes, edited: null, learnt: null, difference: null, says };
  }
  const earlier = partnersAt(partners, before);
  const table = selectRows(partners.whenSigned, after);
  const written = { ...measured(edited.traits, earlier, settings), version: edited.version, source: edited.source };
  const aucs = [written, learnProfile(earlier, settings)].map((profile) =>
    rank(fitOfProfile(profile, table), outcomes),
  );
  const auc = metricNamed('auc');
  const once = new Float64Array(after.length).fill(1);
  const values = aucs.map((ranked) => auc.compute(ranked, once));
  const draws: number[][] = [[], [], []];
  for (const weights of drawPartners(table.entities, seeded(seedFor(settings.seed, 'contest')), DRAWS)) {
    const [one, other] = aucs.map((ranked) => auc.compute(ranked, weights));
    [one, other, one - other].forEach((value, i) => {
      draws[i].push(value);
    });
  }
  const found = {
    edited: interval(values[0], draws[0]),
    learnt: interval(values[1], draws[1]),
    difference: interval(values[0] - values[1], draws[2]),
  };
  return { ...sizes, ...found, says: tellContest(found, sizes) };
}

function partnersAt(partners: TopPartners, rows: readonly number[]): TopPartners {
  return {
    ...partners,
    whenSigned: selectRows(partners.whenSigned, rows),
    today: selectRows(partners.today, rows),
    standing: Uint8Array.from(rows, (row) => partners.standing[row]),
  };
}

function tellContest(
  { edited, learnt, difference }: Record<'edited' | 'learnt' | 'difference', Measured>,
  { earlier, later, laterTop }: Pick<ProfileContest, 'earlier' | 'later' | 'laterTop'>,
): string {
  const verdict =
    difference.low > 0
      ? 'The written profile ranks them better'
      : difference.high < 0
        ? 'The learnt profile ranks them better'
        : 'Neither can be told to be better';
  return (
    `${verdict}: of ${later} later partners (${laterTop} top), judged by what ${earlier} earlier ones teach, ` +
    `AUC ${figure(edited)} as written, ${figure(learnt)} as learnt, 0.5 being a coin. Who wrote it may have known them.`
  );
}

function figure({ value, low, high }: Measured): string {
  return `${value.toFixed(2)} (95 % ${low.toFixed(2)}–${high.toFixed(2)})`;
}
