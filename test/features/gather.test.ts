import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type EventColumns, gather, knownBy, meet, parseDay } from '../../features/index.ts';
import { anyColumns } from '../helpers/any-columns.ts';
import { columnsOf } from '../helpers/facts.ts';

const places = (columns: EventColumns) => columns.partners.map((_, partner) => ({ columns, partner }));

it('takes each partner from where it stands, with the words and codes of the whole', () => {
  const old = columnsOf({
    a: [{ at: '2024-01-01', kind: 'x', contactId: 'c', value: 1, currency: 'USD' }],
    b: [{ at: '2024-01-01', kind: 'y', contactId: 'c' }],
  });
  const fresh = columnsOf({
    b: [
      { at: '2024-01-01', kind: 'y', contactId: 'c', value: 2, currency: 'EUR' },
      { at: '2024-01-02', kind: 'x', contactId: 'd', value: 3, currency: 'USD' },
      { at: '2024-01-03', kind: 'y', contactId: 'c' },
    ],
  });
  const whole = gather([
    { columns: fresh, partner: 0 },
    { columns: old, partner: 0 },
  ]);
  expect(whole.partners).toEqual(['b', 'a']);
  expect([...whole.offsets]).toEqual([0, 3, 4]);
  expect(Array.from(whole.kind, (kind) => whole.kinds[kind])).toEqual(['y', 'x', 'y', 'x']);
  expect([...whole.kind]).toEqual([0, 1, 0, 1]);
  expect([...whole.contact]).toEqual([0, 1, 0, 0]);
  expect(whole.contacts).toEqual(['c', 'd']);
  expect([...whole.currency]).toEqual([0, 1, -1, 1]);
  expect(whole.currencies).toEqual(['EUR', 'USD']);
});

it('gives one form to what comes from anywhere, and changes nothing that has it', () => {
  fc.assert(
    fc.property(anyColumns, (columns) => {
      const once = gather(places(columns));
      expect(gather(places(once))).toStrictEqual(once);
      const apart = columns.partners.map((_, partner) => gather([{ columns, partner }]));
      expect(gather(apart.map((one) => ({ columns: one, partner: 0 })))).toStrictEqual(once);
    }),
  );
});

it('leaves the codes of a builder as they are', () => {
  const built = columnsOf({
    a: [
      { at: 1, contactId: 'c', product: 'x', accountId: 'a', dealId: 'd' },
      { at: 2, dealId: 'e' },
      { at: 3, dealId: 'd' },
    ],
    b: [{ at: 1, contactId: 'e', product: 'x', kind: 'z' }],
  });
  expect(gather(places(built))).toStrictEqual(built);
});

it('leaves out what became known at a moment or later', () => {
  const moment = parseDay('2024-02-01');
  const fact = (knownAt: number) => ({ at: 0, knownAt });
  const attribute = (knownAt: number) => ({ attribute: 'tier', value: 'gold', validFrom: 0, knownAt });
  const columns = columnsOf(
    {
      p: [
        { at: '2024-01-01', known: moment, kind: 'x' },
        { at: '2024-01-02', known: moment - 1, kind: 'y' },
      ],
    },
    {
      p: {
        signed: [fact(moment - 1), fact(moment)],
        agreements: [],
        attributes: [attribute(moment), attribute(moment - 1)],
      },
    },
  );
  expect(knownBy(columns, moment)).toStrictEqual(
    columnsOf(
      { p: [{ at: '2024-01-02', known: moment - 1, kind: 'y' }] },
      { p: { signed: [fact(moment - 1)], agreements: [], attributes: [attribute(moment - 1)] } },
    ),
  );
  expect(knownBy(columns, moment + 1)).toBe(columns);
  expect(knownBy(columns, moment - 1)).toStrictEqual(gather(places(columns), moment - 1));
  expect(knownBy(columns, moment - 1).kind).toHaveLength(0);
});

it('puts added events among those that were there, as if they had come together', () => {
  const events = [
    { at: '2024-01-03', contactId: 'c', kind: 'x' },
    { at: '2024-01-01', contactId: 'd', kind: 'y' },
    { at: '2024-01-02', known: '2024-01-05', dealId: 'd' },
    { at: '2024-01-02', known: '2024-01-04', accountId: 'a', value: 5, currency: 'EUR' },
    { at: '2024-01-04', contactId: 'd', product: 'p' },
  ];
  for (let split = 0; split < 2 ** events.length; split++) {
    const [first, then] = [0, 1].map((bit) => columnsOf({ p: events.filter((_, i) => ((split >> i) & 1) === bit) }));
    const placed = { columns: first, partner: 0, added: { columns: then, partner: 0 } };
    expect(gather([placed])).toStrictEqual(columnsOf({ p: events }));
    expect(gather([placed], parseDay('2024-01-04'))).toStrictEqual(
      columnsOf({ p: events.filter(({ at, known }) => (known ?? at) < '2024-01-04') }),
    );
    expect(meet(placed, placed.added)).toBe(false);
  }
});

it('notices events of the same moments', () => {
  const some = columnsOf({
    p: [{ at: 1 }, { at: 2 }, { at: 2, known: 4 }],
    q: [{ at: 2, known: 4 }],
    r: [{ at: 2, known: 3 }],
  });
  const [p, q, r] = places(some);
  expect([meet(p, q), meet(q, p), meet(p, r), meet(r, p)]).toEqual([true, true, false, false]);
});
