import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensors, tensorsOn } from '../../../models/estimators/neural-hazard/backend.ts';
import {
  type Examples,
  firstWeights,
  learnNetwork,
  stepsPerPass,
} from '../../../models/estimators/neural-hazard/learn.ts';
import { hazardsOf, type Network } from '../../../models/estimators/neural-hazard/network.ts';
import { seeded } from '../../../models/index.ts';

let tensors: Tensors;
beforeAll(async () => {
  tensors = await tensorsOn();
});

/** Rows with what passed and where the event may have come, and one input. */
function examples(rows: { passed: number[]; during: number[]; input?: number }[]): Examples {
  return {
    rows: rows.length,
    width: 1,
    inputs: Float32Array.from(rows, ({ input = 0 }) => input),
    intervals: rows[0].passed.length,
    exposures: {
      passed: Float32Array.from(rows.flatMap(({ passed }) => passed)),
      during: Float32Array.from(rows.flatMap(({ during }) => during)),
    },
  };
}

const times = <Row>(count: number, row: Row): Row[] => new Array<Row>(count).fill(row);
/** The hazard of each interval as a probability. */
const chances = (network: Network, input = 0) =>
  Array.from(hazardsOf(network, [input]), (cumulative) => 1 - Math.exp(-cumulative));

describe('learning', () => {
  const [RATE, DECAY] = [0.005, 0.02];
  /** Censored right, in the middle of an interval too, left, to one interval and to two. */
  const rows = [
    { passed: [1, 0.25, 0], during: [0, 0, 0], inputs: [1, -2] },
    { passed: [1, 1, 1], during: [0, 0, 0], inputs: [0.5, 0.3] },
    { passed: [0, 0, 0], during: [1, 1, 0], inputs: [-1, 2] },
    { passed: [1, 0, 0], during: [0, 1, 0], inputs: [0, 1.5] },
    { passed: [1, 0, 0], during: [0, 1, 1], inputs: [2, 0] },
  ];
  const small = { ...examples(rows), width: 2, inputs: Float32Array.from(rows.flatMap(({ inputs }) => inputs)) };

  /** The mean of −ln of the probability of what is known, as in the books, and what the weights cost. */
  function loss(network: Network): number {
    const known = rows.map(({ passed, during, inputs }) => {
      const hazards = hazardsOf(network, inputs);
      const total = (shares: number[]) => shares.reduce((sum, share, i) => sum + share * hazards[i], 0);
      return Math.exp(-total(passed)) * (total(during) === 0 ? 1 : 1 - Math.exp(-total(during)));
    });
    const squares = [...network.hidden.weights, ...network.hazards.weights].reduce((sum, w) => sum + w * w, 0);
    return known.reduce((sum, chance) => sum - Math.log(chance), 0) / rows.length + (DECAY / 2) * squares;
  }

  const parts = ({ hidden, hazards }: Network) => [hidden.weights, hidden.bias, hazards.weights, hazards.bias];

  it('is what one comes to by differences of the loss and the formula of Adam', async () => {
    const slow = structuredClone(firstWeights(small, seeded(5)));
    const [first, second] = [0, 1].map(() => parts(slow).map(({ length }) => new Float64Array(length)));
    const slopeAt = (values: Float32Array, i: number) => {
      const [kept, step] = [values[i], 1e-3];
      const [up, down] = [kept + step, kept - step].map((value) => {
        values[i] = value;
        return { loss: loss(slow), at: values[i] };
      });
      values[i] = kept;
      return (up.loss - down.loss) / (up.at - down.at);
    };
    const shown: Network[] = [];
    await learnNetwork(tensors, small, 4, seeded(5), (network) => shown.push(network) < 5);
    const sums = parts(slow).map(({ length }) => new Float64Array(length));
    for (let pass = 1; pass <= 4; pass++) {
      const slopes = parts(slow).map((values) => Array.from(values, (_, i) => slopeAt(values, i)));
      parts(slow).forEach((values, part) => {
        slopes[part].forEach((slope, i) => {
          first[part][i] = 0.9 * first[part][i] + 0.1 * slope;
          second[part][i] = 0.999 * second[part][i] + 0.001 * slope ** 2;
          const spread = Math.sqrt(second[part][i] / (1 - 0.999 ** pass)) + 1e-7;
          values[i] -= (RATE * first[part][i]) / (1 - 0.9 ** pass) / spread;
          sums[part][i] += values[i];
        });
      });
      // What is shown is the average of the passes so far.
      parts(shown[pass - 1]).forEach((values, part) => {
        values.forEach((value, i) => {
          expect(value, `pass ${pass}, part ${part}, weight ${i}`).toBeCloseTo(sums[part][i] / pass, 3.7);
        });
      });
    }
  });
});

