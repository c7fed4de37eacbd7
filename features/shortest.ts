/** The number of the fewest digits that is the same 32-bit float: 0.1, where the float is 0.10000000149011612. */
export function shortest(float: number): number {
  // Six digits always survive in a 32-bit float, nine always tell it from any other.
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(float.toPrecision(digits));
    if (Math.fround(rounded) === float) return rounded;
  }
  return Number(float.toPrecision(9));
}
