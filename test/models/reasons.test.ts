import { describe, expect, it } from 'vitest';
import type { Feature, FeatureTable, FeatureView } from '../../features/index.ts';
import { mainReasons, writeMoney, writeMoneyShort, writeNumber, writePercent } from '../../models/index.ts';
import { lacks, prepareTelling, tellReasons } from '../../models/reasons.ts';
import { writeCount } from '../../models/words.ts';

const feature = (name: string, topic: string): Feature => ({
  name,
  unit: 'days',
  topic,
  description: `${name} in days.`,
  reason: {
    high: ({ value, peers, usual }) => `${name} high ${value} (peers ${peers}, own ${usual})`,
    low: ({ value, peers }) => `${name} low ${value} (peers ${peers})`,
  },
  clears: 'a call',
  compute: () => null,
});
const view: FeatureView = {
  name: 'test',
  entity: 'partner',
  features: [feature('recency', 'quiet'), feature('gap', 'quiet'), feature('visits', 'portal')],
  relative: [],
  atRisk: () => true,
};
const table: FeatureTable = {
  names: ['recency', 'gap', 'visits'],
  entities: ['a', 'b', 'c'],
  cutoffs: new Float64Array(3),
  columns: [Float32Array.of(41, 5, 7), Float32Array.of(2, 6, 6), Float32Array.of(Number.NaN, 3, 1)],
  atRisk: Uint8Array.of(1, 1, 1),
  peers: ['', '', ''],
};
const telling = prepareTelling(view, { recency: 0.4, gap: 0.1, visits: -0.3 }, table, 'USD');
const contributions = [
  { feature: 'recency', logOdds: 0.5 },
  { feature: 'gap', logOdds: 0.7 },
  { feature: 'visits', logOdds: -0.2 },
];

describe('reasons', () => {
  it('speak once per topic, add up exactly, and are told by the feature that makes sense', () => {
    const [quiet, portal] = tellReasons(telling, 0, contributions, new Map([['recency', 9]]));
    // `gap` weighs more, but it is below its peers, and low gaps have not gone with the outcome.
    expect(quiet).toMatchObject({
      topic: 'quiet',
      feature: 'recency',
      text: 'Recency high 41 days (peers 7, own 9)',
      value: 41,
      peers: 7,
      usual: 9,
      plain: true,
      clears: 'a call',
    });
    expect(quiet.log_odds).toBeCloseTo(1.2, 12);
    expect(portal.log_odds).toBe(-0.2);
  });

  it('tell money in its currency, not in its minor units', () => {
    const money: FeatureView = { ...view, features: view.features.map((each) => ({ ...each, unit: 'money' })) };
    const won = { ...table, columns: [Float32Array.of(1_250_000, 5, 80_000), ...table.columns.slice(1)] };
    const [quiet] = tellReasons(prepareTelling(money, { recency: 1 }, won, 'EUR'), 0, contributions, new Map());
    expect(quiet.text).toBe('Recency high €12.5k (peers €800, own unknown)');
  });

  it('an unknown number is told as unknown, and is no plain reason', () => {
    const [, portal] = tellReasons(telling, 0, contributions, new Map());
    expect(portal).toMatchObject({ text: 'Not known: visits in days', value: null, plain: false, clears: null });
  });

  it('where there is little room, the plain ones that raise the risk, and the best against it', () => {
    const reasons = tellReasons(
      telling,
      1,
      [
        { feature: 'recency', logOdds: -0.4 },
        { feature: 'gap', logOdds: 0.1 },
        { feature: 'visits', logOdds: 0.3 },
      ],
      new Map(),
    );
    const { raising, against } = mainReasons(reasons);
    expect(raising.map(({ topic }) => topic)).toEqual(['portal']);
    expect(against).toMatchObject({ topic: 'quiet', text: 'Recency low 5 days (peers 7)' });
  });
});

describe('numbers in words', () => {
  it('are written as people write them', () => {
    expect([0, 1, 41, 0.42, 12.7].map((x) => writeCount(x, 'days'))).toEqual([
      'no days',
      '1 day',
      '41 days',
      '0.4 days',
      '13 days',
    ]);
    expect(writeCount(1, 'people')).toBe('1 contact');
    expect(writeCount(3, 'events')).toBe('3');
    expect(writeNumber(0.634, 'share')).toBe('63 %');
    expect(writePercent(0.005)).toBe('1 %');
  });

  it('money is short, or in full, by its currency', () => {
    expect(writeMoneyShort(43_612_050, 'USD')).toBe('$436k');
    expect(writeMoney(43_612_050, 'USD')).toBe('$436,120.50');
    expect(writeMoney(1234, 'JPY')).toBe('¥1,234');
    expect(writeMoney(123_450, 'HUF')).toBe('HUF\u00a01,234.50');
    expect(writeMoneyShort(43_612_050, 'HUF')).toBe('HUF\u00a0436k');
    expect(writeMoney(1234, 'KWD')).toBe('KWD\u00a01.234');
    expect(writeMoneyShort(120_000_000_000, 'EUR')).toBe('€1.2B');
  });
});

describe('reasons of a score of which high is good', () => {
  it('clear where the partner lacks something, not where much of it has gone with a bad end', () => {
    const promise = prepareTelling(view, { recency: -0.4, gap: -0.1, visits: -0.3 }, table, 'USD', -1);
    const tell = (row: number, ...logOdds: number[]) =>
      tellReasons(
        promise,
        row,
        contributions.map(({ feature: name }, i) => ({ feature: name, logOdds: logOdds[i] })),
        new Map(),
      ).map(({ topic, clears }) => [topic, clears]);
    // Row 2 has 1 visit where its peers have 2; row 1 has 3.
    expect(tell(2, 0.1, 0, -0.5)).toEqual([
      ['portal', 'a call'],
      ['quiet', null],
    ]);
    expect(tell(1, 0.1, 0, -0.5)[0]).toEqual(['portal', null]);
    expect(tell(2, 0.1, 0, 0.5)[0]).toEqual(['portal', null]);
  });

  it('more days since something are a lack, fewer days of it as well; the unknown is none', () => {
    expect([lacks('meeting_days', 9, 5), lacks('meeting_days', 5, 9)]).toEqual([true, false]);
    expect([lacks('life_days_30d', 9, 5), lacks('life_days_30d', 5, 9)]).toEqual([false, true]);
    expect(lacks('life_days_30d', null, 9)).toBe(false);
  });
});
