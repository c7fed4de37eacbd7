import type { Company } from '../company.ts';
import type { Feature } from '../feature.ts';

/** The sorts of partners that inputs know; `other` is none of them. */
const TYPES = [
  ['reseller', 'A reseller'],
  ['referral', 'A referral partner'],
  ['msp', 'A managed service provider'],
  ['si', 'A systems integrator'],
  ['isv', 'A software vendor'],
  ['var', 'A value-added reseller'],
  ['influence', 'An influence partner'],
  ['distributor', 'A distributor'],
] as const;

/** What sort of partner it is: of one that has done nothing yet, this is much of what is known. */
export const types: readonly Feature<Company>[] = TYPES.map(([type, words]) => ({
  name: `type_${type}`,
  unit: 'flag',
  topic: 'company',
  description: `Its type is ${type}: 1, else 0.`,
  unknown: 'where its type is not on record',
  reason: { high: () => words, low: () => `Not ${words[0].toLowerCase()}${words.slice(1)}` },
  compute(company) {
    const known = company.latest('type');
    return known === null ? null : Number(known.toLowerCase() === type);
  },
}));
