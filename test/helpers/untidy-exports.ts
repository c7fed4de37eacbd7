import fc from 'fast-check';
import { DAY, formatDay, type Instant, parseDay } from '../../features/index.ts';
import {
  type Dialect,
  type Exports,
  type Fault,
  type Fields,
  knownAt,
  type Line,
  lineText,
  type Position,
} from './export-files.ts';

/*
 * Exports as they come in life: what is said of a few partners is late, corrected, repeated, contradicted or no row at
 * all, and shuffled over files and loads.
 */

/** When everything is loaded: no row is dated later. */
export const NOW = parseDay('2023-01-01');
/** The days as of which to look. */
export const CUTOFFS = ['2021-09-15', '2022-02-02', '2022-08-20', '2023-01-01'].map(parseDay);

/** When somebody began to keep records: many older facts have been known since then. */
const RECORDED_FROM = parseDay('2021-09-14');
const FIRST = parseDay('2021-01-01');
const HOUR = DAY / 24;
const PARTNERS = ['ann', 'bob & "co"', 'çelik'];
/** Partners that no event names. */
const IDLE = ['dora', 'emil'];

const chosen = fc.constantFrom;
const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const seldom = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof(often(4, fc.constant(null)), often(1, arbitrary));
const orUnknown = (text: fc.Arbitrary<string>) => fc.option(text, { nil: '', freq: 3 });
const instantText = (instant: Instant) => new Date(instant).toISOString();

const anyHour = fc.nat({ max: (NOW - FIRST) / HOUR }).map((hours) => FIRST + hours * HOUR);
/** A millisecond around a cutoff, where "before" and "not before" meet. */
const aroundCutoff = fc.tuple(chosen(...CUTOFFS), chosen(-1, 0, 1)).map(([at, beside]) => Math.min(at + beside, NOW));
const moment = fc.oneof(often(3, anyHour), often(1, aroundCutoff));
const day = moment.map(formatDay);

/** When what happened at an instant is on record. */
type Recording = (happened: Instant) => Instant;
const withinADay = chosen(0, HOUR, DAY).map(
  (later): Recording =>
    (happened) =>
      happened + later,
);
/** Up to a year late, or announced. */
const someDay = fc.integer({ min: -30, max: 400 }).map(
  (days): Recording =>
    (happened) =>
      happened + days * DAY,
);
const sinceRecordsBegan = fc.nat(48).map(
  (hours): Recording =>
    (happened) =>
      Math.max(happened, RECORDED_FROM + hours * HOUR),
);
const recording = fc.oneof(often(3, withinADay), often(2, someDay), often(3, sinceRecordsBegan));

/** What a row is called, by input. */
const NAMES: Record<Line['input'], fc.Arbitrary<Fields>> = {
  partners: fc.record({ partner_id: chosen(...PARTNERS, ...IDLE) }),
  agreements: fc.record({ partner_id: chosen(...PARTNERS, ...IDLE), agreement_id: chosen('a1', 'a2') }),
  // An id names an event within its partner.
  events: fc.record({ partner_id: chosen(...PARTNERS), event_id: fc.nat(40).map((n) => `e${n}`) }),
};

/** What a row says, by input. */
const CONTENTS: Record<Line['input'], fc.Arbitrary<Fields>> = {
  partners: fc.record({
    name: chosen('Ann, Inc.', 'Bob', 'Çelik'),
    type: orUnknown(chosen('reseller', 'msp')),
    signed_on: day,
  }),
  agreements: fc.record({
    starts_on: day,
    renews_on: orUnknown(day),
    ended_on: orUnknown(day),
    end_reason: orUnknown(chosen('partner', 'vendor')),
  }),
  events: fc.record({
    kind: fc.oneof(
      often(3, chosen('deal.registered', 'deal.won', 'lead.accepted')),
      often(1, chosen('portal.login', 'training.completed', 'survey.sent', 'coffee.had')),
    ),
    happened_at: moment.map(instantText),
    contact_id: orUnknown(chosen('c1', 'c2', 'c3')),
    product: orUnknown(chosen('Roast', 'a "big" one', 'two,\nlines; of it')),
    value: orUnknown(fc.integer({ min: -1000, max: 1000 }).map(String)),
    currency: orUnknown(chosen('USD', 'EUR')),
  }),
};

