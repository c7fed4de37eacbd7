import { beforeAll, describe, expect, it } from 'vitest';
import type { FeatureTable } from '../../../features/index.ts';
import {
  diffProfiles,
  fitOfProfile,
  learnProfile,
  loadProfile,
  type Profile,
  tellDiff,
  tellProfile,
} from '../../../models/index.ts';
import { matchesOf } from '../../../models/recruiting/fit-of-profile.ts';
import { companyTable, plantedPartners, TODAY } from '../../helpers/planted-partners.ts';

const SETTINGS = { learntUntil: TODAY, seed: 3, draws: 60 };

describe('a profile of partners among whom two traits make top ones', () => {
  const partners = plantedPartners(400, 1);
  let profile: Profile;
  beforeAll(() => {
    profile = learnProfile(partners, SETTINGS);
  });

  it('holds both, the stronger first, and no other', () => {
    expect(profile.traits.map(({ trait, direction }) => [trait, direction])).toEqual([
      ['technologies=t0', 'for'],
      ['industry=health', 'for'],
    ]);
    expect(profile.verdict).toBe('usable');
  });

  it('counts as anybody would by hand', () => {
    const [{ lift, support, stability, q, feature }] = profile.traits;
    const column = partners.whenSigned.columns[partners.whenSigned.names.indexOf(feature)];
    const holders = [...column.keys()].filter((row) => column[row] === 1);
    const top = holders.filter((row) => partners.standing[row] === 1);
    const all = partners.standing.filter((each) => each === 1).length;
    expect(support).toEqual({ partners: holders.length, top: top.length });
    expect(lift.value).toBeCloseTo(top.length / holders.length / (all / 400), 12);
    expect([lift.low < lift.value, lift.value < lift.high, lift.low > 1]).toEqual([true, true, true]);
    expect(stability).toBeGreaterThan(0.9);
    expect(q).toBeLessThan(0.001);
    expect([profile.partners, profile.top, profile.baseRate]).toEqual([400, all, all / 400]);
  });

  it('leaves out by its clock what came after signing, with all values of what takes one at a time', () => {
    const top = partners.standing.filter((each) => each === 1).length;
    expect(profile.excluded).toEqual([
      { trait: 'tier=gold', why: `first known after signing of ${top} of the ${top} partners that have it` },
      { trait: 'tier=silver', why: 'tier takes other values after signing' },
      { trait: 'board=member', why: `first known after signing of ${top} of the ${top} partners that have it` },
    ]);
  });

  it('leaves out what most draws of partners would not choose again', () => {
    // Of these 85 both traits are discoveries; the other is one again in 6 of 20 draws.
    const { traits, verdict } = learnProfile(plantedPartners(85, 2), { learntUntil: TODAY, seed: 2, draws: 20 });
    expect([traits.map(({ trait, stability }) => [trait, stability]), verdict]).toEqual([
      [['industry=health', 0.6]],
      'weak',
    ]);
  });

  it('would have taken gold, had it been known at signing', () => {
    const clockless = { ...partners, whenSigned: partners.today };
    expect(learnProfile(clockless, SETTINGS).traits.map(({ trait }) => trait)).toContain('tier=gold');
  });

  it('is the same for the same seed, and itself again when saved and loaded', () => {
    expect(learnProfile(partners, SETTINGS)).toEqual(profile);
    expect(loadProfile(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    expect(() => loadProfile({ ...profile, traits: [{ trait: 'x' }] })).toThrow(/this is no profile/);
  });

  it('ranks: having both traits is best, what is not known changes nothing', () => {
    const table = companyTable(
      [
        { industry: 'health', technologies: 't0' },
        { industry: 'retail', technologies: 't0' },
        {},
        { industry: 'retail', technologies: 't1' },
      ],
      'q',
    );
    const fit = fitOfProfile(profile, table);
    expect([fit[0] > fit[1], fit[1] > fit[2], fit[2], fit[3] < 0]).toEqual([true, true, 0, true]);
    expect(matchesOf(profile, table)[1]).toEqual({
      matched: ['Is known to use t0'],
      against: ['not: Its industry is health'],
    });
    expect(matchesOf(profile, table)[2]).toEqual({ matched: [], against: [] });
  });

  it('says what it has found in a sentence, be it one trait or more', () => {
    const place = partners.whenSigned.names.indexOf(profile.traits[0].feature);
    const standing = Uint8Array.from(partners.whenSigned.columns[place], Number);
    const one = learnProfile({ ...partners, standing }, SETTINGS);
    expect(one.says).toMatch(/^One trait sets top partners apart: Is known to use t0 \(\d\.\d times as often top/);
    expect(profile.says).toMatch(/^2 traits set top partners apart, first of all: Is known to use t0 \(/);
  });

  it('reads as a document', () => {
    const text = tellProfile(profile);
    expect(text).toMatch(/^# Ideal Partner Profile\n/);
    expect(text).toMatch(/\| Is known to use t0 \(`technologies=t0`\) \| for \| 1\.\d \(1\.\d–/);
    expect(text).toMatch(/- `board=member`: first known after signing/);
  });

  it('differs from another in what came, went and changed', () => {
    const [first, second] = profile.traits;
    const turned = { ...first, lift: { ...first.lift, value: first.lift.high + 1 } };
    const other = { ...profile, version: 'later', traits: [turned, { ...second, trait: 'x=y', says: 'X' }] };
    const diff = diffProfiles(profile, other);
    expect([diff.added, diff.removed, diff.changed].map((traits) => traits.map(({ trait }) => trait))).toEqual([
      ['x=y'],
      ['industry=health'],
      ['technologies=t0'],
    ]);
    expect(tellDiff(diff)).toHaveLength(3);
    expect(tellDiff(diffProfiles(profile, profile))).toEqual([]);
  });
});

describe('where there is nothing to be learnt', () => {
  it('a profile of partners who are top by chance is empty in most worlds, and says so', () => {
    const profiles = [1, 2, 3, 4, 5, 6].map((seed) => learnProfile(plantedPartners(200, seed, true), SETTINGS));
    const empty = profiles.filter(({ traits }) => traits.length === 0);
    expect(empty.length).toBeGreaterThanOrEqual(4);
    expect(empty[0]).toMatchObject({ verdict: 'none', says: expect.stringMatching(/cannot be predicted from this/) });
  });

  it('a profile without top partners is empty, and passes on why', () => {
    const partners = plantedPartners(40, 1);
    const none = {
      ...partners,
      standing: new Uint8Array(40).fill(2),
      verdict: 'none yet' as const,
      says: 'Too early.',
    };
    expect(learnProfile(none, SETTINGS)).toMatchObject({
      verdict: 'none',
      says: 'Too early.',
      traits: [],
      partners: 0,
    });
  });
});

it('a trait that only goes with a stronger one is told as its repeat', () => {
  const partners = plantedPartners(400, 2);
  const [copied, twin] = ['technologies_t0', 'technologies_t5'].map((name) =>
    partners.view.features.findIndex((each) => each.name === name),
  );
  const withTwin = (table: FeatureTable) => ({
    ...table,
    columns: table.columns.map((values, i) =>
      i === twin ? table.columns[copied].map((value, row) => (row % 10 === 0 ? 1 - value : value)) : values,
    ),
  });
  const { whenSigned, today } = partners;
  const profile = learnProfile({ ...partners, whenSigned: withTwin(whenSigned), today: withTwin(today) }, SETTINGS);
  expect(profile.traits.map(({ trait }) => trait)).not.toContain('technologies=t5');
  expect(profile.repeats).toContainEqual({ trait: 'technologies=t5', of: 'technologies=t0' });
});
