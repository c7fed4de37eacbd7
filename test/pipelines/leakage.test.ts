import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, parseDay, views } from '../../features/index.ts';
import { scoringModels } from '../../models/index.ts';
import {
  buildFeatures,
  canonicalMapping,
  ingest,
  programFacts,
  scoreModel,
  simulate,
  trainModel,
} from '../../pipelines/index.ts';
import { storedVersion } from '../../store/index.ts';
import { contextOn } from '../helpers/context.ts';
import { drivers } from '../helpers/databases.ts';

const END = parseDay('2025-01-01');
const AS_OF = END - 40 * DAY;
const [model] = scoringModels;
const SETTINGS = { mapping: canonicalMapping(), backfill: false, maxBad: 0 };

describe.each(drivers.map((driver) => [driver.name, driver] as const))(
  'what became known later, on %s',
  (_, driver) => {
    let directory: string;

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'partnercast-leak-'));
      await simulate({ partners: 120, months: 24, seed: 5, end: END }, directory);
    });
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    it('changes no feature, no model and no score of a day before, to the last bit', async () => {
      const database = await driver.open();
      const context = contextOn(database, END + 12 * 3_600_000);
      await ingest(database, [directory], { ...SETTINGS, now: context.now });
      const before = await everything();

      expect(before.scores.some(({ valueAtRiskMinor }) => valueAtRiskMinor)).toBe(true);

      const late = { 'events-late.csv': lateFacts(), 'fx_rates-late.csv': lateRates() };
      const files = Object.entries(late).map(([name, text]) => {
        const path = join(directory, name);
        writeFileSync(path, text);
        return path;
      });
      const { total } = await ingest(database, files, { ...SETTINGS, now: context.now });
      expect(total.stored).toBeGreaterThan(1000);
      for (const path of files) rmSync(path);
      context.now += 60_000;

      expect(await everything()).toEqual(before);
      await database.close();

      async function everything() {
        const source = await programFacts(context);
        const table = await buildFeatures(views[0], source, [AS_OF]);
        const trained = await trainModel(context, model, AS_OF);
        const { scores, version } = await scoreModel(context, model, AS_OF);
        const stored = await storedVersion(database, model.name, version);
        const bits = table.columns.map((values) =>
          Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64'),
        );
        return {
          trained: trained.version,
          card: trained.card,
          version,
          text: stored?.text,
          names: table.names,
          entities: table.entities,
          bits,
          scores,
        };
      }
    }, 240_000);
  },
);

/** Rates twice what they were taken for, of the days before, known from the day on. */
function lateRates(): string {
  const day = (instant: number) => new Date(instant).toISOString().slice(0, 10);
  const rows = ['currency,day,rate,known_at'];
  for (let age = 1; age <= 500; age++) {
    const known = day(AS_OF + (age % 30) * DAY);
    rows.push(`EUR,${day(AS_OF - age * DAY)},2.2,${known}`, `GBP,${day(AS_OF - age * DAY)},2.5,${known}`);
  }
  return `${rows.join('\n')}\n`;
}

/** For every partner: old history known late, a correction known late, and things that happened later. */
function lateFacts(): string {
  const day = (instant: number) => new Date(instant).toISOString();
  const rows = ['event_id,partner_id,kind,happened_at,known_at,contact_id,product,value,currency'];
  for (let p = 1; p <= 120; p++) {
    const id = `P${String(p).padStart(5, '0')}`;
    for (let i = 0; i < 9; i++) {
      rows.push(
        `late-${i},${id},deal.registered,${day(AS_OF - (i * 70 + 1) * DAY)},${day(AS_OF + i * DAY)},someone,Other,,`,
      );
    }
    rows.push(`E-${id}-1,${id},portal.login,${day(AS_OF - 5 * DAY)},${day(AS_OF + DAY)},,,,`);
    rows.push(`new-1,${id},deal.won,${day(AS_OF + 2 * DAY)},${day(AS_OF + 2 * DAY)},,,900,EUR`);
  }
  rows.push(`e1,stranger,deal.registered,${day(AS_OF - 500 * DAY)},${day(AS_OF)},,,,`);
  return `${rows.join('\n')}\n`;
}
