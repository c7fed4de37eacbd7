import { expect, it } from 'vitest';
import { boostingBy, settingsOn } from '../../../models/estimators/boosting/boosting.ts';
import { classBoosting, classBoostingBy } from '../../../models/estimators/boosting/class-boosting.ts';
import { seeded } from '../../../models/index.ts';
import { someClassSet, someSet } from '../../helpers/sets.ts';

it('of two classes it is boosting of two outcomes, round by tree', async () => {
  const set = someSet(60, 12, 1);
  const unseen = someSet(20, 3, 2).table;
  const settings = () => ({ ...settingsOn(set, 200), featureShare: 0.5 });
  const ofTwo = { ...set, classes: ['stays', 'leaves'] };
  const classes = await classBoostingBy(settings).fit(ofTwo, seeded(3));
  const plain = await boostingBy(settings).fit(set, seeded(3));
  const [said, expected] = [classes.predict(unseen)[1], plain.predict(unseen)];
  said.forEach((p, row) => {
    expect(p).toBeCloseTo(expected[row], 9);
  });
  const rounds = classes.save()['rounds'] as unknown[];
  expect(rounds).toHaveLength((plain.save()['trees'] as unknown[]).length);
  expect(rounds.length).toBeGreaterThan(5);
});

it('tells later rows better than the shares of the classes do', async () => {
  const [set, later] = [someClassSet(80, 12, 1), someClassSet(80, 3, 9)];
  const said = (await classBoosting.fit(set, seeded(3))).predict(later.table);
  const lossOf = (chance: (k: number, row: number) => number) =>
    later.outcomes.reduce((sum, k, row) => sum - Math.log(chance(k, row)), 0) / later.outcomes.length;
  const shares = [0, 1, 2].map((k) => set.outcomes.filter((outcome) => outcome === k).length / set.outcomes.length);
  expect(lossOf((k, row) => said[k][row])).toBeLessThan(0.85 * lossOf((k) => shares[k]));
});

it('is the same to the bit on one thread and on two', async () => {
  const set = someClassSet(60, 12, 1);
  const [one, two] = [1, 2].map((threads) =>
    classBoostingBy(() => ({ ...settingsOn(set, 200), trees: 12 }), 1).fit(set, seeded(3), threads),
  );
  expect(JSON.stringify((await one).save())).toBe(JSON.stringify((await two).save()));
});
