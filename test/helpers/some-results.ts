import { DAY, type Instant } from '../../features/index.ts';
import { classScoringModels, scoringModels, seeded, settleClassList, settleList } from '../../models/index.ts';
import { type Database, keepResult } from '../../store/index.ts';

const PARTNERS = 40;

/** Keeps how a list of each sort did, made up: of 40 partners every fifth was lost, and the list of classes is off. */
export async function keepSomeResults(database: Database, now: Instant): Promise<void> {
  const [churnRisk] = scoringModels;
  const [trajectory] = classScoringModels;
  const said = { probability: 0.2, low: 0.1, high: 0.3 };
  const lost = Array.from({ length: PARTNERS }, (_, i) => i % 5 === 0);
  const list = settleList(lost.map((outcome, i) => ({ ...said, listed: i < 10, outcome })));
  const chances = [0.2, 0.7, 0.1].map((probability, k) => ({
    class: trajectory.label.classes[k],
    probability,
    low: probability / 2,
    high: 0.75,
  }));
  const classes = settleClassList(
    lost.map((isLost, i) => ({ entityId: `P${i}`, chances, likeliest: 'stagnate', outcome: isLost ? 0 : 2 })),
    seeded(1),
  );
  const row = { asOf: now - 200 * DAY, version: 'then', knownUntil: now };
  await keepResult(database, churnRisk.name, { ...row, result: list });
  await keepResult(database, trajectory.name, { ...row, result: classes });
}
