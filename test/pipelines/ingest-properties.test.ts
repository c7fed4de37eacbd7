import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type FeatureTable,
  type Instant,
  type Program,
  parseDay,
  rowsWhere,
  selectRows,
  views,
} from '../../features/index.ts';
import { buildFeatures, canonicalMapping, type IngestReport, ingest } from '../../pipelines/index.ts';
import { type Database, factsIn, openScratch, quarantined } from '../../store/index.ts';
import {
  type Books,
  DECLARED,
  featuresAt,
  keepBooks,
  keepTallies,
  programAt,
  standingAt,
} from '../helpers/clean-facts.ts';
import { type Exports, type WrittenFile, writeExports } from '../helpers/export-files.ts';
import { deal, storeRows } from '../helpers/stored-events.ts';
import { anonymousExports, CUTOFFS, NOW, undatedExports, untidyExports } from '../helpers/untidy-exports.ts';

const [view] = views;
const SOURCE = { ...canonicalMapping(), source: 'test' };
const TIMEOUT = { timeout: 300_000 };
let database: Database;

beforeAll(async () => {
  database = await openScratch();
});
afterAll(() => database.close());

describe('whatever exports are like: late, corrected, repeated, contradicted, broken, shuffled', TIMEOUT, () => {
  it('each row is stored, known or quarantined, and features are those of the clean facts known then', async () => {
    const seen = { atRisk: 0, unknown: 0, known: 0 };
    const property = fc.asyncProperty(untidyExports, (exports) =>
      withFiles(exports, async (loads) => {
        const books = keepBooks(exports.lines);
        for (const files of loads) await loadAndCount(files, books);
        expect(await quarantine()).toEqual(refusedIn(loads.flat(), books));
        await expectClean(books, seen);
        expect((await loadAndCount(loads[0], books)).total.stored).toBe(0);
      }),
    );
    await fc.assert(property, { numRuns: 15 });
    // The worlds are busy enough to tell.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
  });

  it('rows without an id count as often as the file that repeats them most, and no load counts twice', async () => {
    const property = fc.asyncProperty(anonymousExports, (exports) =>
      withFiles(exports, async (loads) => {
        const books = (until: number) => keepTallies(loads.slice(0, until).map(([{ lines }]) => lines));
        const all = books(loads.length);
        for (const [i, files] of loads.entries()) {
          const fresh = books(i + 1).believed.length - books(i).believed.length;
          expect((await loadAndCount(files, all)).total.stored).toBe(fresh);
          expect((await loadAndCount(files, all)).total.stored).toBe(0);
        }
        await expectClean(all);
      }),
    );
    await fc.assert(property, { numRuns: 8 });
  });

  it('a file that does not say when its rows became known changes nothing when it is loaded again', async () => {
    const property = fc.asyncProperty(undatedExports, (exports) =>
      withFiles(exports, async ([files]) => {
        const books = { believed: [], refused: exports.lines.filter(({ fault }) => fault !== null) };
        const { total } = await loadAndCount(files, books, false);
        const events = await database.query('select * from event');
        const again = await loadAndCount(files, books, false);
        expect(again.total).toEqual({ ...total, stored: 0, duplicate: total.stored + total.duplicate });
        expect(await database.query('select * from event')).toEqual(events);
      }),
    );
    await fc.assert(property, { numRuns: 8 });
  });
});

describe('faults that were found so, and mended', () => {
  const row = (value: number, known: string, happened = '2023-01-01') => ({
    ...deal('p', happened, known),
    event_id: 'e',
    value,
  });
  const worth = async (day: string) => (await factsAt(parseDay(day)))[0].value;
  beforeEach(empty);

  it('a row that repeats an older one still stands after another file has brought what was known between', async () => {
    await storeRows(database, 'events', [row(1, '2023-02-01'), row(1, '2023-02-03')]);
    await storeRows(database, 'events', [row(2, '2023-02-02')]);
    expect(await worth('2023-02-04')).toBe(1);
  });

  it('a row that repeats an older one still stands against another file that contradicts it', async () => {
    await storeRows(database, 'events', [row(1, '2023-02-01'), row(1, '2023-02-03')]);
    await storeRows(database, 'events', [row(2, '2023-02-03')]);
    expect(await worth('2023-02-04')).toBe(1);
  });

  it('a file without known_at that moves an event back in time changes nothing when it is loaded again', async () => {
    const rows = [row(1, '', '2023-03-01'), row(2, '', '2023-01-01')];
    await storeRows(database, 'events', rows);
    const events = await database.query('select * from event');
    await storeRows(database, 'events', rows);
    expect(await database.query('select * from event')).toEqual(events);
  });
});