const AFTER_NOW = instantText(NOW + 1);
const bad = (column: string, ...texts: string[]) => chosen<Fault[]>(...texts.map((text) => ({ column, text })));
const badAsALine = chosen<Fault[]>('a field less', 'a field more', 'a quote never closed', 'a quote never opened');
const badAnywhere = fc.oneof(
  often(2, badAsALine),
  often(1, bad('partner_id', '', 'bell\u0007', 'p'.repeat(600))),
  often(1, bad('known_at', 'soon', AFTER_NOW)),
);
const FAULTS: Record<Line['input'], fc.Arbitrary<Fault>> = {
  partners: fc.oneof(often(4, badAnywhere), bad('name', ''), bad('type', 'wizard'), bad('signed_on', '31.31.2022')),
  agreements: fc.oneof(often(4, badAnywhere), bad('starts_on', '', '2022-02-30'), bad('end_reason', 'bored')),
  events: fc.oneof(
    often(4, badAnywhere),
    bad('kind', '', 'Deal Won'),
    bad('happened_at', '', '45/45/2022', '2022-02-30', AFTER_NOW),
    bad('product', 'bell\u0007'),
    bad('value', 'NaN', '1e308', '1,200'),
    bad('currency', 'XXZ'),
  ),
};

const FAULTS_OF_ANONYMOUS = fc.oneof(
  often(4, badAsALine),
  bad('partner_id', '', 'bell\u0007'),
  bad('happened_at', 'soon', AFTER_NOW),
);

/** Few files, each with much in it: it is the number of files that costs time. */
const position = fc.record({
  load: chosen(0, 0, 1, 2),
  file: chosen(0, 0, 1),
  at: fc.nat(),
  afterBlank: fc.nat(9).map((n) => n === 0),
});

/** What else the exports hold of the same thing. */
type Echo = 'repeated' | 'restated later' | 'corrected' | 'contradicted' | 'broken';

/** A row of an input and its echoes. */
function story(input: Line['input']): fc.Arbitrary<Line[]> {
  const echo = fc.record({
    how: chosen<Echo[]>('repeated', 'restated later', 'corrected', 'corrected', 'contradicted', 'broken'),
    other: CONTENTS[input],
    after: fc.integer({ min: 1, max: 9000 }).map((hours) => hours * HOUR),
    fault: FAULTS[input],
    position,
  });
  const first = fc.record({ names: NAMES[input], says: CONTENTS[input], moment, recording, position });
  return fc
    .tuple(first, fc.array(echo, { maxLength: 3 }))
    .map(([{ names, says, moment, recording, position }, echoes]) => {
      const happened = says['happened_at'];
      const known = happened === undefined ? moment : recording(Date.parse(happened));
      const line = (content: Fields, knownAt: Instant, fault: Fault | null, where: Position): Line => ({
        input,
        thing: [input, ...Object.values(names)].join(' '),
        fields: { ...names, ...content, known_at: instantText(Math.min(knownAt, NOW)) },
        fault,
        ...where,
        file: input === 'events' ? where.file : 0,
      });
      return [
        line(says, known, null, position),
        ...echoes.map(({ how, other, after, fault, position }) => {
          const isOther = how === 'corrected' || how === 'contradicted';
          const isLater = how === 'corrected' || how === 'restated later';
          return line(
            isOther ? other : says,
            isLater ? known + after : known,
            how === 'broken' ? fault : null,
            position,
          );
        }),
      ];
    });
}

