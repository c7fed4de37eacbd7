/** How many prospects there were when a list was made, and why some could not be listed. */
export interface ProspectCounts {
  /** On record. */
  prospects: number;
  /** That could be listed. */
  open: number;
  /** Already partners, or accounts, under whatever spelling; the same as another prospect. */
  partners: number;
  accounts: number;
  repeated: number;
  /** Approached, archived or signed before, in the records or here. */
  done: number;
}

/** Why prospects could not be listed, as clauses with commas between; empty where all could. */
export function tellLeftOut({ partners, accounts, repeated, done }: ProspectCounts): string {
  const clauses: [count: number, one: string, many: string][] = [
    [done, 'was approached, archived or signed before', 'were approached, archived or signed before'],
    [partners, 'is a partner already', 'are partners already'],
    [accounts, 'is an account', 'are accounts'],
    [repeated, 'is there twice', 'are there twice'],
  ];
  return clauses
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`)
    .join(', ');
}
