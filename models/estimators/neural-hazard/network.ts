import { softplus } from '../../newton.ts';

/** Weights from each input to each output, input by input, and what is added to each output. */
export interface Layer {
  /** inputs × outputs. */
  weights: Float32Array;
  /** One per output. */
  bias: Float32Array;
}

/** Inputs → hidden units, rectified → the log-odds of each interval's hazard. */
export interface Network {
  hidden: Layer;
  hazards: Layer;
}

/**
 * The hazards that a network foresees for a row, in plain arithmetic, whatever it was learnt on: those of each interval
 * as −ln(1 − hazard), the cumulative hazard that the interval adds; never below 0.
 */
export function hazardsOf({ hidden, hazards }: Network, inputs: ArrayLike<number>): Float64Array {
  const units = through(hidden, inputs);
  for (let i = 0; i < units.length; i++) if (units[i] < 0) units[i] = 0;
  return through(hazards, units).map(softplus);
}

function through({ weights, bias }: Layer, inputs: ArrayLike<number>): Float64Array {
  const outputs = Float64Array.from(bias);
  for (let i = 0, at = 0; i < inputs.length; i++, at += outputs.length) {
    const input = inputs[i];
    if (input === 0) continue;
    for (let j = 0; j < outputs.length; j++) outputs[j] += input * weights[at + j];
  }
  return outputs;
}