const stories = (input: Line['input'], minLength: number, maxLength: number) =>
  fc.array(story(input), { minLength, maxLength }).map((told) => told.flat());

const dialect: fc.Arbitrary<Dialect> = fc.record({
  delimiter: chosen(',', ';', '\t'),
  lineFeed: chosen('\n', '\r\n'),
  mark: chosen('', '\uFEFF'),
});

const byReading = (a: Position, b: Position) => a.load - b.load || a.file - b.file || a.at - b.at;

/** Exports of a few partners, in up to three loads; events in up to two files each. */
export const untidyExports: fc.Arbitrary<Exports> = fc
  .tuple(stories('partners', 0, 6), stories('agreements', 0, 4), stories('events', 12, 36), dialect)
  .map(([partners, agreements, events, dialect]) => {
    const lines = [partners, agreements, events].flat().sort(byReading);
    return exportsOf(lines.filter(isNoRestatementAcrossFiles), dialect);
  });

/**
 * A row that only repeats the version before it is not kept, so a row that another file brings for a moment between
 * the two, or for the same moment, is taken for the last word: `ingest-properties.test.ts` has that as a known fault.
 */
function isNoRestatementAcrossFiles(line: Line, _: number, lines: readonly Line[]): boolean {
  const others = lines.filter(({ thing }) => thing === line.thing);
  if (others.every(({ load, file }) => load === line.load && file === line.file)) return true;
  return !others.some((other) => knownAt(other) < knownAt(line) && saysTheSame(other, line));
}

function saysTheSame(one: Line, other: Line): boolean {
  const said = ({ fields: { known_at, ...says } }: Line) => JSON.stringify(says);
  return said(one) === said(other);
}

/** One file of events that do not say when they became known; what corrects an event leaves it where it was in time. */
export const undatedExports: fc.Arbitrary<Exports> = fc
  .tuple(stories('events', 4, 24), dialect)
  .map(([events, dialect]) => {
    const happened = new Map<string, string>();
    const lines = events.sort(byReading).map((line): Line => {
      const { known_at, ...fields } = line.fields;
      const at = happened.get(line.thing) ?? fields['happened_at'];
      happened.set(line.thing, at);
      const isUndated = typeof line.fault === 'object' && line.fault?.column === 'known_at';
      return {
        ...line,
        fields: { ...fields, happened_at: at },
        fault: isUndated ? null : line.fault,
        load: 0,
        file: 0,
      };
    });
    return exportsOf(lines, dialect);
  });

/** Few enough different rows that many repeat; happened and known at once. */
const anonymous = fc.record({
  partner_id: chosen(...PARTNERS),
  kind: chosen('deal.registered', 'deal.won', 'portal.login'),
  happened_at: chosen('2021-03-01', '2021-09-14', '2022-01-31', '2022-12-31'),
  contact_id: orUnknown(chosen('c1')),
});

/** Exports of events without ids, one file a load, which overlap. */
export const anonymousExports: fc.Arbitrary<Exports> = fc
  .tuple(
    fc.array(fc.record({ fields: anonymous, fault: seldom(FAULTS_OF_ANONYMOUS), position }), {
      minLength: 20,
      maxLength: 80,
    }),
    dialect,
  )
  .map(([rows, dialect]) => {
    const lines = rows.map(
      ({ fields, fault, position }): Line => ({
        input: 'events',
        thing: JSON.stringify(fields),
        fields,
        fault,
        ...position,
        file: 0,
      }),
    );
    return exportsOf(lines.sort(byReading), dialect);
  });

/** A failure shows the lines as they stand in the files. */
function exportsOf(lines: readonly Line[], dialect: Dialect): Exports {
  const shown = (line: Line) => `load ${line.load}, file ${line.file}: ${lineText(line, dialect)}`;
  return { lines, dialect, [fc.toStringMethod]: () => lines.map(shown).join('\n') } as Exports;
}
