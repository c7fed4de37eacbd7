import { describe, expect, it } from 'vitest';
import { formatDay, WEEK } from '../../../features/index.ts';
import { tellIncident, tellSpan } from '../../../models/anomalies/incident-words.ts';
import { followWeek, type Incident } from '../../../models/anomalies/incidents.ts';
import { many, PORTAL_SILENT, type SomePartner, WEEK_ONE, weekOf } from '../../helpers/weeks.ts';

const SETTINGS = { budget: 10, rate: 0.1 };
const WORTH = new Map<string, number>();
const REST = many(40, 8, 8);
const USUAL = weekOf({ ...REST, p: { observed: 20, expected: 20 } });
const own = (observed: number, expected = 20) => ({ ...REST, p: { observed, expected } });

/** Follows weeks, one after the other from `WEEK_ONE` on; what stood after each. */
function follow(weeks: readonly ReturnType<typeof weekOf>[], settings = SETTINGS, worth = WORTH): Incident[][] {
  let known: Incident[] = [];
  return weeks.map((week, i) => {
    const { incidents } = followWeek(known, { ...week, period: WEEK_ONE + i * WEEK }, settings, worth, () => []);
    known = [...known.filter(({ id }) => !incidents.some((each) => each.id === id)), ...incidents];
    return known;
  });
}

const last = (weeks: readonly ReturnType<typeof weekOf>[]) => follow(weeks).at(-1) as Incident[];
const week = (n: number) => formatDay(WEEK_ONE + n * WEEK);

describe('an incident', () => {
  it('opens, goes on under one id, and closes when two weeks have not shown it', () => {
    const states = follow([USUAL, weekOf(own(2)), weekOf(own(3)), USUAL, USUAL]);
    expect(states.map((each) => each.map(({ status }) => status))).toEqual([
      [],
      ['open'],
      ['open'],
      ['open'],
      ['closed'],
    ]);
    const [incident] = states[4];
    expect(new Set(states.slice(1).map(([{ id }]) => id)).size).toBe(1);
    expect(incident).toMatchObject({ level: 'partner', entity: 'p', kind: 'dip', direction: -1, observed: 3 });
    expect([incident.since, incident.lastSeen, incident.closedOn].map((at) => formatDay(at as number))).toEqual([
      week(1),
      week(2),
      week(3),
    ]);
  });

  it('goes on while it is only as surprising as one week of twenty, which would open none', () => {
    const faint = weekOf(own(9));
    expect(follow([faint])[0]).toEqual([]);
    expect(last([weekOf(own(2)), faint])).toMatchObject([{ status: 'open', lastSeen: WEEK_ONE + WEEK }]);
  });

  it('is the same again when it comes back within eight weeks, and another one later', () => {
    const dip = weekOf(own(2));
    const calm = (weeks: number) => new Array<typeof USUAL>(weeks).fill(USUAL);
    expect(last([dip, ...calm(7), dip])).toHaveLength(1);
    expect(last([dip, ...calm(7), dip])[0]).toMatchObject({ status: 'open', since: WEEK_ONE, closedOn: null });
    expect(last([dip, ...calm(8), dip])).toHaveLength(2);
  });

  it('of nothing where five were expected is a silence; of four weeks it is a shift', () => {
    expect(last([weekOf(own(0))])[0].kind).toBe('silence');
    const kinds = follow(new Array(4).fill(weekOf(own(3)))).map(([{ kind }]) => kind);
    expect(kinds).toEqual(['dip', 'dip', 'dip', 'shift']);
  });

  it('ends by the way back, which is no spike; what is more than ever before is one', () => {
    // A month of silence has lowered what is expected to 4: the 20 of before are five times as many.
    const back = last([weekOf(own(0)), weekOf(own(20, 4))]);
    expect(back.map(({ direction }) => direction)).toEqual([-1]);
    const more = last([weekOf(own(0)), weekOf(own(60, 4))]);
    expect(more.map(({ direction }) => direction).sort()).toEqual([-1, 1]);
  });

  it('of a partner gives way to the program when that explains it', () => {
    const all = weekOf({ ...many(40, 2, 8), p: { observed: 5, expected: 20 } });
    const states = follow([weekOf(own(2)), all, all, all]);
    const partner = states[3].find(({ level }) => level === 'partner') as Incident;
    expect(partner).toMatchObject({ status: 'closed', closedOn: WEEK_ONE + WEEK });
    expect(states[3].find(({ level }) => level === 'program')).toMatchObject({ status: 'open', kind: 'dip' });
  });

  it('of a feed is a silence, known by its first and last day', () => {
    const silent = weekOf(many(40, 0, 8), { silences: [PORTAL_SILENT] });
    const [incident, ...others] = last([silent]);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ level: 'feed', kind: 'silence', silentFrom: WEEK_ONE, absorbed: 40 });
    expect(tellIncident(incident)).toBe(
      'The feed portal brought nothing of any partner for 4 days from 1 Jan 2024; its last week came to 0, 320 expected',
    );
  });

  it('has the same id however often its weeks are derived, and as many as there are entities and directions', () => {
    const weeks = [weekOf({ ...own(2), q: { observed: 50, expected: 20 } }), USUAL];
    expect(follow(weeks)).toEqual(follow(weeks));
    const ids = last(weeks.slice(0, 1)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => /^incident_[0-9a-f]{20}$/.test(id))).toBe(true);
  });

  it('is worth what is missing so far; nothing is known of what is worth no money', () => {
    const weeks = [weekOf(own(2)), weekOf(own(5))];
    expect(follow(weeks)[1][0].moneyMinor).toBeNull();
    // 18 and 15 visits are missing, at 10 minor units each.
    expect(follow(weeks, SETTINGS, new Map([['portal_visits', 10]]))[1][0].moneyMinor).toBe(-330);
  });

  it('is told with its numbers and its time', () => {
    const [incident] = last([weekOf(own(2)), USUAL, USUAL]);
    expect(tellIncident(incident)).toBe(
      'Portal visits fell at this partner to 2 in the week of 1 Jan 2024; 20 expected (13–27)',
    );
    expect(tellSpan(incident)).toBe(
      'since the week of 1 Jan 2024, last seen in the week of 1 Jan 2024, as usual again from 8 Jan 2024',
    );
  });
});

