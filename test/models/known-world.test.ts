import { describe, expect, it } from 'vitest';
import { DAY } from '../../features/index.ts';
import { bent, knownWorld, none, straight } from '../helpers/known-world.ts';

describe('a known world', () => {
  it.each([
    ['straight', straight],
    ['bent', bent],
    ['none', none],
  ])('%s: outcomes come as often as the truth says, of the fresh partner and of all', (_, law) => {
    let [truths, outcomes, rows] = [0, 0, 0];
    for (let seed = 0; seed < 2000; seed++) {
      const { set, truth } = knownWorld({ partners: 3, cutoffs: 1, law, hidden: 1.5 }, seed);
      truths += truth / 2000;
      rows += set.outcomes.length;
      outcomes += set.outcomes.reduce((sum, outcome) => sum + outcome, 0);
    }
    // Two standard errors of either share are about 0.011.
    expect(Math.abs(outcomes / rows - truths)).toBeLessThan(0.02);
  });

  it('comes back from its seed, and foretells a partner it does not hold, after all outcomes are known', () => {
    const settings = { partners: 5, cutoffs: 4, law: bent, hidden: 0.7 };
    const { set, fresh } = knownWorld(settings, 1);
    const again = knownWorld(settings, 1);
    expect([again.set.table, again.set.outcomes, again.fresh]).toEqual([set.table, set.outcomes, fresh]);
    expect(knownWorld(settings, 2).set.table).not.toEqual(set.table);
    expect(set.table.entities).not.toContain(fresh.entities[0]);
    expect(fresh.cutoffs[0] - Math.max(...set.table.cutoffs)).toBe(90 * DAY);
  });
});
