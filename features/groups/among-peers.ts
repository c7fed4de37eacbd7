import { expectedShare, fitBetaPrior } from '../beta-binomial.ts';
import type { RelativeFeature } from '../feature.ts';
import { column, type FeatureTable, rowsWhere } from '../feature-table.ts';
import { rankAmong } from '../rank.ts';
import { similarityToTop } from '../similarity.ts';

/** Among fewer, a rank or a level is chance. */
const FEWEST_PEERS = 10;

/** The places of the rows of each peer group. */
function byPeers(table: FeatureTable): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  table.peers.forEach((group, row) => {
    if (group === '') return;
    const rows = groups.get(group);
    if (rows) rows.push(row);
    else groups.set(group, [row]);
  });
  return groups;
}

/** Tells each row something of its peer group; unknown where too few of it are at risk. */
function perGroup(table: FeatureTable, tell: (rows: readonly number[], atRisk: readonly number[]) => number[]) {
  const told = new Float32Array(table.atRisk.length).fill(Number.NaN);
  for (const rows of byPeers(table).values()) {
    const atRisk = rows.filter((row) => table.atRisk[row] === 1);
    if (atRisk.length < FEWEST_PEERS) continue;
    tell(rows, atRisk).forEach((value, i) => {
      told[rows[i]] = value;
    });
  }
  return told;
}

function peerRank(name: string, of: string, words: string): RelativeFeature {
  return {
    name,
    unit: 'share',
    topic: 'peers',
    description: `Share of the partners at risk of the same type and region that had fewer ${words}, ties counted half.`,
    unknown: `where fewer than ${FEWEST_PEERS} partners of its type and region are at risk`,
    reason: {
      high: ({ value }) => `More ${words} than ${value} of the partners of its type and region`,
      low: ({ value }) => `More ${words} than no more than ${value} of the partners of its type and region`,
    },
    compute(table) {
      const values = column(table, of);
      return perGroup(table, (rows, atRisk) => rankAmong(values, rows, atRisk));
    },
  };
}

function shrunkShare(name: string, topic: string, part: string, rest: string, words: string): RelativeFeature {
  return {
    name,
    unit: 'share',
    topic,
    description: `${words} in the last 365 days, shrunk towards the program as far as few cases say little (empirical Bayes).`,
    unknown: 'where there is nothing to learn a rate from',
    reason: {
      high: ({ value, peers }) => `${words}: ${value} to be expected (peers ${peers})`,
      low: ({ value, peers }) => `${words}: only ${value} to be expected (peers ${peers})`,
    },
    compute(table) {
      const [successes, failures] = [column(table, part), column(table, rest)];
      const trials = successes.map((count, row) => count + failures[row]);
      const rows = rowsWhere(table, (row) => table.atRisk[row] === 1 && trials[row] >= 0);
      const prior = fitBetaPrior(
        rows.map((row) => successes[row]),
        rows.map((row) => trials[row]),
      );
      return trials.map((count, row) =>
        prior && count >= 0 ? expectedShare(prior, successes[row], count) : Number.NaN,
      );
    },
  };
}

/** A partner among those of its type and region, and rates that are learnt from all. */
export const amongPeers: readonly RelativeFeature[] = [
  peerRank('peer_rank_events_90d', 'events_90d', 'qualifying events in 90 days'),
  peerRank('peer_rank_life_days_90d', 'life_days_90d', 'days with a sign of life in 90 days'),
  {
    name: 'peers_level_90d',
    unit: 'ratio',
    topic: 'program',
    description:
      'Qualifying events of the last 90 days over their yearly average, of the partners at risk of its type and region.',
    unknown: `where fewer than ${FEWEST_PEERS} partners of its type and region are at risk`,
    reason: {
      high: ({ value }) => `Partners of its type and region do ${value} times as much as on average of the year`,
      low: ({ value }) => `Partners of its type and region do ${value} times as much as on average of the year`,
    },
    compute(table) {
      const [quarter, year] = [column(table, 'events_90d'), column(table, 'events_365d')];
      return perGroup(table, (rows, atRisk) => {
        const sum = (values: Float32Array) => atRisk.reduce((total, row) => total + values[row], 0);
        const level = (sum(quarter) * 365) / (sum(year) * 90);
        return rows.map(() => level);
      });
    },
  },
  shrunkShare('eb_win_rate', 'wins', 'deals_won_365d', 'deals_lost_365d', 'Share of its decided deals that are won'),
  shrunkShare(
    'eb_approval_rate',
    'deals',
    'deals_approved_365d',
    'deals_rejected_365d',
    'Share of its registrations that are approved',
  ),
  {
    name: 'similarity_to_top',
    unit: 'score',
    topic: 'peers',
    description:
      'How like the most active tenth it behaves: cosine of its activity profile with theirs, −1 to 1, over the partners at risk.',
    unknown: `where fewer than ${FEWEST_PEERS} partners make the tenth`,
    reason: {
      high: ({ value, peers }) => `Behaves like the most active partners (similarity ${value}, peers ${peers})`,
      low: ({ value, peers }) => `Behaves unlike the most active partners (similarity ${value}, peers ${peers})`,
    },
    compute: (table) => similarityToTop(table, FEWEST_PEERS),
  },
];
