/** What every card says a score is not. */
export const CAUTION =
  'A score is an association found in past behaviour, not a cause, and not a judgement of people. ' +
  'Do not use it to end a partnership or to cut anyone off.';

/** What a score must not be used for, a clause each. */
export const NOT_FOR: readonly string[] = [
  'ending a partnership, cutting anyone off, or lowering a tier by itself',
  'judging, paying or ranking people: it scores organisations',
  'partners it was not asked about: it learnt nothing of them',
  'telling what would happen if you acted: reasons are associations, not causes',
];
