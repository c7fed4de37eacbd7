/** The part of ml-regression that is used; the package has no types of its own. */
declare module 'ml-regression' {
  export class TheilSenRegression {
    constructor(x: readonly number[], y: readonly number[]);
    readonly slope: number;
    readonly intercept: number;
  }

  export class MultivariateLinearRegression {
    constructor(x: readonly (readonly number[])[], y: readonly (readonly number[])[]);
    /** One row per column of x and a last one for the intercept; one column per column of y. */
    readonly weights: number[][];
  }
}
