import type { Measured } from '../models/index.ts';
import { table } from './output.ts';

/** Every estimator with its figures, each with its interval; one column per metric. */
export function figureTable(
  estimators: readonly { name: string; figures: Record<string, Measured> }[],
  metrics: readonly string[],
): string {
  const rows = estimators.map(({ name, figures }) => [
    name,
    ...metrics.map((metric) => {
      const { value, low, high } = figures[metric];
      return `${value.toFixed(3)} (${low.toFixed(3)}-${high.toFixed(3)})`;
    }),
  ]);
  return table([['estimator', ...metrics], ...rows]);
}