describe('a network', () => {
  it('of rows that do not differ is their life table', async () => {
    // Of 10, 4 in the first interval; of the 6 left, 2 were lost from sight and 2 of 4 came in the second.
    const rows = [
      ...times(4, { passed: [0, 0], during: [1, 0] }),
      ...times(2, { passed: [1, 0], during: [0, 0] }),
      ...times(2, { passed: [1, 0], during: [0, 1] }),
      ...times(2, { passed: [1, 1], during: [0, 0] }),
    ];
    const [first, second] = chances(await learnNetwork(tensors, examples(rows), 30, seeded(1)));
    expect(first).toBeCloseTo(0.4, 3);
    expect(second).toBeCloseTo(0.5, 3);
  });

  it('learns the chance of quiet where only whether an event came is known', async () => {
    const rows = [...times(60, { passed: [0, 0], during: [1, 1] }), ...times(40, { passed: [1, 1], during: [0, 0] })];
    const [first, second] = chances(await learnNetwork(tensors, examples(rows), 300, seeded(1)));
    expect((1 - first) * (1 - second)).toBeCloseTo(0.4, 2);
  });

  it('tells rows apart by their inputs', async () => {
    const of = (input: number, events: number) => [
      ...times(events, { passed: [0], during: [1], input }),
      ...times(100 - events, { passed: [1], during: [0], input }),
    ];
    const network = await learnNetwork(tensors, examples([...of(-1, 10), ...of(1, 70)]), 300, seeded(1));
    // The decay of weights draws them a little towards each other.
    expect(chances(network, -1)[0]).toBeCloseTo(0.13, 1);
    expect(chances(network, 1)[0]).toBeCloseTo(0.67, 1);
  });

  it('is the same for the same chance, to the bit, and another for another', async () => {
    const rows = times(5, { passed: [0], during: [1], input: 1 }).concat(
      times(5, { passed: [1], during: [0], input: -1 }),
    );
    const learn = (seed: number) => learnNetwork(tensors, examples(rows), 3, seeded(seed));
    expect(await learn(2)).toEqual(await learn(2));
    expect(await learn(3)).not.toEqual(await learn(2));
  });

  it('is shown after each pass, and stops when told to', async () => {
    const rows = times(300, { passed: [1], during: [0], input: 1 });
    expect(stepsPerPass(300)).toBe(3);
    const seen: Network[] = [];
    const last = await learnNetwork(tensors, examples(rows), 9, seeded(1), (network) => seen.push(network) < 4);
    expect(seen).toHaveLength(4);
    expect(last).toEqual(seen[3]);
  });

  it('leaves no tensor behind, though it fail', async () => {
    const { numTensors } = tensors.memory();
    const rows = examples(times(9, { passed: [1], during: [0], input: 1 }));
    await learnNetwork(tensors, rows, 2, seeded(1));
    const failing = learnNetwork(tensors, rows, 2, seeded(1), () => {
      throw new Error('enough');
    });
    await expect(failing).rejects.toThrow('enough');
    expect(tensors.memory().numTensors).toBe(numTensors);
  });

  it('lets other work have its turn', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await learnNetwork(tensors, examples(times(9000, { passed: [1], during: [0] })), 2, seeded(1));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});
