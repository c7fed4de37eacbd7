import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binTable } from '../../../models/estimators/boosting/bin-table.ts';
import { boosting, boostingBy } from '../../../models/estimators/boosting/boosting.ts';
import { callCrew } from '../../../models/estimators/boosting/crew.ts';
import { slopesIn } from '../../../models/estimators/boosting/gradients.ts';
import { growTree } from '../../../models/estimators/boosting/grower.ts';
import { addRows, completeHistogram } from '../../../models/estimators/boosting/histogram.ts';
import { deriveRows, serveOrders } from '../../../models/estimators/boosting/orders.ts';
import { workspaceFor } from '../../../models/estimators/boosting/workspace.ts';
import { seeded, type TrainingSet } from '../../../models/index.ts';
import { quietFor } from '../../../models/labels/quiet.ts';
import { someSet, tableOf } from '../../helpers/sets.ts';

const U = Number.NaN;
const EVERYTHING = { penalty: 1, leastCurvature: 0, rate: 1, leaves: 2 };

async function workspaceOf(
  columns: Record<string, readonly number[]>,
  outcomes: Iterable<number>,
  { leaves = 2, threads = 1 } = {},
) {
  const { bins, binned } = await binTable(tableOf(columns), 255, callCrew(1));
  return { bins, workspace: workspaceFor(binned, Uint8Array.from(outcomes), 0, { leaves, threads }) };
}

function setOf(columns: Record<string, readonly number[]>, outcomes: readonly number[]): TrainingSet {
  return { table: tableOf(columns), outcomes: Uint8Array.from(outcomes), label: quietFor(90) };
}

describe('a tree', () => {
  it('splits where it gains most, and says what Newton’s step says', async () => {
    // At even odds every slope is ±½ and every curvature ¼: three of three happened above 2½, one of three below.
    const { bins, workspace } = await workspaceOf({ x: [1, 2, 2, 3, 4, 5], y: [1, 0, 1, 0, 1, 0] }, [0, 1, 0, 1, 1, 1]);
    const tree = growTree(workspace, bins, EVERYTHING);
    expect([tree.feature[0], tree.threshold[0]]).toEqual([0, 2.5]);
    expect([...tree.cover]).toEqual([6, 3, 3]);
    expect(tree.value[tree.left[0]]).toBeCloseTo(-0.5 / 1.75, 12);
    expect(tree.value[tree.right[0]]).toBeCloseTo(1.5 / 1.75, 12);
    expect([...workspace.logOdds]).toEqual(
      [1, 2, 2, 3, 4, 5].map((x) => tree.value[x < 2.5 ? tree.left[0] : tree.right[0]]),
    );
  });

  it.each([
    ['left', [1, 1, 0, 0, 1, 1], 1],
    ['right', [1, 1, 0, 0, 0, 0], 0],
  ] as const)('sends the unknown to the %s when that parts best', async (_, outcomes, left) => {
    const { bins, workspace } = await workspaceOf({ x: [1, 1, 5, 5, U, U] }, outcomes);
    const tree = growTree(workspace, bins, EVERYTHING);
    expect([tree.threshold[0], tree.unknownLeft[0]]).toEqual([3, left]);
  });

  it('parts the known from the unknown where only that tells', async () => {
    const { bins, workspace } = await workspaceOf({ x: [1, 2, 3, U, U, U] }, [0, 0, 0, 1, 1, 1]);
    const tree = growTree(workspace, bins, EVERYTHING);
    expect([tree.threshold[0], tree.unknownLeft[0]]).toEqual([Number.POSITIVE_INFINITY, 0]);
    expect(tree.value[tree.right[0]]).toBeGreaterThan(0);
  });

  it('is one leaf where nothing can be gained', async () => {
    const { bins, workspace } = await workspaceOf({ x: [1, 2, 1, 2] }, [0, 0, 1, 1]);
    const tree = growTree(workspace, bins, EVERYTHING);
    expect(Array.from(tree.value, Math.abs)).toEqual([0]);
  });

  it('has no leaf with less curvature than is asked', async () => {
    const { bins, workspace } = await workspaceOf({ x: [1, 2, 3, 4, 5, 6, 7, 8] }, [1, 0, 0, 0, 0, 0, 0, 0], {
      leaves: 8,
    });
    const tree = growTree(workspace, bins, {
      ...EVERYTHING,
      leaves: 8,
      leastCurvature: 0.5,
    });
    const leaves = [...tree.cover.keys()].filter((node) => tree.left[node] === node);
    expect(leaves.every((leaf) => tree.cover[leaf] >= 2)).toBe(true);
    expect(tree.cover[tree.left[0]]).toBe(2);
  });
});

