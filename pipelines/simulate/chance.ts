import { randomNormal } from 'd3-random';
import type { Random } from '../../models/index.ts';

/** Whether something of this chance (0 to 1) happens. */
export function happens(chance: number, random: Random): boolean {
  return random() < chance;
}

/** A number from `low` up to, but without, `high`, each as likely. */
export function between(low: number, high: number, random: Random): number {
  return low + (high - low) * random();
}

/** How often something happens that does so `mean` times on average; mean from 0 to about 500. */
export function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}

/** A waiting time with this mean, in the unit of the mean. */
export function exponential(mean: number, random: Random): number {
  return -mean * Math.log(1 - random());
}

/** A normal number with mean 0. */
export function normal(deviation: number, random: Random): number {
  return randomNormal.source(random)(0, deviation)();
}

/** A positive number whose logarithm is normal, with mean 1. */
export function logNormal(deviation: number, random: Random): number {
  return Math.exp(normal(deviation, random) - deviation ** 2 / 2);
}

/** A positive number of mean 1 and variance 1/2: a Gamma distribution of shape 2. */
export function gammaOfTwo(random: Random): number {
  return (exponential(1, random) + exponential(1, random)) / 2;
}

/** One of several that differ in how common they are; the weights need no particular sum. */
export function pick<Choice>(choices: readonly Choice[], weight: (choice: Choice) => number, random: Random): Choice {
  let left = random() * choices.reduce((sum, choice) => sum + weight(choice), 0);
  for (const choice of choices) {
    left -= weight(choice);
    if (left < 0) return choice;
  }
  return choices[choices.length - 1];
}

/** One of several, each as likely. */
export function oneOf<Choice>(choices: readonly Choice[], random: Random): Choice {
  return choices[Math.floor(choices.length * random())];
}

/** From any number to a chance between 0 and 1. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
