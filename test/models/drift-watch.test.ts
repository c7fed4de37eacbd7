import { describe, expect, it } from 'vitest';
import { DAY, type FeatureTable, parseDay } from '../../features/index.ts';
import {
  ALARMS_PER_YEAR,
  type DriftReference,
  driftReference,
  tellDrift,
  watchDrift,
} from '../../models/drift-watch.ts';
import { type Random, seeded } from '../../models/index.ts';

const START = parseDay('2022-01-01');
const FEATURES = 24;
const WEEK = 7 * DAY;

/**
 * Partners whose features keep to a level of their own from week to week: half of it stays, half is drawn anew. Some
 * features follow the season, some grow, some are often unknown, one is the same for everyone of a day.
 */
function world(partners: number, random: Random) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const levels = Array.from({ length: partners }, () => Array.from({ length: FEATURES }, normal));
  const names = Array.from({ length: FEATURES }, (_, f) => `f${f}`);
  const drawn = (f: number, level: number, cutoff: number) => {
    const years = (cutoff - START) / (365 * DAY);
    if (f === 0) return Math.sin(2 * Math.PI * years);
    const season = f % 6 === 1 ? 0.5 * Math.sin(2 * Math.PI * years) : 0;
    const growth = f % 6 === 2 ? 0.5 * years : 0;
    if (f % 6 === 3 && random() < 0.3) return Number.NaN;
    return (f % 6 === 4 ? Math.round : Number)(Math.SQRT1_2 * (level + normal()) + season + growth);
  };
  const at = (cutoffs: readonly number[]): FeatureTable => {
    const rows = cutoffs.flatMap((cutoff) => levels.map((level, p) => ({ cutoff, level, entity: `p${p}` })));
    return {
      names,
      entities: rows.map(({ entity }) => entity),
      cutoffs: Float64Array.from(rows, ({ cutoff }) => cutoff),
      columns: names.map((_, f) => Float32Array.from(rows, ({ cutoff, level }) => drawn(f, level[f], cutoff))),
      atRisk: new Uint8Array(rows.length).fill(1),
      peers: rows.map(() => ''),
    };
  };
  return at;
}

const MONTHS = Array.from({ length: 24 }, (_, month) => START + month * 30 * DAY);
const LAST = MONTHS[MONTHS.length - 1];

/** A version learns of two years of months, and half a year after is trained again. */
function referenceOf(at: ReturnType<typeof world>, asOf: number): DriftReference {
  const shift = asOf - LAST > 182 * DAY ? 182 * DAY : 0;
  const reference = driftReference(at(MONTHS.map((month) => month + shift)));
  if (!reference) throw new Error('no reference');
  return reference;
}

