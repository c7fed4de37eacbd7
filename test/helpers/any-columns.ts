import fc from 'fast-check';
import type { EventColumns, Profile } from '../../features/index.ts';

/** Objects as programs make them. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record<T>(model, { noNullPrototype: true });
const number = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 0, 1e-320));
const word = fc.string({ unit: 'binary', maxLength: 5 });
const code = fc.integer({ min: -1, max: 3 });
const profile: fc.Arbitrary<Profile> = record({
  signed: fc.array(record({ at: number, knownAt: number }), { maxLength: 2 }),
  agreements: fc.array(
    record({
      id: word,
      startsOn: number,
      renewsOn: fc.option(number),
      noticeDays: fc.option(number),
      endedOn: fc.option(number),
      endReason: fc.constantFrom('partner' as const, 'unknown' as const, null),
      knownAt: number,
    }),
    { maxLength: 2 },
  ),
  attributes: fc.array(record({ attribute: word, value: fc.option(word), validFrom: number, knownAt: number }), {
    maxLength: 2,
  }),
});
const event = record({
  happenedAt: number,
  knownAt: number,
  replacedAt: number,
  kind: fc.integer({ min: 0, max: 2 }),
  contact: code,
  product: code,
  account: code,
  deal: code,
  value: number,
  currency: fc.integer({ min: -1, max: 1 }),
});
const partner = record({ profile, events: fc.array(event, { maxLength: 4 }) });

/** Columns of up to four partners whose facts make no sense: any number anywhere, any code a word stands for. */
export const anyColumns: fc.Arbitrary<EventColumns> = fc
  .tuple(
    fc.dictionary(word, partner, { maxKeys: 4 }),
    fc.uniqueArray(word, { minLength: 3, maxLength: 3 }),
    fc.uniqueArray(word, { minLength: 4, maxLength: 4 }),
  )
  .map(([partners, kinds, words]) => {
    const each = Object.values(partners);
    const events = each.flatMap((one) => one.events);
    const offsets = Int32Array.from([0, ...each.map(() => 0)]);
    each.forEach((one, i) => {
      offsets[i + 1] = offsets[i] + one.events.length;
    });
    return {
      partners: Object.keys(partners),
      offsets,
      happenedAt: Float64Array.from(events, (one) => one.happenedAt),
      knownAt: Float64Array.from(events, (one) => one.knownAt),
      replacedAt: Float64Array.from(events, (one) => one.replacedAt),
      kind: Uint16Array.from(events, (one) => one.kind),
      kinds,
      contact: Int32Array.from(events, (one) => one.contact),
      contacts: words,
      product: Int32Array.from(events, (one) => one.product),
      products: words,
      account: Int32Array.from(events, (one) => one.account),
      accounts: words,
      deal: Int32Array.from(events, (one) => one.deal),
      deals: words,
      value: Float64Array.from(events, (one) => one.value),
      currency: Int16Array.from(events, (one) => one.currency),
      currencies: words,
      profiles: each.map((one) => one.profile),
    };
  });
