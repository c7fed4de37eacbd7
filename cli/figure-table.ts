import { type Measured, writePercent } from '../models/index.ts';
import { table } from './output.ts';

/** Every estimator with its figures, each with its interval; one column per metric. @param champion is marked by a star */
export function figureTable(
  estimators: readonly { name: string; figures: Readonly<Record<string, Measured>> }[],
  metrics: readonly string[],
  champion?: string,
): string {
  const rows = estimators.map(({ name, figures }) => [
    name === champion ? `${name} *` : name,
    ...metrics.map((metric) => figure(figures[metric])),
  ]);
  return table([['estimator', ...metrics], ...rows]);
}

/** A figure with its interval. */
export function figure({ value, low, high }: Measured): string {
  const separator = low < 0 ? ' to ' : '–';
  return `${value.toFixed(3)} (${low.toFixed(3)}${separator}${high.toFixed(3)})`;
}

/** A share with its interval, in percent. */
export function percents({ value, low, high }: Measured): string {
  return `${writePercent(value)} (${Math.round(100 * low)}–${Math.round(100 * high)})`;
}
