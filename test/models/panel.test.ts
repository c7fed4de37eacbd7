import { describe, expect, it } from 'vitest';
import { type Agreement, DAY, type EventColumns, parseDay } from '../../features/index.ts';
import { completePanel, PanelRows, scoringModels, settledRows } from '../../models/index.ts';
import { columnsOf, programSince, type SomeEvent } from '../helpers/facts.ts';

const [{ view, label }] = scoringModels;
const PROGRAM = programSince('2020-01-01');
const FIRST = parseDay('2024-07-01');
const SECOND = FIRST + 30 * DAY;
const daysAfter = (days: number) => FIRST + days * DAY;

/** Three deals the day before the first cutoff make a partner be at risk at both; then deals on some days. */
const deals = (...more: SomeEvent[]): SomeEvent[] => [...[0, 1, 2].map((i) => ({ at: FIRST - DAY + i })), ...more];
const endedByVendor: Agreement = {
  id: 'a',
  startsOn: FIRST - 900 * DAY,
  renewsOn: null,
  noticeDays: null,
  endedOn: daysAfter(50),
  endReason: 'vendor',
  knownAt: daysAfter(50),
};

/** A part of the given ranges, which need not be all. */
function partOf(plan: ConstructorParameters<typeof PanelRows>[0], ...ranges: EventColumns[]) {
  const rows = new PanelRows(plan, PROGRAM, 1);
  for (const columns of ranges) rows.take(columns);
  return rows.taken();
}

function panelOf(knownBy: number[]) {
  const plan = { view, label, cutoffs: [FIRST, SECOND], knownBy: knownBy.toSorted((a, b) => a - b) };
  // Partners may arrive in several ranges.
  const ranges = [
    columnsOf({ busy: deals({ at: daysAfter(40) }, { at: daysAfter(100) }), quiet: deals() }),
    columnsOf(
      { ended: deals(), late: deals({ at: daysAfter(40), known: daysAfter(95) }), stranger: [{ at: FIRST - DAY }] },
      { ended: { signed: [], agreements: [endedByVendor], attributes: [] } },
    ),
  ];
  return completePanel(
    plan,
    ranges.map((columns) => partOf(plan, columns)),
  );
}

/** Partner, cutoff and outcome of each row that was settled at a moment. */
function settled(knownBy: number, wanted: (cutoff: number) => boolean = () => true) {
  const { table, outcomes } = settledRows(panelOf([daysAfter(200), knownBy]), knownBy, wanted);
  return table.entities.map((partner, row) => [partner, (table.cutoffs[row] - FIRST) / DAY, outcomes[row]]);
}

describe('the settled rows of a panel', () => {
  it('are none until a window has ended', () => {
    expect(settled(daysAfter(90) - 1)).toEqual([]);
  });

  it('are none until then though a label be rash', () => {
    const rash = { ...label, outcome: () => true };
    const moments = [daysAfter(90) - 1, daysAfter(90)];
    const plan = { view, label: rash, cutoffs: [FIRST], knownBy: moments };
    const panel = completePanel(plan, [partOf(plan, columnsOf({ p: deals() }))]);
    expect(moments.map((moment) => settledRows(panel, moment, () => true).outcomes.length)).toEqual([0, 1]);
  });

  it('are those whose window has ended, with the outcomes on record, without what is unknown for good', () => {
    const first = [
      ['busy', 0, 0],
      ['quiet', 0, 1],
      ['late', 0, 1],
    ];
    expect(settled(daysAfter(90))).toEqual(first);
    expect(settled(daysAfter(95))).toEqual(first);
    // What late did became known then.
    expect(settled(daysAfter(95) + 1)).toEqual([...first.slice(0, 2), ['late', 0, 0]]);
    expect(settled(daysAfter(120))).toEqual([
      ...first.slice(0, 2),
      ['late', 0, 0],
      ['busy', 30, 0],
      ['quiet', 30, 1],
      ['late', 30, 0],
    ]);
  });

  it('have the waits on record at the moment, each beside its row', () => {
    const waits = (moment: number) => {
      const { table, waits: found } = settledRows(panelOf([daysAfter(200), moment]), moment, () => true);
      return table.entities.map((partner, row) => [
        partner,
        (table.cutoffs[row] - FIRST) / DAY,
        found?.from[row],
        found?.until[row],
      ]);
    };
    const [first, never] = [0, Number.POSITIVE_INFINITY];
    expect(waits(daysAfter(95))).toEqual([
      ['busy', first, 40, 41],
      // The day before the first cutoff counted for nobody; nothing came until the records were read.
      ['quiet', first, 95, never],
      ['late', first, 95, never],
    ]);
    expect(waits(daysAfter(120))).toEqual([
      ['busy', first, 40, 41],
      ['quiet', first, 120, never],
      ['late', first, 40, 41],
      ['busy', 30, 10, 11],
      ['quiet', 30, 90, never],
      ['late', 30, 10, 11],
    ]);
  });

  it('have none where the label measures none', () => {
    const { wait: _, ...without } = label;
    const plan = { view, label: without, cutoffs: [FIRST], knownBy: [daysAfter(90)] };
    const panel = completePanel(plan, [partOf(plan, columnsOf({ p: deals() }))]);
    const set = settledRows(panel, daysAfter(90), () => true);
    expect([set.outcomes.length, set.waits]).toEqual([1, undefined]);
  });

  it('are of the wanted cutoffs', () => {
    expect(settled(daysAfter(120), (cutoff) => cutoff === SECOND).map(([partner]) => partner)).toEqual([
      'busy',
      'quiet',
      'late',
    ]);
  });

  it('are not told for a moment that the panel was not built for', () => {
    expect(() => settledRows(panelOf([SECOND]), FIRST, () => true)).toThrow(/not built for 2024-07-01/);
  });
});
