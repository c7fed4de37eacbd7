import { describe, expect, it } from 'vitest';
import { Aftermath, type Agreement, DAY, type EndReason, History, parseDay } from '../../features/index.ts';
import { activatedIn } from '../../models/labels/activated.ts';
import { columnsOf, programSince, type SomeEvent } from '../helpers/facts.ts';

const CUTOFF = parseDay('2024-07-01');
const onDay = (days: number) => CUTOFF + days * DAY;
const sale = (days: number, known = days): SomeEvent => ({ at: onDay(days), known: onDay(known) });
const ended = (days: number, endReason: EndReason): Agreement => ({
  id: 'a',
  startsOn: onDay(-300),
  renewsOn: null,
  noticeDays: null,
  endedOn: onDay(days),
  endReason,
  knownAt: onDay(days),
});

function judged(events: SomeEvent[], agreements: Agreement[] = [], knownBy = onDay(1000)) {
  const columns = columnsOf({ p: events }, { p: { signed: [], agreements, attributes: [] } });
  const program = programSince('2020-01-01');
  const history = new History(columns, program).moveTo(0, CUTOFF);
  const aftermath = new Aftermath(columns, program).moveTo(0, CUTOFF, knownBy);
  const label = activatedIn(90);
  return { outcome: label.outcome(history, aftermath), plainOn: label.plainOn(aftermath) };
}
const outcome = (...some: Parameters<typeof judged>) => judged(...some).outcome;

describe('activated in 90 days', () => {
  it('is true with a first sale in the window, and plain on its day', () => {
    expect([0, 89, 90].map((days) => outcome([sale(days)]))).toEqual([true, true, false]);
    expect(judged([sale(12)]).plainOn).toBe(onDay(12));
    expect(judged([]).plainOn).toBeNull();
  });

  it('logins are no sale', () => {
    expect(outcome([{ at: onDay(5), kind: 'portal.login' }])).toBe(false);
  });

  it('is unknown while the window is open, sale or not', () => {
    for (const events of [[], [sale(5)]]) expect(outcome(events, [], onDay(90) - 1)).toBeNull();
    expect(outcome([sale(5)], [], onDay(90))).toBe(true);
  });

  it('is unknown for one that had sold before, though that became known only later', () => {
    expect(outcome([sale(-10, 20), sale(30)])).toBeNull();
    // While nobody knew, it was asked about in good faith.
    expect(outcome([sale(-10, 95)], [], onDay(90))).toBe(false);
  });

  it.each(['vendor', 'merged'] as const)(
    'ended by "%s" before it could sell is unknown, after a sale it is not',
    (reason) => {
      expect(outcome([], [ended(40, reason)])).toBeNull();
      expect(outcome([sale(10)], [ended(40, reason)])).toBe(true);
      expect(outcome([], [ended(90, reason)])).toBe(false);
    },
  );

  it('one that left by itself did not activate', () => {
    expect(outcome([], [ended(40, 'partner')])).toBe(false);
  });
});
