import { type Company, column, type FeatureTable, type FeatureView } from '../../features/index.ts';
import { explanationOf } from '../mean-in-log-odds.ts';
import { writeCount, writeNumber } from '../words.ts';
import { withFeatures } from './like-rows.ts';
import type { FitModel } from './propensity.ts';

/** What a feature does to a prospect's fit: an association the model found, not a cause. */
export interface FitReason {
  feature: string;
  /** A clause with the number in it. */
  text: string;
  /** Null is unknown. */
  value: number | null;
  /** What it adds to the log-odds. */
  log_odds: number;
}

const MAIN = 5;
/** Less than this moves nobody. */
const LEAST = 0.01;

/**
 * The reasons for the fit of some prospects, the weightiest first, at most five each.
 * @param some the prospects that are told of
 * @param all all prospects of the day, whose medians are the peers'
 * @returns per row of `some`
 */
export function tellFit(
  { model, features }: FitModel,
  view: FeatureView<Company>,
  some: FeatureTable,
  all: FeatureTable,
): FitReason[][] {
  const told = withFeatures(some, features);
  const rows = [...told.entities.keys()];
  const { features: names, contributions } = explanationOf(model, told, rows);
  const tellers = names.map((name) => tellerOf(name, view, all));
  const columns = names.map((name) => column(told, name));
  return rows.map((row) =>
    [...names.keys()]
      .filter((f) => Math.abs(contributions[row][f]) >= LEAST)
      .sort((a, b) => Math.abs(contributions[row][b]) - Math.abs(contributions[row][a]))
      .slice(0, MAIN)
      .map((f) => {
        const value = columns[f][row];
        return {
          feature: names[f],
          text: tellers[f](value),
          value: Number.isNaN(value) ? null : value,
          log_odds: contributions[row][f],
        };
      }),
  );
}

function tellerOf(name: string, view: FeatureView<Company>, all: FeatureTable): (value: number) => string {
  const feature = view.features.find((each) => each.name === name);
  if (!feature) throw new RangeError(`the view ${view.name} has no feature "${name}"`);
  const { unit, reason, description } = feature;
  const peers = unit === 'flag' ? 0.5 : median(column(all, name));
  return (value) => {
    if (Number.isNaN(value))
      return `Not known: ${description[0].toLowerCase()}${description.slice(1).replace(/\.$/, '')}`;
    const text = (value < peers ? reason.low : reason.high)({
      value: writeCount(value, unit),
      number: writeNumber(value, unit),
      peers: Number.isNaN(peers) ? 'unknown' : writeNumber(peers, unit),
      usual: 'unknown',
    });
    return text[0].toUpperCase() + text.slice(1);
  };
}

function median(values: Float32Array): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return known.length > 0 ? known[known.length >> 1] : Number.NaN;
}