describe('histograms', () => {
  it('hold the exact sums of the rounded derivatives, of any rows, and a sibling what is left', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 40_000 }), async (seed, rows) => {
        const random = seeded(seed);
        const x = Array.from({ length: rows }, () =>
          random() < 0.6 ? 0 : random() < 0.1 ? U : Math.floor(9 * random()),
        );
        const outcomes = x.map(() => Number(random() < 0.3));
        const { bins, workspace } = await workspaceOf({ x, z: x.map(() => Math.floor(3 * random())) }, outcomes);
        if (bins.length < 2) return;
        workspace.logOdds.forEach((_, row) => {
          workspace.logOdds[row] = 6 * random() - 3;
        });
        deriveRows(workspace);
        workspace.order.forEach((_, i) => {
          workspace.order[i] = i;
        });
        const naive = (from: number, to: number) => {
          const sums = new Float64Array(workspace.histograms[0].length);
          const { binned, packed } = workspace;
          for (let row = from; row < to; row++) {
            for (let f = 0; f < bins.length; f++) {
              const bin = binned.offsets[f] + binned.cells[f * rows + row];
              const slope = slopesIn(packed[row]);
              sums[bin] += slope;
              sums[sums.length / 2 + bin] += packed[row] - slope * 2 ** 26;
            }
          }
          return sums;
        };
        const total = (from: number, to: number) => {
          const all = naive(from, to).slice(0, workspace.binned.offsets[1]);
          const curvatures = naive(from, to)
            .slice(workspace.histograms[0].length / 2)
            .slice(0, workspace.binned.offsets[1]);
          const sum = (numbers: Float64Array) => numbers.reduce((a, b) => a + b, 0);
          return { slope: sum(all), curvature: sum(curvatures) };
        };
        const [whole, part] = workspace.histograms;
        const middle = Math.floor(rows / 3);
        addRows(workspace, 0, 0, rows);
        completeHistogram(workspace, whole, null, total(0, rows), [0, bins.length]);
        expect(whole).toEqual(naive(0, rows));
        addRows(workspace, 0, 0, middle);
        completeHistogram(workspace, part, whole, total(0, middle), [0, bins.length]);
        expect(part).toEqual(naive(0, middle));
        expect(whole).toEqual(naive(middle, rows));
      }),
      { numRuns: 20 },
    );
  });
});

it('a thread that fails lets the others know: nobody waits for it for ever', async () => {
  const { workspace } = await workspaceOf({ x: [1, 2, 3, 4] }, [0, 1, 0, 1], { threads: 2 });
  // An order waits for a third thread, for which there is no room.
  Atomics.add(workspace.signals, 0, 1);
  expect(() => serveOrders(workspace, 2)).toThrow(TypeError);
  expect(() => deriveRows(workspace)).toThrow('another thread failed while trees were grown');
});

it('a thread that fails at its part of a job says so', async () => {
  const crew = callCrew(2);
  const part = { columns: [Float32Array.of(1, 2)], most: 255, cells: new Uint8Array(2) };
  const unbearable = { ...part, columns: [null as unknown as Float32Array] };
  await expect(crew.share('columns', [part, unbearable])).rejects.toThrow(TypeError);
  await crew.dismiss();
});

