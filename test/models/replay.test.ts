import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import { predictCalibrated } from '../../models/calibrated.ts';
import {
  type Fate,
  replaysOfCard,
  replayTraining,
  scoringModels,
  tellReplayed,
  trainVersion,
} from '../../models/index.ts';
import { replayDay, replayPast } from '../../models/replay.ts';
import { someSet } from '../helpers/sets.ts';

const [model] = scoringModels;
const AS_OF = parseDay('2024-03-04');
const RULE = { atLeast: 0.25, capacity: 2 };
const rows = (...each: [name: string, probability: number, fate: Fate][]) =>
  each.map(([entityId, probability, fate]) => ({ entityId, probability, fate }));
const names = (list: readonly { entityId: string }[]) => list.map(({ entityId }) => entityId);

describe('the list of a past day', () => {
  const replay = replayDay(
    AS_OF,
    rows(
      ['a', 0.3, 'happened'],
      ['b', 0.9, 'happened'],
      ['c', 0.5, 'stayed'],
      ['d', 0.1, 'happened'],
      ['e', 0.1, 'stayed'],
      ['f', 0.2, 'out'],
    ),
    RULE,
  );

  it('holds the most probable, as many as could be called, with what happened', () => {
    expect(replay.list).toEqual(rows(['b', 0.9, 'happened'], ['c', 0.5, 'stayed']));
    expect(replay).toMatchObject({ asOf: AS_OF, listed: 2, settled: 2, hits: 1 });
    expect(replay.atRisk).toEqual({ happened: 3, stayed: 2, open: 0, out: 1 });
  });

  it('names whom it missed, the most surprising first', () => {
    expect(replay.missed).toBe(2);
    expect(names(replay.misses)).toEqual(['d', 'a']);
  });

  it('splits everyone to whom it happened into hits and misses, whoever they are', () => {
    const row = fc.record({
      entityId: fc.string(),
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
      fate: fc.constantFrom<Fate>('happened', 'stayed', 'open', 'out'),
    });
    fc.assert(
      fc.property(fc.array(row), fc.nat({ max: 20 }), (everyone, capacity) => {
        const { list, misses, listed, hits, missed, atRisk } = replayDay(AS_OF, everyone, { atLeast: 0.25, capacity });
        expect(hits + missed).toBe(atRisk.happened);
        expect([list.length, misses.length]).toEqual([listed, missed]);
        expect(listed).toBe(Math.min(capacity, everyone.filter(({ probability }) => probability >= 0.25).length));
        const least = Math.min(1, ...list.map(({ probability }) => probability));
        if (listed === capacity && capacity > 0) {
          for (const { probability } of misses) expect(probability).toBeLessThanOrEqual(least);
        }
      }),
    );
  });

  it('is told in sentences', () => {
    expect(tellReplayed(replay)).toBe(
      '2 to review of 6 at risk. 1 of the 2 went quiet (50 %); 60 % of all at risk did. Not on the list, and went quiet: 2 others.',
    );
    const partly = replayDay(AS_OF, rows(['a', 0.9, 'out'], ['b', 0.8, 'happened'], ['c', 0.1, 'stayed']), RULE);
    expect(tellReplayed(partly)).toBe(
      '2 to review of 3 at risk. 1 of 1 with a known outcome went quiet (100 %); 50 % of all at risk did. Not on the list, and went quiet: nobody else.',
    );
    const open = replayDay(AS_OF, rows(['a', 0.9, 'open'], ['b', 0.1, 'open']), RULE);
    expect(tellReplayed(open)).toBe('1 to review of 2 at risk. What became of them is not known yet.');
    const nobody = replayDay(AS_OF, rows(['a', 0.1, 'happened'], ['b', 0.1, 'stayed']), RULE);
    expect(tellReplayed(nobody)).toMatch(
      /^0 to review of 2 at risk\. Nobody on it has a known outcome; 50 % .* 1 other\.$/,
    );
  });
});

describe('the lists that a card keeps', () => {
  it('are those that its track record counts, place by place', async () => {
    const settings = { until: AS_OF, seed: 3, threads: 1, capacity: 5, rulesOnly: false };
    const { card } = await trainVersion(model, someSet(80, 14, 1), settings);
    const sum = (count: (replay: (typeof card.replays)[number]) => number) =>
      card.replays.reduce((total, replay) => total + count(replay), 0);
    expect(card.trackRecord).toMatchObject({
      lists: card.replays.length,
      flagged: sum(({ listed }) => listed),
      hits: sum(({ hits }) => hits),
    });
    expect(sum(({ list }) => list.length)).toBe(card.trackRecord?.flagged);
    const days = card.replays.map(({ asOf }) => asOf);
    expect(days).toEqual(days.toSorted((a, b) => a - b));
    expect(replaysOfCard(JSON.parse(JSON.stringify(card)))).toEqual(card.replays);
  });

  it('are none on a card that is older than they', () => {
    expect(replaysOfCard({})).toEqual([]);
  });

  it('are the latest twelve, each with its first fifty partners and misses, and how many there were', () => {
    const set = someSet(130, 14, 1);
    const all = [...set.outcomes.keys()];
    const past = {
      rows: all,
      entities: set.table.entities,
      probabilities: Float64Array.from(all, (row) => (row % 2 === 0 ? 0.9 : 0.1)),
      outcomes: set.outcomes.map(() => 1),
    };
    const replays = replayPast(set, past, { atLeast: 0.25, capacity: 60 });
    const cutoffs = [...new Set(set.table.cutoffs)].sort((a, b) => a - b);
    expect(replays.map(({ asOf }) => asOf)).toEqual(cutoffs.slice(2));
    expect(replays[0]).toMatchObject({ listed: 60, settled: 60, hits: 60, missed: 70 });
    expect([replays[0].list.length, replays[0].misses.length]).toEqual([50, 50]);
  });
});

describe('a day replayed by learning anew', () => {
  const train = someSet(80, 14, 1);
  const { table } = someSet(30, 1, 5);
  const settings = { seed: 3, threads: 1, rulesOnly: false, capacity: 4 };
  const day = {
    asOf: AS_OF,
    table,
    outcomes: new Map(table.entities.map((name, i) => [name, [true, false, null][i % 3]])),
  };

  it('has the list that a version of the same training would score', async () => {
    const { fitted } = await trainVersion(model, train, { ...settings, until: AS_OF });
    const { learnt, replay } = await replayTraining(model, train, { ...day, isComplete: true }, settings);
    expect(learnt).toMatchObject({ champion: fitted.champion.model.estimator, rows: 80 * 14, partners: 80 });
    const said = predictCalibrated(fitted.champion, table);
    const best = [...said].sort((a, b) => b - a).slice(0, 4);
    expect(replay.list.map(({ probability }) => probability)).toEqual(best.filter((p) => p >= model.bands.medium));
  });

  it('an outcome that is not known is open while its window is, and out of the question after', async () => {
    const fates = async (isComplete: boolean) =>
      (await replayTraining(model, train, { ...day, isComplete }, settings)).replay.atRisk;
    expect(await fates(true)).toEqual({ happened: 10, stayed: 10, open: 0, out: 10 });
    expect(await fates(false)).toEqual({ happened: 10, stayed: 10, open: 10, out: 0 });
  });

  it('learns a rule of thumb only where the data supports no more', async () => {
    const { learnt } = await replayTraining(
      model,
      train,
      { ...day, isComplete: true },
      { ...settings, rulesOnly: true },
    );
    expect(['base-rate', 'recency-rule']).toContain(learnt.champion);
  });
});
