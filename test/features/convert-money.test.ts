import { expect, it } from 'vitest';
import { convertMoney, DAY, parseDay, RateBook } from '../../features/index.ts';
import { columnsOf } from '../helpers/facts.ts';

const NEVER = Number.POSITIVE_INFINITY;
const FRIDAY = parseDay('2024-01-05');
const euro = (rate: number, known: number) => ({
  currency: 'EUR',
  day: FRIDAY,
  rate,
  knownAt: FRIDAY + known * DAY,
});
const book = new RateBook('USD', [euro(1.25, 2), euro(1.3, 5)]);

it('gives back columns in which nothing is foreign', () => {
  const columns = columnsOf({ p: [{ at: FRIDAY, value: 100, currency: 'USD' }, { at: FRIDAY }], q: [] });
  expect(convertMoney(columns, book)).toBe(columns);
});

it('puts the versions that rates make of an amount in its place, and leaves all else as it was', () => {
  const columns = columnsOf({
    p: [
      { at: FRIDAY - DAY, kind: 'portal.login', contactId: 'c' },
      { at: FRIDAY, value: 100, currency: 'EUR', product: 'x', accountId: 'a', dealId: 'd' },
      { at: FRIDAY + DAY, value: 7, currency: 'USD', contactId: 'e', product: 'y' },
    ],
    q: [],
    r: [{ at: FRIDAY, value: null, currency: 'EUR' }],
  });
  const converted = convertMoney(columns, book);
  expect(converted.partners).toBe(columns.partners);
  expect([...converted.offsets]).toEqual([0, 5, 5, 6]);
  expect([...converted.happenedAt].map((at) => (at - FRIDAY) / DAY)).toEqual([-1, 0, 0, 0, 1, 0]);
  expect([...converted.knownAt].map((at) => (at - FRIDAY) / DAY)).toEqual([-1, 0, 2, 5, 1, 0]);
  expect([...converted.replacedAt].map((at) => (at - FRIDAY) / DAY)).toEqual([NEVER, 2, 5, NEVER, NEVER, NEVER]);
  expect([...converted.value]).toEqual([Number.NaN, Number.NaN, 125, 130, 7, Number.NaN]);
  expect([...converted.currency].map((code) => converted.currencies[code])).toEqual([
    undefined,
    'EUR',
    'USD',
    'USD',
    'USD',
    'EUR',
  ]);
  expect([...converted.kind].map((code) => converted.kinds[code])).toEqual([
    'portal.login',
    ...Array(5).fill('deal.registered'),
  ]);
  expect([...converted.contact]).toEqual([0, -1, -1, -1, 1, -1]);
  expect([...converted.product]).toEqual([-1, 0, 0, 0, 1, -1]);
  expect([...converted.account]).toEqual([-1, 0, 0, 0, -1, -1]);
  expect([...converted.deal]).toEqual([-1, 0, 0, 0, -1, -1]);
});
