import { describe, expect, it } from 'vitest';
import { predictCalibrated } from '../../models/calibrated.ts';
import { learnChampion } from '../../models/champion.ts';
import { scoringModels } from '../../models/index.ts';
import { intervalOf, refitsOf } from '../../models/refits.ts';
import { exactInterval } from '../helpers/binomial.ts';
import { bent, type KnownWorld, knownWorld, type Law, none, straight } from '../helpers/known-world.ts';
import { recordRun } from '../helpers/runs-file.ts';

const RUNS = new URL('./RUNS.md', import.meta.url);
const SEEDS = 200;
const NOMINAL = 0.9;
const SIZE = { partners: 100, cutoffs: 12, hidden: 0.7 };
/** What gives no reasons is not published, so no interval is made of it. */
const MODEL = {
  ...scoringModels[0],
  estimators: scoringModels[0].estimators.filter(({ name }) => name !== 'neural-hazard'),
};

/** What is published of a world's fresh partner, and whether its interval holds the true probability. */
interface Published {
  champion: string;
  width: number;
  holds: boolean;
}

describe('the 90 % interval of a score, in small worlds whose true probabilities are known', () => {
  it.each<[string, Law]>([
    ['straight', straight],
    ['bent', bent],
  ])(
    'holds the truth of one fresh partner in about nine worlds of ten: %s',
    async (name, law) => {
      const { low, high } = await coverage(name, law);
      expect(low).toBeLessThanOrEqual(NOMINAL);
      expect(high).toBeGreaterThanOrEqual(NOMINAL);
    },
    3_600_000,
  );

  it('is not too narrow where nothing can be foretold, though wider than need be', async () => {
    // Most likely since contenders that say much the same are chosen by turns, each with an error of its own.
    const { high } = await coverage('none', none);
    expect(high).toBeGreaterThanOrEqual(NOMINAL);
  }, 3_600_000);
});

/** The exact 99 % interval of how often intervals hold the truth in worlds of a law. */
async function coverage(name: string, law: Law): Promise<{ low: number; high: number }> {
  const published: Published[] = [];
  for (let seed = 0; seed < SEEDS; seed++) published.push(await publish(knownWorld({ ...SIZE, law }, seed), seed));
  const held = published.filter(({ holds }) => holds).length;
  const { low, high } = exactInterval(held, SEEDS, 0.99);
  const width = published.reduce((sum, each) => sum + each.width, 0) / SEEDS;
  recordRun(RUNS, 'Coverage of the intervals', [
    name,
    `${held} of ${SEEDS}`,
    `${low.toFixed(3)} to ${high.toFixed(3)}`,
    width.toFixed(3),
    championsOf(published),
  ]);
  return { low, high };
}

async function publish({ set, fresh, truth }: KnownWorld, seed: number): Promise<Published> {
  const { contenders, champion } = await learnChampion(MODEL, set, { seed, threads: 1, rulesOnly: false });
  const refits = await refitsOf(contenders, set, { seed, threads: 1 });
  const [probability] = predictCalibrated(champion, fresh);
  const { low, high } = intervalOf(
    probability,
    refits.map((refit) => predictCalibrated(refit, fresh)[0]),
  );
  return { champion: champion.name, width: high - low, holds: low <= truth && truth <= high };
}

function championsOf(published: readonly Published[]): string {
  const names = [...new Set(published.map(({ champion }) => champion))].sort();
  return names.map((name) => `${name} ${published.filter(({ champion }) => champion === name).length}`).join(', ');
}
