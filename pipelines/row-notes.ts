import { blankNotes, noteRows, type RowNotes, type TrainingSet } from '../models/index.ts';
import type { ProgramFacts } from './facts.ts';

/** Notes the rows of a settled set, range of partners by range; what came after is read as it is known today. */
export async function noteSet(set: TrainingSet, { facts, program, latestAsOf }: ProgramFacts): Promise<RowNotes> {
  const notes = blankNotes(set.outcomes.length);
  for await (const columns of facts.ranges(latestAsOf)) noteRows(notes, set, columns, program, latestAsOf);
  return notes;
}
