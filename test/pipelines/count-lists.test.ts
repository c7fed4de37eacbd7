import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, type Instant, parseDay } from '../../features/index.ts';
import {
  type ClassListResult,
  classScoringModels,
  maturityDays,
  type Panel,
  type PanelLabel,
  scoringModels,
} from '../../models/index.ts';
import { countClassLists, countLists } from '../../pipelines/count-lists.ts';
import { canonicalMapping, ingest, programFacts, simulate } from '../../pipelines/index.ts';
import { buildPanel, trainingCutoffs } from '../../pipelines/panel.ts';
import { type Database, scoreboardOf } from '../../store/index.ts';
import { contextOn, type TestContext } from '../helpers/context.ts';
import { openDatabase } from '../helpers/databases.ts';

const END = parseDay('2025-01-01');
const [trajectory] = classScoringModels;
const UNKNOWN = 255;

/** The outcomes of a panel's only moment at one cutoff, by partner, by the way that training takes. */
function outcomesAt({ table, outcomes: [outcomes] }: Panel<PanelLabel>, cutoff: Instant): [string, number][] {
  return [...table.entities.keys()]
    .filter((row) => table.cutoffs[row] === cutoff)
    .map((row) => [table.entities[row], outcomes[row]]);
}

describe('lists whose time is over', () => {
  let database: Database;
  let context: TestContext;

  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'partnercast-counted-'));
    await simulate({ partners: 120, months: 36, seed: 5, end: END }, directory);
    database = await openDatabase();
    context = contextOn(database, END);
    await ingest(database, [directory], { mapping: canonicalMapping(), backfill: false, maxBad: 0, now: END });
    rmSync(directory, { recursive: true, force: true });
  }, 120_000);
  beforeEach(() => database.query('truncate scoreboard, publication, score, class_score, model_version'));
  afterAll(() => database.close());

  async function published(model: string, version: string, asOf: Instant): Promise<void> {
    await database.query(
      'insert into publication (model, as_of, version, watermark, scored, published_at) values ($1, $2, $3, $2, 0, $2)',
      [model, new Date(asOf), version],
    );
  }

  async function publish(model: string, asOf: Instant, entities: readonly string[], probability: number) {
    await published(model, 'v', asOf);
    await database.query(
      `insert into score (entity_id, model, version, as_of, horizon_days, probability, low, high, band, listed, action,
         reasons, missing, evidence, inputs_digest)
       select entity, $2, 'v', $3, 90, $4, $4, $4, 'low', false, '', '[]', '[]', '{}', '' from unnest($1::text[]) as entity`,
      [entities, model, new Date(asOf), probability],
    );
  }

  /** Everyone is said to leave by .2, to stagnate by .5, to grow by .3, by a version that had learnt a label. */
  async function publishClasses(version: string, label: string, asOf: Instant, entities: readonly string[]) {
    await published(trajectory.name, version, asOf);
    await database.query(
      `insert into model_version (model, version, trained_until, parameters, checksum, card, created_at)
       values ($1, $2, $3, '', '', $4::jsonb, $3)`,
      [trajectory.name, version, new Date(asOf), JSON.stringify({ label: { name: label } })],
    );
    await database.query(
      `insert into class_score (entity_id, model, version, as_of, horizon_days, classes, probabilities, lows, highs,
         likeliest, toward, rather_than, reasons, missing, evidence, inputs_digest)
       select entity, $2, $3, $4, 180, '{churn,stagnate,grow}', '{.2,.5,.3}', '{0,0,0}', '{1,1,1}', 'stagnate', 'grow',
         'churn', '[]', '[]', '{}', '' from unnest($1::text[]) as entity`,
      [entities, trajectory.name, version, new Date(asOf)],
    );
  }

  it.each(scoringModels)('of $name are counted by the outcomes that training would learn from', async (model) => {
    const source = await programFacts(context);
    const days = [120, 60, 0].map((before) => END - (maturityDays(model.label) + before) * DAY);
    const panel = await buildPanel(model, source, [...trainingCutoffs(model, source, END), ...days], [END]);
    const outcomes = days.map((day) => outcomesAt(panel, day));
    for (const [i, day] of days.entries()) {
      const entities = outcomes[i].map(([entity]) => entity);
      await publish(model.name, day, entities, 0.25);
    }
    const rows = await countLists(context, model, END);
    const known = outcomes.map((ofDay) => ofDay.filter(([, outcome]) => outcome !== UNKNOWN).length);
    const hits = outcomes.map((ofDay) => ofDay.filter(([, outcome]) => outcome === 1).length);
    expect(rows.map(({ result: { everyone } }) => [everyone.settled, everyone.hits, everyone.expected])).toEqual(
      days.map((_, i) => [known[i], hits[i], known[i] / 4]),
    );
    expect(Math.max(...hits)).toBeGreaterThan(0);
    expect(hits).not.toEqual(known);
  });

  it('of classes are counted class by class, by the label that their version had learnt', async () => {
    const source = await programFacts(context);
    const days = trajectory.labels.map((_, i) => END - (200 + i) * DAY);
    const counted: number[][] = [];
    for (const [i, label] of trajectory.labels.entries()) {
      const panel = await buildPanel({ ...trajectory, label }, source, [days[i]], [END]);
      const outcomes = outcomesAt(panel, days[i]);
      await publishClasses(
        `v${i}`,
        label.name,
        days[i],
        outcomes.map(([entity]) => entity),
      );
      counted.push([0, 1, 2].map((k) => outcomes.filter(([, outcome]) => outcome === k).length));
    }
    // Nobody knows what a version was asked that is not registered any more: its list is left as it is.
    await published(trajectory.name, 'deleted', END - 210 * DAY);
    await publishClasses('young', trajectory.label.name, END - 179 * DAY, []);

    const rows = await countClassLists(context, trajectory, END);
    expect(rows.map(({ version, asOf }) => [version, asOf])).toEqual(days.map((day, i) => [`v${i}`, day]));
    expect(rows.map(({ result }) => result.classes.map(({ hits }) => hits))).toEqual(counted);
    for (const [i, { result }] of rows.entries()) {
      expect(result.likeliest.hits).toBe(counted[i][1]);
      expect(result.classes[2].expected).toBeCloseTo(0.3 * result.likeliest.settled, 9);
    }
    expect(Math.min(...counted.flat())).toBeGreaterThan(0);
    const kept = await scoreboardOf<ClassListResult>(database, trajectory.name, 10);
    expect(kept).toEqual(rows);
    expect(await countClassLists(context, trajectory, END)).toEqual([]);
  });
});
