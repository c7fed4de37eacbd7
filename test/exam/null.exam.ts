import { beforeAll, describe, expect, it } from 'vitest';
import { logLossGain } from '../../models/champion.ts';
import { type BacktestResult, backtest, scoringModels, seeded, type TrainingSet } from '../../models/index.ts';
import { blankNotes } from '../../models/row-notes.ts';
import { selectFrom } from '../../models/training-set.ts';
import { exactInterval } from '../helpers/binomial.ts';
import { knownWorld, none } from '../helpers/known-world.ts';
import { recordRun } from '../helpers/runs-file.ts';

const RUNS = new URL('./RUNS.md', import.meta.url);
const WORLDS = 40;
const LEARN = 12;
/** Places of the cutoffs that are judged: the first when the last training outcomes are known, a horizon apart. */
const JUDGED = [14, 17, 20, 23];
const [MODEL] = scoringModels;

/** What an estimator claims in one world of what cannot be. */
interface Claim {
  name: string;
  /** Its AUC's 95 % interval leaves out .5. */
  ranks: boolean;
  /** Its log loss is lower than the base rate's by more than nothing, with 95 % certainty. */
  beatsBaseRate: boolean;
}

describe('worlds in which nothing can be foretold', () => {
  const verdicts: BacktestResult['verdict'][] = [];
  const claims: Claim[] = [];

  beforeAll(async () => {
    for (let seed = 0; seed < WORLDS; seed++) {
      const { train, test } = splitWorld(seed);
      const settings = { seed, threads: 1, capacity: 10 };
      const result = await backtest(MODEL, train, test, blankNotes(test.outcomes.length), settings);
      verdicts.push(result.verdict);
      claims.push(...claimsOf(result, test));
    }
    const names = [...new Set(claims.map(({ name }) => name))];
    const told = names.map((name) => {
      const own = claims.filter((claim) => claim.name === name);
      return `${name} ${count(own, 'ranks')} / ${count(own, 'beatsBaseRate')}`;
    });
    recordRun(RUNS, 'Worlds in which nothing can be foretold', [
      WORLDS,
      tellShare(verdicts.filter(({ better }) => better === 'model').length, WORLDS),
      told.join('; '),
      tellShare(count(claims, 'beatsBaseRate'), claims.length),
    ]);
  }, 3_600_000);

  it('the verdict says that a rule is as good, but for one world in forty at most', () => {
    const wrong = verdicts.filter(({ better }) => better === 'model').length;
    expect(exactInterval(wrong, WORLDS, 0.99).low).toBeLessThanOrEqual(0.025);
    for (const { better, text } of verdicts) if (better === 'rule') expect(text).toMatch(/a rule is as good/i);
  });

  it('no estimator’s AUC leaves out .5, nor its log loss the base rate’s, more often than one may by chance', () => {
    for (const name of new Set(claims.map((claim) => claim.name))) {
      const own = claims.filter((claim) => claim.name === name);
      expect(exactInterval(count(own, 'ranks'), WORLDS, 0.99).low, name).toBeLessThanOrEqual(0.05);
      expect(exactInterval(count(own, 'beatsBaseRate'), WORLDS, 0.99).low, name).toBeLessThanOrEqual(0.025);
    }
  });
});

function splitWorld(seed: number): { train: TrainingSet; test: TrainingSet } {
  const { set } = knownWorld({ partners: 100, cutoffs: JUDGED[JUDGED.length - 1] + 1, law: none, hidden: 0 }, seed);
  const places = [...new Set(set.table.cutoffs)].sort((a, b) => a - b);
  const of = (wanted: (place: number) => boolean) =>
    selectFrom(
      set,
      [...set.outcomes.keys()].filter((row) => wanted(places.indexOf(set.table.cutoffs[row]))),
    );
  return { train: of((place) => place < LEARN), test: of((place) => JUDGED.includes(place)) };
}

function claimsOf({ estimators }: BacktestResult, { table, outcomes }: TrainingSet): Claim[] {
  const [baseRate, ...others] = estimators;
  return others.map(({ name, figures, probabilities }) => {
    const { low, high } = figures['auc'];
    const gain = logLossGain(table.entities, outcomes, probabilities, baseRate.probabilities, seeded(1));
    return { name, ranks: low > 0.5 || high < 0.5, beatsBaseRate: gain.low > 0 };
  });
}

function count(claims: readonly Claim[], what: 'ranks' | 'beatsBaseRate'): number {
  return claims.filter((claim) => claim[what]).length;
}

function tellShare(happened: number, of: number): string {
  const { low, high } = exactInterval(happened, of, 0.99);
  return `${happened} of ${of} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}
