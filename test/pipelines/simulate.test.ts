import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, parseDay } from '../../features/index.ts';
import { metricNamed, rank } from '../../models/index.ts';
import { simulate, type WorldSettings } from '../../pipelines/index.ts';

const WORLD: WorldSettings = { partners: 300, months: 24, seed: 11, end: parseDay('2025-01-01') };

describe('a simulated world', () => {
  const made: string[] = [];
  async function make(world: WorldSettings): Promise<string> {
    const directory = mkdtempSync(join(tmpdir(), 'partnercast-world-'));
    made.push(directory);
    await simulate(world, directory);
    return directory;
  }
  const digest = (directory: string) =>
    ['partners.csv', 'agreements.csv', 'events.csv', 'truth/partners.csv'].map((name) =>
      createHash('sha256')
        .update(readFileSync(join(directory, name)))
        .digest('hex'),
    );
  const read = (directory: string, name: string): Record<string, string>[] =>
    parse(readFileSync(join(directory, name)), { columns: true });
  let world: string;

  beforeAll(async () => {
    world = await make(WORLD);
  });
  afterAll(() => {
    for (const directory of made) rmSync(directory, { recursive: true, force: true });
  });

  it('is the same to the byte for the same seed, and another for another', async () => {
    expect(digest(await make(WORLD))).toEqual(digest(world));
    expect(digest(await make({ ...WORLD, seed: 12 }))).not.toEqual(digest(world));
  });

  it('keeps every partner as it is when there are more of them', async () => {
    const larger = await make({ ...WORLD, partners: 310 });
    expect(
      readFileSync(join(larger, 'events.csv'), 'utf8').startsWith(readFileSync(join(world, 'events.csv'), 'utf8')),
    ).toBe(true);
  });

  it('has the files of a CRM, with the truth apart', () => {
    expect(readdirSync(world).sort()).toEqual(['agreements.csv', 'events.csv', 'partners.csv', 'truth']);
    expect(read(world, 'partners.csv')).toHaveLength(300);
    expect(new Set(read(world, 'partners.csv').map(({ name }) => name)).size).toBe(300);
  });

  it('holds nothing that was not on record at its end', () => {
    for (const { happened_at, known_at } of read(world, 'events.csv')) {
      expect(Date.parse(known_at)).toBeLessThan(WORLD.end);
      expect(Date.parse(happened_at)).toBeLessThanOrEqual(Date.parse(known_at));
    }
  });

  it('has partners that never sell, that never log in, that were ended by us and that merged', () => {
    const kinds = new Map<string, Set<string>>();
    for (const { partner_id, kind } of read(world, 'events.csv'))
      kinds.set(partner_id, (kinds.get(partner_id) ?? new Set()).add(kind));
    const each = [...kinds.values()];
    expect(each.filter((of) => !of.has('deal.registered') && of.has('portal.login')).length).toBeGreaterThan(5);
    expect(each.filter((of) => of.has('deal.registered') && !of.has('portal.login')).length).toBeGreaterThan(5);
    const reasons = new Set(read(world, 'agreements.csv').map(({ end_reason }) => end_reason));
    expect(reasons).toEqual(new Set(['', 'partner', 'vendor', 'merged']));
  });

  it('tells the true hazard: it foretells who goes quiet, and is right on average', () => {
    const business = new Set(['deal.registered', 'deal.won', 'lead.accepted']);
    const days = new Map<string, number[]>();
    for (const { partner_id, kind, happened_at } of read(world, 'events.csv')) {
      if (business.has(kind)) days.set(partner_id, [...(days.get(partner_id) ?? []), Date.parse(happened_at)]);
    }
    const rows = read(world, 'truth/partners.csv').flatMap(({ partner_id, cutoff, true_hazard_90 }) => {
      const at = parseDay(cutoff);
      const own = days.get(partner_id) ?? [];
      const atRisk = own.filter((t) => t < at).length >= 3 && own.some((t) => t < at && t >= at - 90 * DAY);
      if (!atRisk || at + 90 * DAY > WORLD.end) return [];
      return [{ p: Number(true_hazard_90), y: Number(!own.some((t) => t >= at && t < at + 90 * DAY)) }];
    });
    const probabilities = Float64Array.from(rows, ({ p }) => p);
    const outcomes = Uint8Array.from(rows, ({ y }) => y);
    const ones = new Float64Array(rows.length).fill(1);
    expect(metricNamed('auc').compute(rank(probabilities, outcomes), ones)).toBeGreaterThan(0.8);
    const said = probabilities.reduce((sum, p) => sum + p, 0) / rows.length;
    const happened = outcomes.reduce((sum, y) => sum + y, 0) / rows.length;
    // Deals in the works are left out of the truth, so it says a little too much.
    expect(Math.abs(said - happened)).toBeLessThan(0.04);
  });
});
