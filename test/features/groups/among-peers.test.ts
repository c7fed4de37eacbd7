import { describe, expect, it } from 'vitest';
import {
  BLANK,
  column,
  completeTable,
  DAY,
  FeatureRows,
  type FeatureTable,
  type Profile,
  views,
  visitHistories,
} from '../../../features/index.ts';
import { columnsOf, type SomeEvent } from '../../helpers/facts.ts';
import { programTracking } from '../../helpers/lively-world.ts';
import { CUTOFF, many } from '../../helpers/one-partner.ts';

/** So many partners, each with what its number says. */
type Partners = Record<string, { events: SomeEvent[]; profile: Profile }>;

function partners(count: number, name: string, events: (p: number) => SomeEvent[], like: Profile = BLANK): Partners {
  return Object.fromEntries(
    Array.from({ length: count }, (_, p) => [`${name}${p}`, { events: events(p), profile: like }]),
  );
}

function tableOf(...groups: Partners[]): FeatureTable {
  const all = Object.entries(Object.assign({}, ...groups) as Partners);
  const columns = columnsOf(
    Object.fromEntries(all.map(([id, { events }]) => [id, events])),
    Object.fromEntries(all.map(([id, { profile }]) => [id, profile])),
  );
  const rows = new FeatureRows(views[0], all.length);
  visitHistories(columns, programTracking(CUTOFF), [CUTOFF], (history) => rows.add(history));
  return completeTable(views[0], [rows.taken()]).table;
}

/** Known to be of a type, in a region. */
function kind(type: string, region?: string): Profile {
  const since = CUTOFF - 900 * DAY;
  const of = (attribute: string, value: string) => ({ attribute, value, validFrom: since, knownAt: since });
  return { ...BLANK, attributes: [of('type', type), ...(region === undefined ? [] : [of('region', region)])] };
}

const told = (table: FeatureTable, name: string) =>
  [...column(table, name)].map((value) => Math.round(1e4 * value) / 1e4);

describe('ranks and levels among those of a type and region', () => {
  // Three to twelve events on as many days.
  const rising = (p: number) => Array.from({ length: 3 + p }, (_, i) => many(1, 1 + i)).flat();
  const ten = partners(10, 'ten', rising, kind('reseller', 'EMEA'));

  it.each(['peer_rank_events_90d', 'peer_rank_life_days_90d'])('%s is a rank among them only', (name) => {
    const others = partners(10, 'other', (p) => rising(20 + p), kind('referral', 'EMEA'));
    const further = partners(10, 'further', () => rising(3), kind('reseller', 'APAC'));
    const table = tableOf(ten, others, further);
    const ranks = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95];
    expect(told(table, name)).toEqual([...ranks, ...ranks, ...new Array(10).fill(0.5)]);
  });

  it('is told to those not at risk, who do not count', () => {
    const table = tableOf(
      ten,
      partners(3, 'gone', () => many(9, 100), kind('reseller', 'EMEA')),
    );
    expect(told(table, 'peer_rank_events_90d').slice(9)).toEqual([0.95, 0, 0, 0]);
  });

  it('is unknown among fewer than ten at risk, and where nothing is known of the type', () => {
    const nine = {
      ...partners(9, 'nine', rising, kind('reseller', 'APAC')),
      ...partners(1, 'gone', () => many(9, 100), kind('reseller', 'APAC')),
    };
    const blank = partners(20, 'blank', rising);
    const table = tableOf(nine, blank, partners(10, 'only', rising, kind('reseller')));
    for (const name of ['peer_rank_events_90d', 'peer_rank_life_days_90d', 'peers_level_90d']) {
      const values = told(table, name);
      expect(values.slice(0, 30).every(Number.isNaN), name).toBe(true);
      expect(values.slice(30).some(Number.isNaN), name).toBe(false);
    }
  });

  it('peers_level_90d is their last quarter over an average one of the year, of those at risk', () => {
    const steady = () => [...many(3, 90), ...many(1, 91)];
    const group = partners(10, 'on', steady, kind('reseller', 'EMEA'));
    const gone = partners(4, 'gone', () => many(5, 365), kind('reseller', 'EMEA'));
    const table = tableOf(
      group,
      gone,
      partners(20, 'else', () => many(9, 5), kind('referral')),
    );
    // Ten at risk with 3 events in the quarter and 4 in the year; the four that are gone do not count.
    const level = (30 * 365) / (40 * 90);
    expect(
      column(table, 'peers_level_90d')
        .slice(0, 14)
        .every((value) => Math.abs(value - level) < 1e-5),
    ).toBe(true);
  });
});

describe.each([
  ['eb_win_rate', 'deal.won', 'deal.lost'],
  ['eb_approval_rate', 'deal.approved', 'deal.rejected'],
])('%s', (name, success, failure) => {
  const outcomes = (good: number, bad: number, days = 5) => [
    ...many(3, 5),
    ...many(good, days, { kind: success }),
    ...many(bad, days, { kind: failure }),
  ];

  it('is pulled towards the program, those with few cases more', () => {
    // Three and seven of ten in turn: the prior is as in the test of priors, a and b of 3.4706 each.
    const table = tableOf(
      partners(4, 'p', (p) => outcomes(p % 2 === 0 ? 3 : 7, p % 2 === 0 ? 7 : 3)),
      partners(1, 'none', () => outcomes(9, 9, 366)),
    );
    const half = (1 - 3.4 / 27) / (3.4 / 27) / 2;
    const [low, high] = [3, 7].map((good) => Math.round((1e4 * (good + half)) / (10 + 2 * half)) / 1e4);
    expect(told(table, name)).toEqual([low, high, low, high, 0.5]);
  });

  it('is unknown where nobody has both outcomes to learn from', () => {
    expect(told(tableOf(partners(4, 'p', () => outcomes(3, 0))), name).every(Number.isNaN)).toBe(true);
    expect(told(tableOf(partners(4, 'p', () => outcomes(0, 0))), name).every(Number.isNaN)).toBe(true);
  });
});
