/**
 * What went wrong, where the caller must tell the cases apart: `STORE_HELD` another process has the store ·
 * `LEASE_LOST` another process took the work over · `DATA_REFUSED` too much of the input is bad ·
 * `NOT_ENOUGH_DATA` the data does not support an answer · `USAGE` what was asked for makes no sense.
 */
export type ProblemCode = 'STORE_HELD' | 'LEASE_LOST' | 'DATA_REFUSED' | 'NOT_ENOUGH_DATA' | 'USAGE';

/**
 * An error that says what was found, what was expected and what to do, with a code as Node's own errors have.
 * @param message one or more full sentences
 */
export function problem(code: ProblemCode, message: string): Error & { code: ProblemCode } {
  return Object.assign(new Error(message), { code });
}
