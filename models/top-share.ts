/**
 * Which rows belong to the partners of the highest amounts: of n partners the n × share first, rounded down, ties at
 * the edge included, and nobody with nothing. A partner counts once, however many rows it has.
 * @param amounts per row; NaN is unknown and neither counts nor belongs
 * @param entities per row
 */
export function inTopShare(amounts: Float64Array, entities: readonly string[], share: number): Uint8Array {
  const byPartner = new Map<string, number>();
  amounts.forEach((amount, row) => {
    if (!Number.isNaN(amount)) byPartner.set(entities[row], amount);
  });
  const sorted = [...byPartner.values()].sort((a, b) => b - a);
  const places = Math.floor(share * sorted.length);
  const least = places === 0 ? Number.POSITIVE_INFINITY : sorted[places - 1];
  return Uint8Array.from(amounts, (amount) => Number(amount >= least && amount > 0));
}
