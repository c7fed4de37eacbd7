/** Of the mean that came: nobody is expected to bring less, or a single small deal would weigh more than all else. */
const FLOOR_SHARE = 0.01;

/**
 * How far amounts lay from what was expected: the mean Poisson deviance in units of the mean amount, ≥ 0. As the squared
 * error it is lowest for the expected value, and large partners weigh less in it. Source: Gneiting 2011, Making and
 * evaluating point forecasts.
 * @param said expected amounts; rows where they are NaN are left out
 */
export function deviance(said: Float64Array, came: Float64Array): number {
  return mean(rowDeviances(said, came));
}

/** The same row by row; NaN where nothing was said. */
export function rowDeviances(said: Float64Array, came: Float64Array): Float64Array {
  const usual = mean(came) || 1;
  return said.map((expected, row) => {
    const [mu, y] = [Math.max(FLOOR_SHARE, expected / usual), came[row] / usual];
    return 2 * ((y > 0 ? y * Math.log(y / mu) : 0) - (y - mu));
  });
}

/** The mean of what is known; NaN where nothing is. */
function mean(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
