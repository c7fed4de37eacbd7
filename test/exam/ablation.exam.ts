import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cutoffsBetween, parseDay } from '../../features/index.ts';
import { calibrateForetold, type OutOfTime } from '../../models/calibrated.ts';
import { logLossGain } from '../../models/champion.ts';
import { logistic } from '../../models/estimators/logistic.ts';
import { foretell } from '../../models/foretell.ts';
import { type Measured, scoringModels, seeded, settledRows, type TrainingSet } from '../../models/index.ts';
import { programFacts } from '../../pipelines/index.ts';
import { buildPanel } from '../../pipelines/panel.ts';
import { openStore } from '../../store/index.ts';
import { command } from '../helpers/command-line.ts';
import { contextOn } from '../helpers/context.ts';
import { featureGroups } from '../helpers/feature-groups.ts';
import { recordRun } from '../helpers/runs-file.ts';

/*
 * What each group of features earns: how much better the past is foretold with it than without it, by the estimator
 * that most often wins. Only training time is looked at; made-up worlds say whether a group can work, not that it does.
 */

const RUNS = new URL('./RUNS.md', import.meta.url);
const LOG = fileURLToPath(
  new URL('../../../shared/data/openstack-partners/contributions-2010-2018.csv', import.meta.url),
);
const [MODEL] = scoringModels;

/** What is loaded, and the training months. */
interface Program {
  name: string;
  load(directory: string): Promise<void>;
  settings: Record<string, unknown>;
  cutoffs: readonly number[];
  until: number;
}

const PROGRAMS: readonly Program[] = [
  {
    name: 'OpenStack',
    async load(directory) {
      if (!existsSync(LOG)) throw new Error(`The exam needs ${LOG}, which is not here.`);
      await command(['ingest', LOG, '--map', 'openstack'], { cwd: directory });
    },
    settings: { qualifying_kinds: ['contribution.made'] },
    cutoffs: cutoffsBetween(parseDay('2012-01-01'), parseDay('2015-07-01'), 'month'),
    until: parseDay('2015-10-01'),
  },
  {
    name: 'simulated',
    async load(directory) {
      await command(['simulate', '--partners', '1000', '--seed', '11', '--out', 'exports'], { cwd: directory });
      await command(['ingest', 'exports'], { cwd: directory });
    },
    settings: {},
    cutoffs: cutoffsBetween(parseDay('2024-04-01'), parseDay('2025-09-01'), 'month'),
    until: parseDay('2026-01-01'),
  },
];

describe.each(PROGRAMS)('groups of features, learnt from $name', (program) => {
  it('none makes it clearly worse that they are there', async () => {
    const set = await trainingSet(program);
    const whole = await foretold(set, () => true);
    const found: { group: string; features: number; gain: Measured }[] = [];
    for (const { group, names } of featureGroups) {
      const without = await foretold(set, (name) => !names.has(name));
      const entities = whole.rows.map((row) => set.table.entities[row]);
      const gain = logLossGain(entities, whole.outcomes, whole.probabilities, without.probabilities, seeded(4));
      found.push({ group, features: names.size, gain });
    }
    const cells = found.map(({ group, features, gain: { value, low, high } }) => {
      const [least, most] = [low, high].map((loss) => (1000 * loss).toFixed(1));
      return `${group} (${features}) ${(1000 * value).toFixed(1)} (${least} to ${most})`;
    });
    recordRun(RUNS, 'Groups of features', [program.name, set.outcomes.length, cells.join('; ')]);
    // Nineteen looks: one in a hundred of them may mislead.
    expect(found.filter(({ gain }) => gain.high < -0.001)).toEqual([]);
  }, 3_600_000);
});

async function trainingSet({ load, settings, cutoffs, until }: Program): Promise<TrainingSet> {
  const directory = mkdtempSync(join(tmpdir(), 'partnercast-ablation-'));
  await load(directory);
  const database = await openStore({ databaseUrl: undefined, directory: join(directory, '.partnercast') }, 'exam');
  try {
    const source = await programFacts(contextOn(database, Date.now(), settings));
    return settledRows(await buildPanel(MODEL, source, cutoffs, [until]), until, () => true);
  } finally {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What would have been said of the later half of the training time by some of the features. */
async function foretold(set: TrainingSet, keeps: (name: string) => boolean): Promise<OutOfTime> {
  const { names, columns } = set.table;
  const kept = [...names.keys()].filter((i) => keeps(names[i]));
  const table = { ...set.table, names: kept.map((i) => names[i]), columns: kept.map((i) => columns[i]) };
  const part = { ...set, table };
  return calibrateForetold(part, await foretell(logistic, part, () => seeded(3))).past;
}
