import type { Feature } from '../feature.ts';
import { type Measure, perWindow } from '../windowed.ts';
import { WINDOWS } from '../windows.ts';

const distinct: Measure = (history, days, into) => history.distinctEach('product', 'qualifying', days, into);

/** How broadly a partner is engaged: the products its business names. */
export const products: readonly Feature[] = perWindow(WINDOWS, distinct, (days) => ({
  name: `products_${days}d`,
  unit: 'products',
  topic: 'products',
  description: `Distinct products named by qualifying events of the last ${days} days.`,
  reason: {
    high: ({ value, peers }) => `Business in ${value} in ${days} days (peers ${peers})`,
    low: ({ value, usual, peers }) => `Business in ${value} in ${days} days (${usual} over a year, peers ${peers})`,
  },
  usual: (history) => history.products('qualifying', 365),
}));