describe('the alert budget', () => {
  const dips = (count: number, observed: (i: number) => number) =>
    weekOf(
      Object.fromEntries([
        ...Object.entries(many(200, 8, 8)),
        ...Array.from({ length: count }, (_, i): [string, SomePartner] => [
          `d${i}`,
          { observed: observed(i), expected: 40 },
        ]),
      ]),
    );

  it('lists the most surprising, and says how many were left out', () => {
    const { incidents, leftOut } = followWeek(
      [],
      dips(6, (i) => i),
      { ...SETTINGS, budget: 4 },
      WORTH,
      () => [],
    );
    expect(leftOut).toBe(2);
    expect(incidents.filter(({ listedOn }) => listedOn !== null).map(({ entity }) => entity)).toEqual([
      'd0',
      'd1',
      'd2',
      'd3',
    ]);
  });

  it('those left out are listed when there is room, as long as they go on', () => {
    const states = follow([dips(6, (i) => i), dips(6, (i) => i)], { ...SETTINGS, budget: 4 });
    expect(states.map((each) => each.filter(({ listedOn }) => listedOn !== null).length)).toEqual([4, 6]);
    const [first] = states[0].filter(({ entity }) => entity === 'd0');
    expect(states[1].find(({ entity }) => entity === 'd0')?.listedOn).toBe(first.listedOn);
  });

  it('a higher level goes before any partner', () => {
    const week = { ...dips(6, (i) => i), silences: [{ ...PORTAL_SILENT, feeds: ['support'], entity: 'support' }] };
    const support = { ...week.metrics[0], metric: 'support_cases', feed: 'support' };
    const { incidents } = followWeek(
      [],
      { ...week, metrics: [...week.metrics, support] },
      { ...SETTINGS, budget: 1 },
      WORTH,
      () => [],
    );
    expect(incidents.filter(({ listedOn }) => listedOn !== null).map(({ level }) => level)).toEqual(['feed']);
  });
});