/** Empties the store, writes the exports and takes them away again. */
async function withFiles(exports: Exports, work: (loads: WrittenFile[][]) => Promise<void>): Promise<void> {
  await empty();
  const directory = mkdtempSync(join(tmpdir(), 'partnercast-untidy-'));
  try {
    await work(writeExports(exports, directory));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What every load leaves behind; the schema stays. */
async function empty(): Promise<void> {
  const tables = await database.query<{ tables: string }>(
    `select string_agg(quote_ident(tablename), ', ') as tables from pg_tables
     where schemaname = current_schema() and tablename <> 'schema_migration'`,
  );
  await database.query(`truncate ${tables[0].tables}`);
}

/** Loads the files of a directory and expects every row of theirs to be accounted for. */
async function loadAndCount(files: readonly WrittenFile[], { refused }: Books, backfill = true): Promise<IngestReport> {
  // Rows without known_at count as known when they happened, in whichever load they come.
  const settings = { mapping: SOURCE, backfill, maxBad: 100, now: NOW };
  const report = await ingest(database, [dirname(files[0].path)], settings);
  expect(report.files.map(({ file, read, quarantined }) => ({ file, read, quarantined }))).toEqual(
    files.map(({ path, lines }) => ({
      file: path,
      read: lines.length,
      quarantined: lines.filter((line) => refused.includes(line)).length,
    })),
  );
  for (const { read, stored, duplicate, quarantined } of [...report.files, report.total])
    expect(stored + duplicate + quarantined).toBe(read);
  expect(report.total.read).toBe(files.flatMap(({ lines }) => lines).length);
  return report;
}

async function quarantine(): Promise<string[]> {
  return (await quarantined(database)).map(({ file, line }) => `${file}:${line}`).sort();
}

function refusedIn(files: readonly WrittenFile[], { refused }: Books): string[] {
  return files
    .flatMap(({ path, lines, numbers }) =>
      lines.flatMap((line, i) => (refused.includes(line) ? [`${path}:${numbers[i]}`] : [])),
    )
    .sort();
}

/** Expects the store to tell of each cutoff what the books tell of it, to the last bit. */
async function expectClean(books: Books, seen = { atRisk: 0, unknown: 0, known: 0 }): Promise<void> {
  const facts = factsIn(database, 'USD');
  const program = { ...DECLARED, tracking: await facts.tracking() };
  const table = await buildFeatures(view, { facts, program, watermark: NOW, latestAsOf: NOW, threads: 1 }, CUTOFFS);
  for (const cutoff of CUTOFFS) {
    expect(sorted(await factsAt(cutoff))).toEqual(sorted(cleanFactsAt(books, cutoff)));
    expect(trackedAt(program, cutoff)).toEqual(trackedAt(programAt(books, cutoff), cutoff));
    const clean = featuresAt(books, cutoff, view);
    expect(
      rows(
        selectRows(
          table,
          rowsWhere(table, (row) => table.cutoffs[row] === cutoff),
        ),
      ),
    ).toEqual(rows(clean));
    for (const row of rows(clean)) {
      seen.atRisk += row.at_risk as number;
      for (const value of Object.values(row)) seen[Number.isNaN(value) ? 'unknown' : 'known']++;
    }
  }
}

/** Since when each kind is tracked, by what was known before a cutoff. */
function trackedAt({ tracking }: Program, cutoff: Instant): Record<string, Instant> {
  const since: Record<string, Instant> = {};
  for (const start of tracking.filter(({ knownBy }) => knownBy < cutoff))
    since[start.kind] = Math.min(since[start.kind] ?? Number.POSITIVE_INFINITY, start.since);
  return since;
}

interface Fact {
  partner: string;
  kind: string;
  happenedAt: Instant;
  value: number;
  currency: string | null;
}

/** The versions of events that stand as of a day, those announced for later included, as they are read back. */
async function factsAt(cutoff: Instant): Promise<Fact[]> {
  const found: Fact[] = [];
  for await (const columns of factsIn(database, 'USD').ranges(cutoff)) {
    columns.partners.forEach((partner, p) => {
      for (let row = columns.offsets[p]; row < columns.offsets[p + 1]; row++) {
        if (columns.replacedAt[row] < cutoff) continue;
        found.push({
          partner,
          kind: columns.kinds[columns.kind[row]],
          happenedAt: columns.happenedAt[row],
          value: columns.value[row],
          currency: columns.currencies[columns.currency[row]] ?? null,
        });
      }
    });
  }
  return found;
}

function cleanFactsAt(books: Books, cutoff: Instant): Fact[] {
  return standingAt(books, cutoff)
    .filter(({ input }) => input === 'events')
    .map(({ fields: { partner_id, kind, happened_at, value, currency } }) => ({
      partner: partner_id,
      kind,
      happenedAt: Date.parse(happened_at),
      // No rate is loaded: other money is unknown.
      value: value && currency !== 'EUR' ? Number(value) : Number.NaN,
      currency: currency || null,
    }));
}

function sorted(facts: readonly Fact[]): string[] {
  return facts.map((fact) => JSON.stringify(fact)).sort();
}

/** A table row by row, for a failure that can be read. */
function rows(table: FeatureTable): Record<string, string | number>[] {
  return table.entities.map((partner, row) => ({
    partner,
    at_risk: table.atRisk[row],
    ...Object.fromEntries(table.names.map((name, i) => [name, table.columns[i][row]])),
  }));
}