describe('watching inputs', () => {
  it('stays quiet for a year of weekly runs without a shift, at the rate that is stated', () => {
    const worlds = 60;
    let alarms = 0;
    for (let seed = 1; seed <= worlds; seed++) {
      const at = world(80, seeded(seed));
      const references = [LAST, LAST + 200 * DAY].map((asOf) => referenceOf(at, asOf));
      const quiet = Array.from({ length: 52 }, (_, week) => LAST + (week + 1) * WEEK).every((asOf) => {
        const reference = references[asOf - LAST > 182 * DAY ? 1 : 0];
        return watchDrift(reference, at([asOf]), asOf, 7).drifted.length === 0;
      });
      if (!quiet) alarms++;
    }
    // Of 60 honest years 6 may have an alarm; more than 11 would be unlikely by chance (binomial, 1 %).
    expect(alarms / worlds).toBeLessThanOrEqual(11 / 60);
    expect(ALARMS_PER_YEAR).toBe(0.1);
  });

  it.each<[string, (value: number) => number]>([
    ['a feed that breaks off', () => Number.NaN],
    ['a feed that says nothing but 0', () => 0],
    ['another unit', (value) => 100 * value],
    ['a shift by two standard deviations', (value) => value + 2],
  ])('%s is flagged within two runs, and nothing else is', (_, change) => {
    for (let seed = 1; seed <= 10; seed++) {
      const at = world(150, seeded(seed));
      const reference = referenceOf(at, LAST);
      const flagged = [1, 2].map((week) => {
        const table = at([LAST + week * WEEK]);
        const columns = table.columns.map((values, f) => (f === 5 ? values.map(change) : values));
        const found = watchDrift(reference, { ...table, columns }, LAST + week * WEEK, 7);
        return found.drifted.map(({ feature }) => feature);
      });
      expect(flagged.flat()).toContain('f5');
      expect(new Set(flagged.flat()).size).toBe(1);
    }
  });

  it('another unit is flagged of forty partners too: values never seen before have a bin of their own', () => {
    /** Of amounts half are none, as those of a quarter are. */
    const withAmounts = (table: FeatureTable, times: number): FeatureTable => ({
      ...table,
      columns: table.columns.map((values, f) =>
        f === 5 ? values.map((value) => (value < 0 ? 0 : times * Math.exp(value))) : values,
      ),
    });
    for (let seed = 1; seed <= 10; seed++) {
      const at = world(40, seeded(seed));
      const reference = driftReference(withAmounts(at(MONTHS), 1)) as DriftReference;
      const found = watchDrift(reference, withAmounts(at([LAST + WEEK]), 100), LAST + WEEK, 7);
      expect(found.drifted.map(({ feature }) => feature)).toEqual(['f5']);
    }
  });

  it('records that did not reach back are no ordinary movement; where nothing earlier is known, nothing is told', () => {
    const at = world(60, seeded(1));
    /** Known of a month to this share: of none at first, of half in the months that are looked back at, then of all. */
    const referenceWith = (known: (month: number) => number) => {
      const table = at(MONTHS);
      const column = table.columns[5].map((value, row) =>
        (row % 60) / 60 < known(MONTHS.indexOf(table.cutoffs[row])) ? value : Number.NaN,
      );
      const reference = driftReference({
        ...table,
        columns: table.columns.map((values, f) => (f === 5 ? column : values)),
      });
      return { reference: reference as DriftReference, ordinary: reference?.features[5].ordinary ?? Number.NaN };
    };
    const always = referenceWith(() => 1);
    const half = referenceWith((month) => (month < 15 ? 0.5 : 1));
    expect(always.ordinary).toBeLessThan(2);
    expect(half.ordinary).toBeLessThan(2);
    const late = referenceWith((month) => (month < 18 ? 0 : 1));
    const table = at([LAST + WEEK]);
    const columns = table.columns.map((values, f) => (f === 5 ? values.map((value) => 100 * value) : values));
    const flaggedBy = ({ reference }: typeof late) =>
      watchDrift(reference, { ...table, columns }, LAST + WEEK, 7).drifted.map(({ feature }) => feature);
    expect(flaggedBy(half)).toEqual(['f5']);
    expect(flaggedBy(late)).toEqual([]);
  });

  it('a measure among all partners that is told of nobody is no shift, that of a feed is', () => {
    const at = world(60, seeded(1));
    const table = at([LAST + WEEK]);
    const columns = table.columns.map((values, f) => (f === 5 || f === 7 ? values.map(() => Number.NaN) : values));
    const found = watchDrift(referenceOf(at, LAST), { ...table, columns }, LAST + WEEK, 7, new Set(['f5', 'f6']));
    expect(found.drifted.map(({ feature }) => feature)).toEqual(['f7']);
    expect(found.watched).toBe(FEATURES - 1);
  });

  it('spends of the rate what its days are of a year, a month at most', () => {
    const at = world(40, seeded(1));
    const reference = referenceOf(at, LAST);
    const levels = [1, 7, 30, 300].map((days) => watchDrift(reference, at([LAST]), LAST, days).level);
    [0.1 / 365, 0.7 / 365, 3 / 365, 3 / 365].forEach((level, i) => {
      expect(levels[i]).toBeCloseTo(level, 15);
    });
  });

  it('says nothing where there is too little past to know what is ordinary, and of nobody', () => {
    const at = world(40, seeded(1));
    expect(driftReference(at(MONTHS.slice(0, 8)))).toBeNull();
    expect(watchDrift(referenceOf(at, LAST), at([]), LAST, 7)).toMatchObject({ watched: 0, drifted: [] });
  });

  it('tells which inputs moved', () => {
    const drifted = ['a', 'b', 'c', 'd', 'e', 'f'].map((feature) => ({ feature, psi: 1, p: 0 }));
    expect(tellDrift({ watched: 9, level: 0.1, drifted })).toBe(
      '6 of 9 inputs have moved away from what was learnt from: a (PSI 1.00), b (PSI 1.00), c (PSI 1.00), d (PSI 1.00), ' +
        'e (PSI 1.00) and 1 more (an alarm like this comes by chance in at most one year in 10).',
    );
    expect(tellDrift({ watched: 9, level: 0.1, drifted: [] })).toMatch(/^None of 9 inputs has moved/);
  });
});
