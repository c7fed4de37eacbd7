/** Rows handled together, so that a block of every column stays in the cache. */
const BLOCK = 1024;

/**
 * Sums over all rows of weight × column × column, for every two columns and a last one of ones: the second derivatives
 * of a loss along its columns and its intercept. Costs rows × columns² / 2 multiplications.
 * @param weights one per row, of any sign
 * @returns (columns + 1)², row by row, the upper triangle filled
 */
export function crossProducts(columns: readonly Float64Array[], weights: Float64Array): Float64Array {
  const size = columns.length + 1;
  const products = new Float64Array(size * size);
  const weighted = new Float64Array(BLOCK);
  for (let from = 0; from < weights.length; from += BLOCK) {
    const block = weights.subarray(from, from + BLOCK);
    for (let i = 0; i < block.length; i++) products[size * size - 1] += block[i];
    addBlock(columns, from, block, weighted, products);
  }
  return products;
}

/**
 * Sums over all rows of weight × column, for every column and a last one of ones.
 * @param weights one per row, of any sign
 */
export function columnSums(columns: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sums = new Float64Array(columns.length + 1);
  columns.forEach((values, j) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i] * values[i];
    sums[j] = sum;
  });
  sums[columns.length] = weights.reduce((sum, each) => sum + each, 0);
  return sums;
}

/** Adds what a block of rows has to say. */
function addBlock(
  columns: readonly Float64Array[],
  from: number,
  weights: Float64Array,
  weighted: Float64Array,
  products: Float64Array,
): void {
  const size = columns.length + 1;
  const rows = weights.length;
  for (let j = 0; j < columns.length; j++) {
    const values = columns[j];
    let withOnes = 0;
    for (let i = 0; i < rows; i++) {
      weighted[i] = weights[i] * values[from + i];
      withOnes += weighted[i];
    }
    products[j * size + size - 1] += withOnes;
    let k = j;
    for (; k + 3 < columns.length; k += 4) addFour(columns, k, weighted, from, rows, products, j * size + k);
    for (; k < columns.length; k++) {
      const others = columns[k];
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += weighted[i] * others[from + i];
      products[j * size + k] += sum;
    }
  }
}

/** The products of a weighted column with four others at once: each weight is loaded once for all four. */
function addFour(
  columns: readonly Float64Array[],
  k: number,
  weighted: Float64Array,
  from: number,
  rows: number,
  products: Float64Array,
  at: number,
): void {
  const [a, b, c, d] = [columns[k], columns[k + 1], columns[k + 2], columns[k + 3]];
  let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
  for (let i = 0; i < rows; i++) {
    const weight = weighted[i];
    sumA += weight * a[from + i];
    sumB += weight * b[from + i];
    sumC += weight * c[from + i];
    sumD += weight * d[from + i];
  }
  products[at] += sumA;
  products[at + 1] += sumB;
  products[at + 2] += sumC;
  products[at + 3] += sumD;
}
