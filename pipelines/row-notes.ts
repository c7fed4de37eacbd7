import { blankNotes, noteRows, type RowNotes, type TrainingSet } from '../models/index.ts';
import type { ProgramFacts } from './facts.ts';

/** Notes the rows of a set, range of partners by range; what came after is read as it is known today. */
export async function noteSet(set: TrainingSet, { facts, program, latestAsOf }: ProgramFacts): Promise<RowNotes> {
  const notes = blankNotes(set.outcomes.length);
  const until = Math.max(latestAsOf, ...set.table.cutoffs);
  for await (const columns of facts.ranges(until)) noteRows(notes, set, columns, program, latestAsOf);
  return notes;
}
