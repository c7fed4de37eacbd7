import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDay } from '../../features/index.ts';
import { canonicalMapping, ingest, runDaily, simulate } from '../../pipelines/index.ts';
import type { Database } from '../../store/index.ts';
import { contextOn } from './context.ts';
import { openDatabase } from './databases.ts';

/** The day as of which `scoredStore` has been scored, and the hour at which it was. */
const SCORED = parseDay('2025-01-01');
export const SCORED_AT = SCORED + 6 * 3_600_000;

/** A store with a small made-up program, loaded and scored once. */
export async function scoredStore(settings: Record<string, unknown> = {}): Promise<Database> {
  const database = await openDatabase();
  const directory = mkdtempSync(join(tmpdir(), 'partnercast-scored-'));
  await simulate({ partners: 150, months: 22, seed: 3, end: SCORED }, directory);
  const context = contextOn(database, SCORED_AT, settings);
  await ingest(database, [directory], { mapping: canonicalMapping(), backfill: false, maxBad: 0, now: context.now });
  rmSync(directory, { recursive: true, force: true });
  await runDaily(context, SCORED, SCORED, { send: false, again: false });
  return database;
}
