import { describe, expect, it } from 'vitest';
import { DAY, History, parseDay } from '../../features/index.ts';
import { decideNudge, nudgeRules } from '../../models/index.ts';
import { columnsOf, programSince, type SomeEvent } from '../helpers/facts.ts';

const FIRST = parseDay('2024-03-01');
const SETTINGS = { quietDays: 30, holdOut: 0 };
const [reEngagement] = nudgeRules;

/** What a run of the rule decides about a partner, when the last run was at `since`. */
function decide(history: History, partner: number, since: number, cutoff: number, settings = SETTINGS) {
  const episode = reEngagement.episode(history.moveTo(partner, since), settings);
  return decideNudge(reEngagement, history.moveTo(partner, cutoff), { at: since, episode }, settings);
}

/** What a run of the rule on each of many days decides, for one partner. */
function daily(events: SomeEvent[], days: number, settings = SETTINGS) {
  const history = new History(columnsOf({ p: events }), programSince('2020-01-01'));
  return Array.from({ length: days }, (_, n) => {
    const cutoff = FIRST + n * DAY;
    return decide(history, 0, cutoff - DAY, cutoff, settings);
  });
}

describe('re-engagement', () => {
  it.each([0, 9.5 * 3_600_000, DAY - 1])(
    'nudges once, on day 30 after the last sign of life at %d ms of the day',
    (time) => {
      const decided = daily([{ at: FIRST + time, kind: 'portal.login' }], 120);
      expect(decided.flatMap((decision, day) => (decision ? [day] : []))).toEqual([30]);
      expect(decided[30]).toMatchObject({
        rule: 're-engagement',
        entityId: 'p',
        episodeStart: FIRST + 30 * DAY,
        assignment: 'send',
      });
      expect(decided[30]?.because).toMatch(/^No sign of life since 2024-03-01, for 30 days/);
    },
  );

  it('is re-armed by a sign of life, and only by one', () => {
    const decided = daily(
      [
        { at: FIRST, kind: 'portal.login' },
        { at: FIRST + 40 * DAY, kind: 'portal.login' },
      ],
      120,
    );
    expect(decided.flatMap((decision, day) => (decision ? [day] : []))).toEqual([30, 70]);
    const vendor = daily(
      [
        { at: FIRST, kind: 'portal.login' },
        { at: FIRST + 40 * DAY, kind: 'survey.sent' },
      ],
      120,
    );
    expect(vendor.flatMap((decision, day) => (decision ? [day] : []))).toEqual([30]);
  });

  it('after a pause of the runs, the episodes that began in it are decided', () => {
    const history = new History(columnsOf({ p: [{ at: FIRST }] }), programSince('2020-01-01'));
    const late = decide(history, 0, FIRST + 28 * DAY, FIRST + 35 * DAY);
    expect(late?.episodeStart).toBe(FIRST + 30 * DAY);
    expect(late?.because).toMatch(/for 35 days/);
    expect(decide(history, 0, FIRST + 30 * DAY, FIRST + 35 * DAY)).toBeNull();
  });

  it('an episode that shows late, because its facts came late, is decided about when it shows', () => {
    const firstKnownLate = daily([{ at: FIRST, known: FIRST + 40 * DAY }], 60);
    expect(firstKnownLate.flatMap((decision, day) => (decision ? [day] : []))).toEqual([41]);
    const corrected = daily([{ at: FIRST + 2 * DAY }, { at: FIRST + 20 * DAY, replacedAt: FIRST + 36 * DAY }], 60);
    expect(corrected.flatMap((decision, day) => (decision ? [day] : []))).toEqual([37]);
  });

  it('leaves those alone whose agreement has ended, and those nobody has heard of', () => {
    const ended = {
      id: 'a',
      startsOn: 0,
      renewsOn: null,
      noticeDays: null,
      endedOn: FIRST + 5 * DAY,
      endReason: 'partner' as const,
      knownAt: FIRST + 6 * DAY,
    };
    const columns = columnsOf(
      { p: [{ at: FIRST }], q: [] },
      { p: { signed: [], agreements: [ended], attributes: [] } },
    );
    const history = new History(columns, programSince('2020-01-01'));
    for (const partner of [0, 1]) {
      expect(decide(history, partner, FIRST + 29 * DAY, FIRST + 30 * DAY)).toBeNull();
    }
  });
});

describe('the hold-out', () => {
  it('takes its share of partners, always the same ones, and says with which probability', () => {
    const partners = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`p${i}`, [{ at: FIRST }]]));
    const history = new History(columnsOf(partners), programSince('2020-01-01'));
    const settings = { quietDays: 30, holdOut: 0.1 };
    const decideOn = (partner: number) => decide(history, partner, FIRST + 29 * DAY, FIRST + 30 * DAY, settings);
    const decisions = Array.from({ length: 2000 }, (_, partner) => decideOn(partner));
    const heldOut = decisions.filter((decision) => decision?.assignment === 'hold-out');
    // 200 expected; ± 3.3 standard deviations of a binomial.
    expect(heldOut.length).toBeGreaterThan(155);
    expect(heldOut.length).toBeLessThan(245);
    expect(heldOut[0]?.assignmentProbability).toBe(0.1);
    expect(decisions.find((decision) => decision?.assignment === 'send')?.assignmentProbability).toBe(0.9);
    expect(decideOn(7)).toEqual(decisions[7]);
    expect(new Set(decisions.map((decision) => decision?.nudgeId)).size).toBe(2000);
  });
});