describe('boosting', () => {
  const golden = JSON.parse(
    readFileSync(new URL('../../golden/hist-gradient-boosting.json', import.meta.url), 'utf8'),
  ) as {
    X: (number | null)[][];
    y: number[];
    fits: { trees: number; leaves: number; rate: number; penalty: number; probability: number[] }[];
  };
  const columns = Object.fromEntries(['a', 'b', 'c'].map((name, f) => [name, golden.X.map((row) => row[f] ?? U)]));

  // Theirs sums derivatives as 32-bit floats; ours chooses splits by 12 bits of them and sums leaves unrounded.
  it.each(golden.fits)(
    'of $trees trees of $leaves leaves says what scikit-learn’s says',
    async ({ probability, ...settings }) => {
      const like = { ...settings, leastCurvature: 1e-3, bins: 255, featureShare: 1 };
      const set = setOf(columns, golden.y);
      const said = (await boostingBy(() => like, { stopEarly: false }).fit(set, seeded(1))).predict(set.table);
      said.forEach((p, row) => {
        expect(Math.abs(p - probability[row])).toBeLessThan(2e-6);
      });
    },
  );

  it('gives the same bits on one, two and three threads', async () => {
    const set = someSet(300, 24, 5);
    const settings = { leaves: 31, rate: 0.1, penalty: 1, leastCurvature: 1, trees: 8, bins: 255, featureShare: 0.5 };
    const said: string[] = [];
    for (const threads of [1, 2, 3]) {
      const model = await boostingBy(() => settings, { stopEarly: false, cellsPerThread: 1 }).fit(
        set,
        seeded(3),
        threads,
      );
      said.push(Buffer.from(model.predict(set.table).buffer).toString('hex'));
    }
    expect(said[1]).toBe(said[0]);
    expect(said[2]).toBe(said[0]);
  });

  it('stops early at the same tree on any number of threads', async () => {
    const set = someSet(150, 14, 1);
    const own = { leaves: 8, rate: 0.2, penalty: 1, leastCurvature: 1, trees: 60, bins: 64, featureShare: 0.5 };
    const said: string[] = [];
    for (const threads of [1, 2]) {
      const model = await boostingBy(() => own, { cellsPerThread: 1 }).fit(set, seeded(3), threads);
      said.push(JSON.stringify(model.save()));
    }
    expect(said[1]).toBe(said[0]);
  });

  it('sees what only two features together tell', async () => {
    const [a, b] = [0, 1].map((bit) => Array.from({ length: 400 }, (_, i) => (i >> bit) & 1));
    const set = setOf(
      { a, b },
      a.map((each, i) => each ^ b[i]),
    );
    const settings = { leaves: 4, rate: 0.3, penalty: 1, leastCurvature: 1, trees: 20, bins: 255, featureShare: 1 };
    // With the two as balanced as this no single split gains anything: a few rows must tip the balance.
    const tipped = { ...set, outcomes: set.outcomes.map((outcome, i) => (i < 3 ? 1 : outcome)) };
    const said = (await boostingBy(() => settings, { stopEarly: false }).fit(tipped, seeded(1))).predict(set.table);
    said.forEach((p, i) => {
      if (i >= 3) expect(Math.round(p)).toBe(set.outcomes[i]);
    });
  });

  it('stops early where later rows gain nothing, and late where they do', async () => {
    const trees = async (set: TrainingSet) =>
      ((await boosting.fit(set, seeded(2))).save()['trees'] as unknown[]).length;
    const helped = someSet(150, 14, 1);
    const random = seeded(8);
    const byLot = { ...helped, outcomes: helped.outcomes.map(() => Number(random() < 0.3)) };
    expect(await trees(byLot)).toBeLessThan(30);
    expect(await trees(helped)).toBeGreaterThan(40);
  });
});
