import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { breathe } from '../../breathe.ts';
import { logit } from '../../estimator.ts';
import type { Random } from '../../random.ts';
import type { Tensors } from './backend.ts';
import type { Exposures } from './intervals.ts';
import type { Layer, Network } from './network.ts';

/** What a network learns from. */
export interface Examples {
  rows: number;
  /** rows × width. */
  inputs: Float32Array;
  width: number;
  exposures: Exposures;
  intervals: number;
}

/**
 * Chosen by backtests on partners of OpenStack before 2015-07. With 32 or 64 units, other rates with as many more or fewer
 * steps, or dropout it foretells no better there; without the decay it does worse the longer it learns.
 */
const HIDDEN = 16;
const RATE = 0.005;
/** Half the squared weight costs this much of a mean loss. */
const DECAY = 0.02;
const BATCH = 128;
/** The weights after so many last passes are averaged: at a steady rate they go round the best ones. */
const AVERAGED = 5;
/** After so many batches other work has its turn. */
const TURN = 16;
/** No hazard begins at 0 or 1, where nothing could be learnt. */
const LEAST_HAZARD = 1e-3;

/** How many steps one pass over so many rows takes. */
export function stepsPerPass(rows: number): number {
  return Math.ceil(rows / BATCH);
}

/**
 * Learns hazards by minibatches and Adam, beginning at those of all rows together (the life table). The loss of a row
 * is −ln of the probability of what is known of its wait, with Λ the cumulative hazard: Λ(from) while censored, and
 * Λ(from) − ln(1 − exp(−(Λ(until) − Λ(from)))) for an event between. Mean over rows, with weight decay.
 * Source: Gensheimer & Narasimhan 2019 (nnet-survival); Kvamme & Borgan 2021; Singer & Willett 1993; Kingma & Ba 2015;
 * Polyak & Juditsky 1992 for the average.
 * @param passes over all rows, at least 1
 * @param random of first weights and order of rows: the same gives the same network, to the bit on the same backend
 * @param goesOn is shown the network after each pass; false ends the learning
 * @returns the network after the last pass; no tensor is left behind
 */
export async function learnNetwork(
  tensors: Tensors,
  examples: Examples,
  passes: number,
  random: Random,
  goesOn: (network: Network) => boolean = () => true,
): Promise<Network> {
  const weights = new Weights(tensors, firstWeights(examples, random));
  const order = Uint32Array.from({ length: examples.rows }, (_, row) => row);
  const latest: Network[] = [];
  let step = 0;
  try {
    for (let pass = 0; pass < passes; pass++) {
      shuffle(order, random);
      for (let from = 0; from < order.length; from += BATCH) {
        weights.descend(batchOf(examples, order.subarray(from, from + BATCH)));
        if (++step % TURN === 0) await breathe();
      }
      latest.push(weights.network());
      if (latest.length > AVERAGED) latest.shift();
      if (!goesOn(averageOf(latest))) break;
    }
    return averageOf(latest);
  } finally {
    weights.dispose();
  }
}

function averageOf(networks: readonly Network[]): Network {
  const mean = (of: (network: Network) => Float32Array) =>
    of(networks[0]).map((_, i) => networks.reduce((sum, network) => sum + of(network)[i], 0) / networks.length);
  const layer = (of: (network: Network) => Layer): Layer => ({
    weights: mean((network) => of(network).weights),
    bias: mean((network) => of(network).bias),
  });
  return { hidden: layer(({ hidden }) => hidden), hazards: layer(({ hazards }) => hazards) };
}

/** What learning begins with: the life table, and weights by chance that hardly change it. */
export function firstWeights({ width, exposures, intervals }: Examples, random: Random): Network {
  // He et al. 2015, halved: standardised columns that say the same add up.
  const hidden = normals(width * HIDDEN, Math.sqrt(1 / width), random);
  const hazards = normals(HIDDEN * intervals, 0.1 * Math.sqrt(1 / HIDDEN), random);
  return {
    hidden: { weights: hidden, bias: new Float32Array(HIDDEN) },
    hazards: { weights: hazards, bias: lifeTable(exposures, intervals).map(logit) },
  };
}

/** Box & Muller 1958. */
function normals(count: number, deviation: number, random: Random): Float32Array {
  return Float32Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return deviation * radius * Math.cos(2 * Math.PI * random());
  });
}

/** Of each interval, the share of rows with the event in it among those that came to it. */
function lifeTable({ passed, during }: Exposures, intervals: number): Float32Array {
  const [happened, asked] = [new Float64Array(intervals), new Float64Array(intervals)];
  for (let at = 0; at < passed.length; at += intervals) {
    const somewhere = during.subarray(at, at + intervals).reduce((sum, share) => sum + share, 0);
    for (let i = 0; i < intervals; i++) {
      const event = somewhere === 0 ? 0 : during[at + i] / somewhere;
      happened[i] += event;
      asked[i] += passed[at + i] + event;
    }
  }
  return Float32Array.from(happened, (events, i) => {
    const hazard = asked[i] === 0 ? LEAST_HAZARD : events / asked[i];
    return Math.min(1 - LEAST_HAZARD, Math.max(LEAST_HAZARD, hazard));
  });
}

