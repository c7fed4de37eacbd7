import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Aftermath, type Agreement, DAY, type EndReason, History, parseDay } from '../../features/index.ts';
import { scoringModelNamed, settledRows } from '../../models/index.ts';
import { topValueIn } from '../../models/labels/top-value.ts';
import { inTopShare } from '../../models/top-share.ts';
import { completePanel, PanelRows } from '../../models/training-set.ts';
import { columnsOf, programSince, type SomeEvent } from '../helpers/facts.ts';

const SIGNED = parseDay('2023-06-01');
const CUTOFF = SIGNED + 45 * DAY;
const onDay = (days: number) => SIGNED + days * DAY;
const PROGRAM = programSince('2020-01-01');
const won = (days: number, value: number | null, currency = 'USD'): SomeEvent => ({
  at: onDay(days),
  kind: 'deal.won',
  value,
  currency,
});
const profile = (agreements: Agreement[] = []) => ({
  signed: [{ at: SIGNED, knownAt: SIGNED }],
  agreements,
  attributes: [],
});

function amount(events: SomeEvent[], { agreements = [] as Agreement[], knownBy = onDay(2000) } = {}): number | null {
  const columns = columnsOf({ p: events }, { p: profile(agreements) });
  const history = new History(columns, PROGRAM).moveTo(0, CUTOFF);
  return topValueIn(0.25).amount?.(history, new Aftermath(columns, PROGRAM).moveTo(0, CUTOFF, knownBy)) ?? null;
}

describe('the value at month 12', () => {
  it('is the money won in the 365 days from the signing on, before and after the cutoff', () => {
    expect(amount([won(0, 100), won(44, 20), won(364, 3), won(365, 5000)])).toBe(123);
    expect(amount([])).toBe(0);
  });

  it('is unknown for a cohort that is too young, from one day to the next', () => {
    expect(amount([won(5, 100)], { knownBy: onDay(365) - 1 })).toBeNull();
    expect(amount([won(5, 100)], { knownBy: onDay(365) })).toBe(100);
  });

  it('is unknown with an amount missing, or in a currency without a rate', () => {
    expect(amount([won(5, 100), won(6, null)])).toBeNull();
    expect(amount([won(5, 100), won(6, 7, 'CHF')])).toBeNull();
  });

  it.each([
    ['vendor', null],
    ['merged', null],
    ['partner', 100],
  ] as const)('ended by %s in the meantime: %s', (endReason, value) => {
    const agreement = { id: 'a', startsOn: SIGNED, renewsOn: null, noticeDays: null };
    const end = (reason: EndReason) => ({ ...agreement, endedOn: onDay(200), endReason: reason, knownAt: onDay(200) });
    expect(amount([won(5, 100)], { agreements: [end(endReason)] })).toBe(value);
  });
});

describe('the top quarter', () => {
  it('is of partners and not of rows, and nobody with nothing', () => {
    const entities = ['a', 'a', 'a', 'b', 'c', 'd', 'e', 'e', 'f', 'g', 'h'];
    const amounts = Float64Array.of(50, 50, 50, 40, 30, 20, 10, 10, 5, 0, Number.NaN);
    // Seven are known; a quarter of seven is one.
    expect([...inTopShare(amounts, entities, 0.25)]).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...inTopShare(Float64Array.of(0, 0, 0, 0), ['a', 'b', 'c', 'd'], 0.5)]).toEqual([0, 0, 0, 0]);
    expect([...inTopShare(Float64Array.of(7, 7, 1, 0), ['a', 'b', 'c', 'd'], 0.25)]).toEqual([1, 1, 0, 0]);
  });

  it('of a panel leaves out those that are too young, and asks about ages from 30 to 119 days', () => {
    const { view, label } = scoringModelNamed('new-partner-potential');
    const ids = Array.from({ length: 9 }, (_, i) => `p${i}`);
    // The last one signed half a year later than the others.
    const signedOn = (id: string) => (id === 'p8' ? onDay(180) : SIGNED);
    const columns = columnsOf(
      Object.fromEntries(ids.map((id, i) => [id, [won(3 + (id === 'p8' ? 180 : 0), 1000 * (i + 1))]])),
      Object.fromEntries(
        ids.map((id) => [id, { ...profile(), signed: [{ at: signedOn(id), knownAt: signedOn(id) }] }]),
      ),
    );
    const knownBy = [onDay(30) + 335 * DAY, onDay(1000)];
    const plan = { view, label, cutoffs: [29, 30, 119, 120, 230].map(onDay), knownBy };
    const rows = new PanelRows(plan, PROGRAM, 100);
    rows.take(columns);
    const panel = completePanel(plan, [rows.taken()]);
    const told = (moment: number) => {
      const { table, outcomes } = settledRows(panel, moment, () => true);
      return table.entities.map((id, row) => `${id} ${(table.cutoffs[row] - SIGNED) / DAY} ${outcomes[row]}`);
    };
    const eight = (days: number) => ids.slice(0, 8).map((id) => `${id} ${days} ${Number(id === 'p6' || id === 'p7')}`);
    expect(told(knownBy[0])).toEqual(eight(30));
    // A year later the youngest is known as well, and the best of nine: two are the top quarter still.
    const all = ids.slice(0, 8).map((id) => `${id} ${Number(id === 'p7')}`);
    expect(told(knownBy[1])).toEqual([
      ...all.map((text) => text.replace(' ', ' 30 ')),
      ...all.map((text) => text.replace(' ', ' 119 ')),
      'p8 230 1',
    ]);
  });

  it('at any cutoff and on any day of reading, asks about no cohort whose twelve months are not over', () => {
    const { view, label } = scoringModelNamed('new-partner-potential');
    const columns = columnsOf({ p: [won(3, 1000)] }, { p: profile() });
    const day = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(day(150), day(600), (age, read) => {
        const plan = { view, label, cutoffs: [onDay(age)], knownBy: [onDay(read)] };
        const rows = new PanelRows(plan, PROGRAM, 1);
        rows.take(columns);
        const panel = completePanel(plan, [rows.taken()]);
        const told = settledRows(panel, onDay(read), () => true).outcomes.length;
        // Outcomes of a cutoff are read when those of its youngest are known: 335 days later.
        const isAsked = age >= 30 && age < 120;
        expect(told).toBe(Number(isAsked && read >= 365 && read >= age + 335));
      }),
      {
        numRuns: 500,
        examples: [
          [30, 364],
          [30, 365],
          [119, 453],
          [119, 454],
          [29, 600],
          [120, 600],
        ],
      },
    );
  });
});
