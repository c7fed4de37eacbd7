import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  completeTable,
  type EventColumns,
  type FactSource,
  FeatureRows,
  type FeatureTable,
  type FeatureView,
  type History,
  type Instant,
  type Program,
  views,
  visitHistories,
} from '../../features/index.ts';
import { buildFeatures } from '../../pipelines/features.ts';
import { cpuSeconds, factsOf, kindsIn, programOf, readPartners } from './event-files.ts';
import { writeTable } from './table-files.ts';
import { windowView } from './window-view.ts';

/*
 * A process of its own that computes features from event files and tells what they took, as one line of JSON:
 * `our-features.ts ORDER`, an order being JSON itself.
 */

/** What is asked for. */
export interface Order {
  /** Where partners.csv is. */
  files: string;
  /** Where the event files are. */
  columns: string;
  cutoffs: Instant[];
  /** The peer's features as one table or in batches that are written and let go of, or all features of the product. */
  what: 'windows' | 'windows in batches' | 'product';
  threads: number;
  /** Where to write the table, after the time is taken, or its batches; null for nowhere. */
  out: string | null;
}

/** What it took, reading apart. */
export interface Took {
  cpu: number;
  wall: number;
  /** The same again in the same process, whose threads are there and whose code is compiled; of the product only. */
  wallAgain: number | null;
  readCpu: number;
  megabytes: number;
  rows: number;
  features: number;
}

async function take(order: Order): Promise<Took> {
  const facts = factsOf(order.columns, readPartners(order.files));
  const last = Math.max(...order.cutoffs);
  const isProduct = order.what === 'product';
  // Threads read nothing: with several of them, all columns are there before the time is taken.
  const source = isProduct ? await held(facts, last) : facts;
  const [cpu, wall, readBefore] = [cpuSeconds(), performance.now(), facts.seconds];
  const { rows, features, table } = await work(order, source);
  const readCpu = facts.seconds - readBefore;
  const took = {
    cpu: cpuSeconds() - cpu - readCpu,
    wall: (performance.now() - wall) / 1000,
    wallAgain: null,
    readCpu: facts.seconds,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    rows,
    features,
  };
  if (table && order.out) write(table, order, order.out);
  return isProduct ? { ...took, wallAgain: await secondsOf(order, await held(facts, last)) } : took;
}

async function secondsOf(order: Order, source: FactSource): Promise<number> {
  const wall = performance.now();
  await work(order, source);
  return (performance.now() - wall) / 1000;
}

interface Done {
  rows: number;
  features: number;
  table?: FeatureTable;
}

async function work(order: Order, facts: FactSource): Promise<Done> {
  const program = programOf(order.columns);
  if (order.what === 'product') {
    const source = { facts, program, watermark: 0, latestAsOf: 0, threads: order.threads };
    const table = await buildFeatures(views[0], source, order.cutoffs);
    return { rows: table.cutoffs.length, features: table.names.length };
  }
  const view = windowView(kindsIn(order.columns));
  if (order.what === 'windows in batches') {
    const rows = await writeBatches(
      view,
      windowParts(view, order, facts, program),
      join(order.out ?? '.', 'batches.bin'),
    );
    return { rows, features: view.features.length };
  }
  const rows = new FeatureRows(view, (await facts.partners()) * order.cutoffs.length);
  const add = adding(rows, view);
  for await (const columns of facts.ranges(Math.max(...order.cutoffs))) {
    visitHistories(columns, program, order.cutoffs, add);
  }
  const { table } = completeTable(view, [rows.taken()]);
  return { rows: table.cutoffs.length, features: table.names.length, table };
}

/** As `buildFeatures` does it, which only knows the views of the product; of the rows at risk, as the peer's. */
function adding(rows: FeatureRows, view: FeatureView): (history: History) => void {
  return (history) => {
    if (view.atRisk(history)) rows.add(history, true);
  };
}

async function* windowParts(
  view: FeatureView,
  order: Order,
  facts: FactSource,
  program: Program,
): AsyncGenerator<FeatureTable> {
  for await (const columns of facts.ranges(Math.max(...order.cutoffs))) {
    const rows = new FeatureRows(view, columns.partners.length * order.cutoffs.length);
    visitHistories(columns, program, order.cutoffs, adding(rows, view));
    yield rows.taken();
  }
}

/** Writes the columns of each range of partners and lets go of them; returns how many rows there were. */
async function writeBatches(view: FeatureView, parts: AsyncIterable<FeatureTable>, path: string): Promise<number> {
  const file = openSync(path, 'w');
  let rows = 0;
  for await (const part of parts) {
    const { table } = completeTable(view, [part]);
    for (const column of table.columns) writeSync(file, column);
    rows += table.cutoffs.length;
  }
  closeSync(file);
  return rows;
}

/** The same facts, all of them read. */
async function held(facts: FactSource, knownBefore: Instant): Promise<FactSource> {
  const all: EventColumns[] = [];
  for await (const columns of facts.ranges(knownBefore)) all.push(columns);
  return {
    ...facts,
    async *ranges() {
      yield* all;
    },
  };
}

function write(rows: FeatureTable, { cutoffs }: Order, out: string): void {
  const numbers = new Map(cutoffs.map((cutoff, number) => [cutoff, number]));
  const keys = new Int32Array(2 * rows.entities.length);
  rows.entities.forEach((id, row) => {
    keys[2 * row] = numbers.get(rows.cutoffs[row]) ?? -1;
    keys[2 * row + 1] = Number(id.slice(1));
  });
  writeTable(out, rows.names, keys, rows.columns);
}

const took = await take(JSON.parse(process.argv[2]) as Order);
process.stdout.write(`${JSON.stringify(took)}\n`);
