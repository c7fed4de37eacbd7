/**
 * L with L·Lᵀ = H (Cholesky); a pivot lost to rounding is kept just above zero, which leaves that direction unmoved.
 * @param hessian size × size, row by row; only its upper triangle is read
 * @returns size × size, row by row, the lower triangle filled
 */
export function cholesky(hessian: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    const floor = 1e-12 * Math.max(1, hessian[j * size + j]);
    for (let i = j; i < size; i++) {
      let sum = hessian[j * size + i];
      for (let k = 0; k < j; k++) sum -= lower[i * size + k] * lower[j * size + k];
      lower[i * size + j] = i === j ? Math.sqrt(Math.max(sum, floor)) : sum / lower[j * size + j];
    }
  }
  return lower;
}

/** Solves L·Lᵀ·x = g, L as `cholesky` gives it. */
export function solveBy(lower: Float64Array, gradient: Float64Array): Float64Array {
  const size = gradient.length;
  const x = Float64Array.from(gradient);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] -= lower[i * size + k] * x[k];
    x[i] /= lower[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= lower[k * size + i] * x[k];
    x[i] /= lower[i * size + i];
  }
  return x;
}