/** Fisher & Yates. */
function shuffle(order: Uint32Array, random: Random): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
}

/** Some rows of the examples. */
interface Batch {
  inputs: Float32Array;
  passed: Float32Array;
  during: Float32Array;
  rows: number;
}

function batchOf({ inputs, width, exposures, intervals }: Examples, rows: Uint32Array): Batch {
  return {
    inputs: gather(inputs, width, rows),
    passed: gather(exposures.passed, intervals, rows),
    during: gather(exposures.during, intervals, rows),
    rows: rows.length,
  };
}

function gather(values: Float32Array, width: number, rows: Uint32Array): Float32Array {
  const gathered = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    gathered.set(values.subarray(row * width, (row + 1) * width), i * width);
  });
  return gathered;
}

/**
 * The slope of the mean loss by the log-odds z of the hazards. With Λ = Σ passed · softplus(z) and D = Σ during ·
 * softplus(z), a row's loss is Λ − ln(1 − e^−D), or Λ alone where no event was seen, and its slope
 * (passed − during / (e^D − 1)) · sigmoid(z). Written out, since the library by itself knows few slopes.
 * @param logOdds rows × intervals, as are `passed` and `during`, the exposures of `exposuresOf`
 */
function slopeOfLoss(tensors: Tensors, logOdds: Tensor2D, passed: Tensor2D, during: Tensor2D): Tensor2D {
  const { div, expm1, maximum, mul, sigmoid, softplus, sub, sum } = tensors;
  const within = sum(mul(during, softplus(logOdds)), 1, true);
  // Where no event was seen it is 0/0, and has to be 0.
  const pull = div(during, maximum(expm1(within), 1e-30));
  return div(mul(sub(passed, pull), sigmoid(logOdds)), logOdds.shape[0]);
}

/** A layer while it learns. */
interface Learning {
  weights: Variable;
  bias: Variable;
}

/** The weights of a network while they learn. */
class Weights {
  readonly #tensors: Tensors;
  readonly #hidden: Learning;
  readonly #hazards: Learning;
  readonly #optimizer: ReturnType<Tensors['train']['adam']>;

  constructor(tensors: Tensors, { hidden, hazards }: Network) {
    const learning = ({ weights, bias }: Layer): Learning => ({
      weights: variable(tensors, weights, [weights.length / bias.length, bias.length]),
      bias: variable(tensors, bias, [bias.length]),
    });
    this.#tensors = tensors;
    this.#hidden = learning(hidden);
    this.#hazards = learning(hazards);
    this.#optimizer = tensors.train.adam(RATE);
  }

  /** One step down the slope of the mean loss of a batch. */
  descend({ inputs, passed, during, rows }: Batch): void {
    const { tidy, tensor2d, fused, matMul, mul, step } = this.#tensors;
    const [hidden, hazards] = [this.#hidden, this.#hazards];
    tidy(() => {
      const input = tensor2d(inputs, [rows, inputs.length / rows]);
      const units = fused.matMul({ a: input, b: as2d(hidden), bias: hidden.bias, activation: 'relu' }) as Tensor2D;
      const logOdds = fused.matMul({ a: units, b: as2d(hazards), bias: hazards.bias }) as Tensor2D;
      const intervals = passed.length / rows;
      const [waited, mayHave] = [passed, during].map((shares) => tensor2d(shares, [rows, intervals]));
      const slope = slopeOfLoss(this.#tensors, logOdds, waited, mayHave);
      const slopeOfUnits: Tensor2D = mul(matMul(slope, as2d(hazards), false, true), step(units));
      this.#optimizer.applyGradients([
        ...this.#gradients(hidden, input, slopeOfUnits),
        ...this.#gradients(hazards, units, slope),
      ]);
    });
  }

  #gradients({ weights, bias }: Learning, inputs: Tensor2D, slope: Tensor2D): { name: string; tensor: Tensor }[] {
    const { add, matMul, mul, sum } = this.#tensors;
    return [
      { name: weights.name, tensor: add(matMul(inputs, slope, true), mul(weights, DECAY)) },
      { name: bias.name, tensor: sum(slope, 0) },
    ];
  }

  /** What has been learnt so far. */
  network(): Network {
    const plain = ({ weights, bias }: Learning): Layer => ({ weights: numbers(weights), bias: numbers(bias) });
    return { hidden: plain(this.#hidden), hazards: plain(this.#hazards) };
  }

  dispose(): void {
    this.#optimizer.dispose();
    for (const { weights, bias } of [this.#hidden, this.#hazards]) this.#tensors.dispose([weights, bias]);
  }
}

/** A variable; the tensor it begins with is let go. */
function variable({ tidy, tensor, variable }: Tensors, values: Float32Array, shape: number[]): Variable {
  return tidy(() => variable(tensor(values, shape)));
}

function as2d({ weights }: Learning): Tensor2D {
  return weights as unknown as Tensor2D;
}

/** A copy: a backend may hand out its own memory. */
function numbers(values: Variable): Float32Array {
  return Float32Array.from(values.dataSync());
}
